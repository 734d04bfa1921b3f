package report

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// GitHub refuses a file beyond these limits as a whole.
const (
	sarifResults = 25_000     // in a run; the worst 5,000 are shown
	sarifBytes   = 10_000_000 // of the compressed file
	sarifText    = 1024       // characters of a description
	sarifRelated = 100        // other places of a result that are shown
)

// SARIF writes SARIF 2.1.0, as GitHub's code scanning and editors read it.
// Columns count UTF-16 code units: what SARIF assumes of a file that says
// nothing, and so what readers that never look expect.
type SARIF struct{}

// Write implements Format.
func (SARIF) Write(w io.Writer, r *Report) error {
	fs := worst(r)
	for n := min(len(fs), sarifResults); ; n /= 2 {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(sarifOf(r, fs[:n], len(fs)-n)); err != nil {
			return err
		}
		if n == 0 || compressed(b.Bytes()) <= sarifBytes {
			_, err := w.Write(b.Bytes())
			return err
		}
	}
}

// compressed is an upper bound of how large the text is once compressed.
func compressed(b []byte) int {
	if len(b) <= sarifBytes {
		return len(b)
	}
	var n counter
	z, err := gzip.NewWriterLevel(&n, gzip.BestSpeed)
	if err != nil {
		return len(b)
	}
	if _, err := z.Write(b); err != nil || z.Close() != nil {
		return len(b)
	}
	return int(n)
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

var semantic = regexp.MustCompile(`^v?(\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?)$`)

// sarifOf is the log of some findings; so many more were cut.
func sarifOf(r *Report, fs []*analyze.Finding, cut int) sarifLog {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "crywolf", Version: r.ToolVersion, InformationURI: "https://github.com/crywolf-dev/crywolf", Rules: []sarifRule{},
		}},
		Automation:  sarifAutomation{"crywolf/" + r.Command + "/"}, // a category, with a run that has no name
		Invocations: []sarifInvocation{invocationOf(r, cut)},
		Bases:       map[string]sarifBase{sarifRoot: {sarifMessage{Text: "The root of the repository."}}},
		ColumnKind:  "utf16CodeUnits",
		Newlines:    []string{"\r\n", "\n", "\r"},
		Results:     []sarifResult{},
	}
	if m := semantic.FindStringSubmatch(r.ToolVersion); m != nil {
		run.Tool.Driver.SemanticVersion = m[1]
	}
	index := map[string]int{}
	rule := func(id string, c *analyze.Check) {
		if _, ok := index[id]; !ok {
			index[id] = len(index)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(id, c))
		}
	}
	for _, c := range r.Result.Checks {
		rule(c.ID, c)
	}
	for _, f := range fs {
		rule(f.Check, checkOf(r.Result, f.Check))
		run.Results = append(run.Results, r.sarifResult(f, index[f.Check]))
	}
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func invocationOf(r *Report, cut int) sarifInvocation {
	i := sarifInvocation{Successful: true}
	note := func(level, text string) {
		i.Notifications = append(i.Notifications, sarifNotification{level, sarifMessage{Text: linkless(clip(sanitize(text), mostText))}})
	}
	for _, f := range r.Result.Set.Files {
		for _, p := range f.Problems {
			i.Successful = i.Successful && p.Kind != rules.Unreadable
		}
	}
	if cut > 0 {
		note("warning", fmt.Sprintf("%s less severe left out: GitHub takes no more than %s of a run, and %s bytes compressed.",
			count(cut, "finding"), thousands(sarifResults), thousands(sarifBytes)))
	}
	for _, t := range r.Result.Told() {
		note("note", "configured: "+t)
	}
	for _, a := range r.Result.Assumptions() {
		note("note", "assumed: "+a)
	}
	for _, h := range r.Hints {
		note("note", h)
	}
	return i
}

