package report

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"slices"

	"github.com/crywolf-dev/crywolf/analyze"
)

// writeMapMarkdown writes a map for a meeting or a pull request: what is missing,
// a table for each SLI, and the pages that are about none, as many as there is
// room for. Tables are HTML, as in Markdown.
func writeMapMarkdown(w io.Writer, m *mapping, most int) error {
	var b bytes.Buffer
	lead := m.nothing()
	if len(m.Result.Alerts)+len(m.slis) > 0 {
		lead = m.counts()
	}
	fmt.Fprintf(&b, "## crywolf map\n\n**%s.**\n", capital(lead))
	if m.Result.Impact != nil {
		fmt.Fprintf(&b, "Measured from %s to %s UTC.\n", moment(m.Window.Start), moment(m.Window.End))
	}
	var notes []string
	for _, n := range m.notes() {
		notes = append(notes, n.lead+n.text)
	}
	tail := folded(notes)
	const rest = 200 // bytes for what was cut
	left := 0
	for _, block := range m.blocks() {
		if left == 0 {
			if text := block(); b.Len()+len(text)+len(tail)+rest <= most {
				b.WriteString(text)
				continue
			}
		}
		left++
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more, for which there is no room here.\n", count(left, "table"))
	}
	b.WriteString(tail)
	_, err := w.Write(b.Bytes())
	return err
}

// blocks are the tables of a map in Markdown, each to be made if there is room.
func (m *mapping) blocks() (out []func() string) {
	for _, g := range m.gaps() {
		out = append(out, func() string {
			b := mapTable("where", "what", "what to do")
			for _, f := range g.findings {
				b.row(code(m.pathOf(f)), htmlText(clip(sanitize(f.Message), mostText)), htmlText(clip(sanitize(f.Advice), mostText)))
			}
			return "\n### " + capital(g.title) + "\n" + b.end()
		})
	}
	for i := range m.slis {
		out = append(out, func() string {
			head := ""
			if i == 0 {
				head = "\n### SLIs\n"
			}
			return head + m.block(&m.slis[i])
		})
	}
	if slices.ContainsFunc(m.rest, isPage) {
		out = append(out, m.pagesBlock)
	}
	return out
}

func isPage(a mappedAlert) bool { return a.Urgency == analyze.UrgencyPage }

// pagesBlock is the table of the pages that are about no SLI.
func (m *mapping) pagesBlock() string {
	b := mapTable("stands for", "alert", "where", "why")
	for _, v := range verdicts {
		for _, a := range m.rest {
			if a.verdict.Verdict == v && isPage(a) {
				b.row(v.String(), code(sanitize(a.Rule.Name())), code(m.alertPlace(a.Alert)), htmlText(clip(sanitize(a.verdict.Evidence), mostText)))
			}
		}
	}
	return "\n### Pages about no SLI\n" + b.end()
}

// block is the table of an SLI.
func (m *mapping) block(of *mappedSLI) string {
	says := promise(of.SLI)
	if fared := of.fared(); fared != "" {
		says += "; " + fared
	}
	switch why := of.unpaged(); {
	case why != "":
		says += "; " + why
	case !of.covered:
		says += "; no page is about it"
	}
	head := fmt.Sprintf("\n<p><strong>%s</strong>: %s</p>\n", htmlText(clip(sanitize(of.SLI.ID), mostText)), htmlText(clip(sanitize(says), mostText)))
	if len(of.Watches) == 0 {
		return head
	}
	columns := []string{"urgency", "alert", "where", "why"}
	if of.pairs != nil {
		columns = append(columns, "told")
	}
	b := mapTable(columns...)
	for i, w := range of.Watches {
		cells := []string{
			string(w.Alert.Urgency), code(sanitize(w.Alert.Rule.Name())), code(m.alertPlace(w.Alert)),
			htmlText(clip(sanitize(because(w.Match)), mostText)),
		}
		if of.pairs != nil {
			cells = append(cells, html.EscapeString(told(of.pairs[i], len(of.indicator.Breaches))))
		}
		b.row(cells...)
	}
	return head + b.end()
}

func (m *mapping) alertPlace(a *analyze.Alert) string {
	return fmt.Sprintf("%s:%d", sanitize(m.pathIn(a.Rule.File())), lineOf(a))
}

func (m *mapping) pathOf(f *analyze.Finding) string {
	file := m.home(f)
	if file == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", sanitize(m.pathIn(file)), f.Position().Line)
}

// code is sanitized text as code in HTML.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + html.EscapeString(s) + "</code>"
}

// An htmlTable is a table in the making, its cells HTML.
type htmlTable struct{ bytes.Buffer }

func mapTable(columns ...string) *htmlTable {
	t := &htmlTable{}
	t.WriteString("\n<table>\n<tr>")
	for _, c := range columns {
		fmt.Fprintf(t, "<th>%s</th>", c)
	}
	t.WriteString("</tr>\n")
	return t
}

func (t *htmlTable) row(cells ...string) {
	t.WriteString("<tr>")
	for _, c := range cells {
		fmt.Fprintf(t, "<td>%s</td>", c)
	}
	t.WriteString("</tr>\n")
}

func (t *htmlTable) end() string {
	t.WriteString("</table>\n")
	return t.String()
}
