package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

//go:embed ui/package-lock.json
var lock string

// hostile is a text that tries to be something else.
const hostile = "</script><script>alert(1)</script><img src=x onerror=y>\u2028\u2029<!-- ' \" ` {{.}} ${x} &lt; `a` `b"

func modelOf(s string) *Model {
	one := 1.0
	return &Model{
		Tool: s, Title: s, Span: s, Source: s, Cover: s,
		Score:   &Score{Grade: "A", Value: s, Over: s, Also: s, Before: s},
		Grades:  []Count{{"A", 1}},
		Figures: []Figure{{Name: s, Value: s, Note: s, Before: s, Tone: "bad"}},
		Load:    &Load{Noun: s, Zone: s, Most: 2, Says: s, Parts: []string{s}, Shifts: []Shift{{Name: s, Parts: []int{1}}}},
		Since:   []string{s, s},
		Groups:  &Table{Caption: s, Head: []string{s, s}, Right: []bool{false, true}, Rows: [][]string{{s, s}}},
		Changes: []Change{{Name: s, Saves: s, Costs: s, Because: s, Do: s, Check: s, Place: s}},
		More:    2,
		Columns: []Column{{Key: "score", Title: s, Help: s}},
		Rows:    []Row{{ID: s, Name: s, Under: s, Grade: "A", Urgency: s, Owner: s, State: "fired", Cells: []string{s}, Sort: []*float64{&one}, Spark: []int{1}, Also: s}},
		Details: []Detail{{Facts: []Pair{{s, s}}, Source: &Source{Place: s, Lines: []Line{{N: 1, Text: s}}}}},
		SLIs:    &Table{Caption: s, Head: []string{s, s}, Rows: [][]string{{s, s}}, Marks: []string{""}},
		SLINote: s,
		Others:  []Other{{Finding{Check: s, Severity: "error", Message: s, Advice: s}, s}},
		Notes:   []Note{{s, s}},
	}
}

// TestTextStaysText: whatever a model says, the page has the elements and the
// attributes of its layout, and its scripts are those that it allows.
func TestTextStaysText(t *testing.T) {
	for _, charts := range []string{"", "globalThis.crywolfCharts = {};"} {
		plain, _ := shapeOf(t, modelOf("plain"), charts)
		shape, root := shapeOf(t, modelOf(hostile), charts)
		require.Equal(t, plain, shape)
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == "script" {
				text := n.FirstChild.Data
				kind := attribute(n, "type")
				if kind == "application/json" {
					require.True(t, json.Valid([]byte(text)))
					require.NotContains(t, text, "<")
					continue
				}
				require.Empty(t, kind)
				sum := sha256.Sum256([]byte(text))
				require.Contains(t, policyOf(root), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
			}
		}
	}
}

// shapeOf is a page without its texts.
func shapeOf(t *testing.T, m *Model, charts string) (shape string, root *html.Node) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b, m, charts))
	root, err := html.Parse(&b)
	require.NoError(t, err)
	var out strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if n.Data == "code" {
				continue // what stands in backticks
			}
			fmt.Fprintf(&out, "<%s", n.Data)
			for _, a := range n.Attr {
				fmt.Fprintf(&out, " %s", a.Key)
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s %s>", n.Data, a.Key)
				}
				if (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
			out.WriteString(">\n")
		case html.CommentNode:
			t.Errorf("a comment: %q", n.Data)
		}
	}
	return out.String(), root
}

func policyOf(root *html.Node) string {
	for n := range root.Descendants() {
		if n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" {
			return attribute(n, "content")
		}
	}
	return ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestPolicyForbidsTheNetwork names what a page may do at all.
func TestPolicyForbidsTheNetwork(t *testing.T) {
	_, root := shapeOf(t, modelOf("x"), "1;")
	require.Regexp(t, `^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'$`, policyOf(root))
}

// TestWithoutCharts: the numbers stand where the charts would.
func TestWithoutCharts(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, write(&b, modelOf("x"), ""))
	require.Contains(t, b.String(), `class="no-charts"`)
	require.Contains(t, b.String(), `<details open>`)
	b.Reset()
	require.NoError(t, write(&b, modelOf("x"), "1;"))
	require.NotContains(t, b.String(), `<details open>`)
	b.Reset()
	require.NoError(t, write(&b, &Model{}, ""), "nothing at all")
}