// sarifRuleOf describes a check. Precision follows the severity, as that of a
// check follows its precision.
func sarifRuleOf(id string, c *analyze.Check) sarifRule {
	if c == nil {
		c = &analyze.Check{ID: id, Severity: analyze.Warning, Doc: analyze.Doc{Title: id}}
	}
	_, name, _ := strings.Cut(id, "/")
	var pascal strings.Builder
	for _, word := range strings.Split(name, "-") {
		pascal.WriteString(capital(word))
	}
	var page strings.Builder
	_ = CheckPage(&page, c) // a Builder does not fail
	title := sanitize(stop(capital(cmp.Or(c.Doc.Title, id))))
	return sarifRule{
		ID:      id,
		Name:    pascal.String(),
		Short:   sarifMessage{Text: clip(title, sarifText)},
		Full:    sarifMessage{Text: clip(strings.TrimSpace(title+" "+sanitize(c.Doc.Why)), sarifText)},
		HelpURI: pageOf(id),
		Help:    sarifMessage{Text: strings.TrimSpace(title + " " + sanitizeLines(c.Doc.Text)), Markdown: sanitizeLines(page.String())},
		Default: sarifLevel{sarifLevelOf(c.Severity)},
		Properties: sarifProperties{
			Precision: map[analyze.Severity]string{analyze.Error: "very-high", analyze.Warning: "high", analyze.Info: "medium"}[c.Severity],
			Problem:   map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning", analyze.Info: "recommendation"}[c.Severity],
			Tags:      []string{"alerting", string(c.Quality())},
		},
	}
}

func sarifLevelOf(s analyze.Severity) string {
	switch s {
	case analyze.Error:
		return "error"
	case analyze.Warning:
		return "warning"
	}
	return "note"
}

func (r *Report) sarifResult(f *analyze.Finding, index int) sarifResult {
	res := sarifResult{
		RuleID: f.Check, RuleIndex: index, Level: sarifLevelOf(f.Severity),
		Message:      sarifMessage{Text: linkless(said(f))},
		Locations:    []sarifLocation{},
		Fingerprints: map[string]string{"primaryLocationLineHash": f.Fingerprint + ":1"},
	}
	if file := r.home(f); file != nil {
		res.Locations = append(res.Locations, sarifLocation{Physical: r.physical(file, f.Span)})
	}
	if fix, ok := r.sarifFixOf(f); ok {
		res.Fixes = []sarifFix{fix}
	}
	for i, rel := range f.Related {
		if rel.File == nil || i == sarifRelated {
			break
		}
		message := rel.Message
		if message == "" && rel.Rule != nil {
			message = "`" + rel.Rule.Name() + "`"
		}
		at := sarifLocation{ID: i + 1, Physical: r.physical(rel.File, rel.Span)}
		if message != "" {
			at.Message = &sarifMessage{Text: linkless(clip(sanitize(message), mostText))}
		}
		res.Related = append(res.Related, at)
	}
	return res
}

const sarifRoot = "%SRCROOT%" // by the convention of its readers

func (r *Report) physical(f *rules.File, span rules.Span) sarifPhysical {
	at := regionOf(f, span, utf16Units)
	return sarifPhysical{
		Artifact: r.artifact(f),
		Region:   sarifRegion{StartLine: at.line, StartColumn: at.from, EndLine: at.line, EndColumn: at.to},
	}
}

func (r *Report) artifact(f *rules.File) sarifArtifact {
	path, inside := r.located(f.Path)
	a := sarifArtifact{URI: uriOf(path), Base: sarifRoot}
	if !inside {
		a.Base = ""
		if strings.HasPrefix(path, "/") {
			a.URI = "file://" + a.URI
		}
	}
	return a
}

// linkless keeps text from being a link: SARIF reads [text](target) as one,
// with no way to quote it that all of its readers know. Braces stay as they
// are: doubled, as the standard wants them for the sake of placeholders, they
// show doubled wherever messages are not run through their arguments first, and
// these have none.
func linkless(s string) string { return strings.ReplaceAll(s, "](", `]\(`) }

// sanitizeLines sanitizes text line by line.
func sanitizeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = sanitize(lines[i])
	}
	return strings.Join(lines, "\n")
}
