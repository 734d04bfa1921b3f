package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// mostAnnotations is how many annotations of a kind GitHub takes from one step;
// it drops the others without a word.
const mostAnnotations = 10

// GitHub writes workflow commands, which GitHub Actions turns into annotations
// beside the lines of a change: the worst of each kind, or all where the report
// is Verbose, and then how many there are. Columns count characters, the end
// column being the first after the region.
type GitHub struct{}

// Write implements Format.
func (GitHub) Write(w io.Writer, r *Report) error {
	var b bytes.Buffer
	fs := worst(r)
	written := map[analyze.Severity]int{}
	for _, f := range fs {
		if written[f.Severity] < mostAnnotations || r.Verbose {
			written[f.Severity]++
			b.WriteString(r.annotation(f))
		}
	}
	said := 0
	for _, n := range written {
		said += n
	}
	b.WriteString("crywolf: " + headline(r))
	if said < len(fs) {
		fmt.Fprintf(&b, "; annotated are the worst %s, as GitHub shows %d of a kind from a step: the others are in the job's summary, or here with --verbose",
			thousands(said), mostAnnotations)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func (r *Report) annotation(f *analyze.Finding) string {
	kind := map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning"}[f.Severity]
	if kind == "" {
		kind = "notice"
	}
	var b strings.Builder
	b.WriteString("::" + kind + " ")
	if file := r.home(f); file != nil {
		at := regionOf(file, f.Span, codePoints)
		fmt.Fprintf(&b, "file=%s,line=%d,endLine=%d,", commandProperty(r.pathIn(file)), at.line, at.line)
		if at.from > 0 {
			fmt.Fprintf(&b, "col=%d,endColumn=%d,", at.from, at.to)
		}
	}
	fmt.Fprintf(&b, "title=%s::%s\n", commandProperty(f.Check), commandData(said(f)))
	return b.String()
}

// commandData and commandProperty write sanitized text into a workflow command.
// Line breaks are visible escapes by then; what is left are the signs with a
// meaning.
func commandData(s string) string { return strings.ReplaceAll(sanitize(s), "%", "%25") }

var properties = strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C")

func commandProperty(s string) string { return properties.Replace(sanitize(s)) }

// headline says in a line how much was found, or that nothing was.
func headline(r *Report) string {
	fs := shown(r)
	if len(fs) == 0 {
		return nothing(r)
	}
	return fmt.Sprintf("%s in %s, %s: %s", count(len(fs), "finding"), count(len(r.Result.Alerts), "alert"),
		count(r.files(), "file"), severities(counted(fs)))
}

// nothing says what was read where nothing was found, so that silence is not
// mistaken for success.
func nothing(r *Report) string {
	if len(r.Result.Alerts) == 0 {
		return fmt.Sprintf("no alerts found in %s: nothing to judge", count(len(r.Result.Set.Files), "file"))
	}
	return fmt.Sprintf("%s in %s: nothing to report", count(len(r.Result.Alerts), "alert"), count(r.files(), "file"))
}
