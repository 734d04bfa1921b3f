package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

var hostileTexts = []string{
	"plain",
	"\x1b[2J\x1b]0;pwned\a\r\nx\x00\x7f\u0085\u009b2J",
	"\u202egpj\u2066\u200b\ufeff",
	"a\n::error file=x::y\n::set-output name=a::b\r\n::stop-commands::c",
	"::error::x %0A::error::y%25 %3A,title=z",
	"##[error]x ##vso[task.x]y ##teamcity[z]",
	"<script>alert(1)</script><img src=x onerror=y></code></td></table>&lt;&#124;&amp;",
	"]]> <!-- --> <?xml?> <!DOCTYPE x [<!ENTITY a \"b\">]> &a; \ufffe \uffff",
	"a | b \\| c \\\\| d `e` ``f`` `g | **h** _i_ ~~j~~ # k\n\n| l |\n|---|\n\n```\nm",
	"[x](https://evil.test) [y][z] ![i](https://evil.test/i.png) <https://evil.test> https://evil.test www.evil.test",
	"@someone #12 GH-1 org/repo#3 a5c3785ed8d6a35868bc169f07e40e889087fd2e me@evil.test :smile:",
	"\xff\xfe\xc3( \xed\xa0\x80",
	"größe 温度 📏 e\u0301\u200d",
	"{0} {{1}} \\[x\\](3) \\",
	strings.Repeat("long ", 500),
	strings.Repeat("x]( ", 3000),
}

// hostileReport says the text in every place that rules and checks can fill.
func hostileReport(t testing.TB, s string) *Report {
	t.Helper()
	set := parse(t, map[string]string{
		"rules/" + s: "groups:\n- name: g\n  rules:\n  - alert: " + s + "\n    expr: a > 1 # " + s + "\n" + s,
		"good.yaml":  fewRules,
	})
	check := &analyze.Check{
		ID: "quiet/hasty", Severity: analyze.Warning, Points: 5, Whole: true, Doc: analyze.Doc{Title: s, Why: s, Text: s},
		Run: func(p *analyze.Pass) {
			p.EachFile(func(file *rules.File) {
				for line := 1; line <= min(file.Lines(), 7); line++ {
					span := spanOf(line, len(s)%7, len(s)%5)
					p.Report(analyze.Finding{
						File: file, Span: span, Message: "the text is " + s, Advice: "advice is " + s,
						Related: []analyze.Related{{File: file, Span: span, Message: s}},
					})
				}
			})
		},
	}
	r := reportOf(t, set, check)
	r.Hints = []string{s}
	return r
}

// seen is the text as it should show: sanitized, and cut.
func seen(s string) string { return clip(sanitize("The text is "+s), mostText) }

// TestHostileText reads each format back with a parser of its own, and finds
// the hostile text in it as nothing but text.
func TestHostileText(t *testing.T) {
	schema := sarifSchema(t)
	for _, s := range hostileTexts {
		holdHostile(t, schema, s)
	}
}

func FuzzFormats(f *testing.F) {
	for _, s := range hostileTexts {
		f.Add(s)
	}
	schema := sarifSchema(f)
	f.Fuzz(func(t *testing.T, s string) { holdHostile(t, schema, s) })
}

func holdHostile(t *testing.T, schema *jsonschema.Schema, s string) {
	t.Helper()
	r := hostileReport(t, s)
	r.Verbose = true
	for _, c := range Formats() {
		text := write(t, c.New(Screen{}), r)
		require.True(t, utf8.ValidString(text), c.Name)
		var says []string
		switch c.Name {
		case "json":
			says = readJSON(t, text, s)
		case "table":
			harmless(t, text)
			continue // which folds and wraps; FuzzTerminal looks closer
		case "sarif":
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(doc))
			for _, res := range acceptable(t, text, len(r.Result.Findings)).Results {
				says = append(says, strings.ReplaceAll(res.Message.Text, `]\(`, "]("))
			}
		case "github":
			says = readCommands(t, text)
		case "markdown":
			says = readMarkdown(t, text)
		case "gitlab":
			says = readGitLab(t, text)
		case "junit":
			says = readJUnit(t, text)
		case "html":
			says = readHTML(t, text)
		case "csv":
			readCSV(t, text, len(r.Cards))
			continue // which has no messages
		default:
			t.Fatalf("%s: a format that no test reads back", c.Name)
		}
		require.Len(t, says, len(r.Result.Findings), c.Name)
		for _, said := range says {
			if c.Name != "json" {
				harmless(t, said)
				want := seen(s)
				if c.Name == "html" { // which cuts sooner, and says where
					want = string([]rune(want)[:min(mostSaid/2, utf8.RuneCountInString(want))])
				}
				if c.Name == "markdown" || c.Name == "html" { // the quotes are code there
					said, want = strings.ReplaceAll(said, "`", ""), strings.ReplaceAll(want, "`", "")
				}
				require.Contains(t, said, want, c.Name)
			}
		}
	}
}

