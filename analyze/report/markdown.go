package report

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/score"
)

// MostSummary is how long a summary gets, in bytes: GitHub takes 1 MiB from a
// step, and drops a longer one as a whole.
const MostSummary = 1_000_000

// Markdown writes a summary of a run in GitHub's Markdown, for the page of a
// job or for a comment: the findings in a table, worst first, as many as there
// is room for. The table is one block of HTML, in which Markdown has no say:
// text from rule files needs no other quoting there than that of HTML.
type Markdown struct {
	Most int // bytes; 0 stands for a million
}

// Write implements Format.
func (m Markdown) Write(w io.Writer, r *Report) error {
	most := m.Most
	if most == 0 {
		most = MostSummary
	}
	if r.Command == Map {
		return writeMapMarkdown(w, mappingOf(r), most)
	}
	fs := worst(r)
	var b bytes.Buffer
	fmt.Fprintf(&b, "## crywolf %s\n\n%s\n", r.Command, strings.Join(markdownLead(r), " "))
	notes := markdownNotes(r)
	if r.Command == Review {
		if meeting := reviewNotes(r); b.Len()+len(meeting)+len(notes) < most/2 {
			b.WriteString(meeting)
		}
		if len(fs) > 0 {
			b.WriteString("\n### All findings\n")
		}
	}
	const rest = 200 // bytes for what was cut
	said := 0
	if len(fs) > 0 {
		table := "\n<table>\n<tr><th>severity</th><th>where</th><th>check</th><th>finding</th></tr>\n"
		const end = "</table>\n"
		b.WriteString(table)
		for _, f := range fs {
			row := r.markdownRow(f)
			if b.Len()+len(row)+len(end)+len(notes)+rest > most {
				break
			}
			b.WriteString(row)
			said++
		}
		b.WriteString(end)
	}
	if said < len(fs) {
		fmt.Fprintf(&b, "\n%s more, less severe, for which there is no room here.\n", count(len(fs)-said, "finding"))
	}
	b.WriteString(notes)
	_, err := w.Write(b.Bytes())
	return err
}

// markdownLead are the sentences before the table.
func markdownLead(r *Report) []string {
	lead := []string{"**" + capital(headline(r)) + ".**"}
	if r.Total.Alerts > 0 {
		mean := r.Total.Lead()
		lead = append(lead, fmt.Sprintf("Score %s, grade %s.", out(mean), score.GradeOf(mean)))
	}
	if n := r.failures(); n > 0 {
		lead = append(lead, "Failed by "+failing(r)+".")
	}
	return lead
}

func (r *Report) markdownRow(f *analyze.Finding) string {
	where := ""
	if file := r.home(f); file != nil {
		where = fmt.Sprintf("<code>%s</code>", html.EscapeString(fmt.Sprintf("%s:%d", sanitize(r.pathIn(file)), f.Position().Line)))
	}
	return fmt.Sprintf("<tr><td>%s</td><td>%s</td><td><a href=\"%s\">%s</a></td><td>%s</td></tr>\n",
		f.Severity, where, html.EscapeString(pageOf(f.Check)), html.EscapeString(sanitize(f.Check)), htmlText(said(f)))
}

// mostNotes is how many notes a summary has.
const mostNotes = 20

// markdownNotes say what the findings rest on.
func markdownNotes(r *Report) string {
	var notes []string
	for _, t := range r.Result.Told() {
		notes = append(notes, "configured: "+t)
	}
	for _, a := range r.Result.Assumptions() {
		notes = append(notes, "assumed: "+a)
	}
	notes = append(notes, r.setAside()...)
	return folded(append(notes, r.Hints...))
}

// folded is a list of notes, folded away.
func folded(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details>\n<summary>What this rests on</summary>\n<ul>\n")
	for i, n := range notes {
		if i == mostNotes {
			fmt.Fprintf(&b, "<li>and %d more</li>\n", len(notes)-i)
			break
		}
		fmt.Fprintf(&b, "<li>%s</li>\n", htmlText(clip(sanitize(n), 500)))
	}
	b.WriteString("</ul>\n</details>\n")
	return b.String()
}

// lively are words that GitHub makes something of, in HTML too: mentions,
// references to issues and commits, addresses and emoji. It leaves code alone.
var lively = regexp.MustCompile(`(?i)[@#]|://|www\.|\bgh-\d|:[a-z0-9_+-]+:|\b[0-9a-f]{7,40}\b`)

// htmlText writes sanitized text as HTML. What stands in backticks is code.
func htmlText(s string) string {
	var b strings.Builder
	code := func(s string) { b.WriteString("<code>" + html.EscapeString(s) + "</code>") }
	parts := strings.Split(s, "`")
	for i, part := range parts {
		switch {
		case i%2 == 1 && i < len(parts)-1:
			code(part)
			continue
		case i%2 == 1:
			part = "`" + part
		}
		for j, word := range strings.Split(part, " ") {
			if j > 0 {
				b.WriteByte(' ')
			}
			if lively.MatchString(word) {
				code(word)
			} else {
				b.WriteString(html.EscapeString(word))
			}
		}
	}
	return b.String()
}