func readJSON(t *testing.T, text, s string) (says []string) {
	t.Helper()
	var doc document
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	for _, f := range doc.Findings {
		require.Equal(t, "the text is "+string([]rune(s)), f.Message)
		says = append(says, f.Message)
	}
	return says
}

// readCommands reads workflow commands as the runner does: a line that starts
// with two colons, the name up to a space, properties, two colons, the message.
func readCommands(t *testing.T, text string) (says []string) {
	t.Helper()
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines[:len(lines)-1] {
		command, data, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
		require.True(t, ok && strings.HasPrefix(line, "::"), line)
		kind, props, _ := strings.Cut(command, " ")
		require.Contains(t, []string{"error", "warning", "notice"}, kind)
		given := map[string]bool{}
		for _, p := range strings.Split(props, ",") {
			key, value, _ := strings.Cut(p, "=")
			require.Contains(t, []string{"file", "line", "endLine", "col", "endColumn", "title"}, key)
			require.False(t, given[key])
			given[key] = true
			harmless(t, unescapeCommand(value))
		}
		require.True(t, given["file"] && given["line"] && given["title"])
		says = append(says, unescapeCommand(data))
	}
	last := lines[len(lines)-1]
	require.True(t, strings.HasPrefix(last, "crywolf: "))
	require.NotContains(t, last, "##[")
	return says
}

func unescapeCommand(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(s)
}

func readGitLab(t *testing.T, text string) (says []string) {
	t.Helper()
	var issues []gitlabIssue
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&issues))
	seen := map[string]bool{}
	for _, i := range issues {
		require.False(t, seen[i.Fingerprint])
		seen[i.Fingerprint] = true
		require.Contains(t, []string{"info", "minor", "major", "critical", "blocker"}, i.Severity)
		require.NotEmpty(t, i.Location.Path)
		require.Positive(t, i.Location.Lines.Begin)
		harmless(t, i.Location.Path)
		says = append(says, i.Description)
	}
	return says
}

// junitAttributes are those that Jenkins's schema of JUnit has for what is
// written, and the elements that may stand in each.
var junitAttributes = map[string][]string{
	"testsuites": {"name", "tests", "failures", "errors", "time"},
	"testsuite":  {"name", "tests", "failures", "errors", "skipped", "time", "file", "id", "package", "hostname", "timestamp"},
	"testcase":   {"name", "classname", "time", "group"},
	"failure":    {"type", "message"},
	"skipped":    {"type", "message"},
}

func readJUnit(t *testing.T, text string) (says []string) {
	t.Helper()
	var within []string
	dec := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			allowed, ok := junitAttributes[e.Name.Local]
			require.True(t, ok, e.Name.Local)
			for _, a := range e.Attr {
				require.Contains(t, allowed, a.Name.Local)
				harmless(t, a.Value)
				if a.Name.Local == "message" {
					says = append(says, a.Value)
				}
			}
			within = append(within, e.Name.Local)
			require.Equal(t, []string{"testsuites", "testsuite", "testcase"}[:min(3, len(within))], within[:min(3, len(within))])
		case xml.EndElement:
			within = within[:len(within)-1]
		case xml.Comment, xml.Directive:
			t.Fatalf("%T in %s", e, text)
		}
	}
	return says
}

// readMarkdown renders it as GitHub does, with HTML left in, and looks at what
// comes out.
func readMarkdown(t *testing.T, text string) (says []string) {
	t.Helper()
	var page bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(ghtml.WithUnsafe()))
	require.NoError(t, md.Convert([]byte(text), &page))
	root, err := html.Parse(&page)
	require.NoError(t, err)
	elements := strings.Fields("html head body h2 h3 p strong table tbody tr th td code a details summary ul li")
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			require.True(t, slices.Contains(elements, n.Data), "<%s> in %s", n.Data, page.String())
			for _, a := range n.Attr {
				require.True(t, n.Data == "a" && a.Key == "href" || (n.Data == "h2" || n.Data == "h3") && a.Key == "id", "%s of <%s>", a.Key, n.Data)
				require.True(t, n.Data != "a" || strings.HasPrefix(a.Val, pagesAt), a.Val)
			}
			if n.Data == "td" && n.NextSibling == nil {
				says = append(says, textOf(n))
			}
		case html.TextNode:
			if n.Parent.Data != "code" && n.Parent.Data != "a" {
				for _, word := range strings.Fields(n.Data) {
					require.False(t, lively.MatchString(word), "GitHub makes something of %q", word)
				}
			}
		case html.CommentNode, html.DoctypeNode, html.RawNode:
			t.Fatalf("a node that is no text: %q", n.Data)
		}
	}
	return says
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
