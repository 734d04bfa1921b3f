package actionable

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// RunbookPlaceholder returns the check for runbooks that lead nowhere.
func RunbookPlaceholder() *analyze.Check {
	return &analyze.Check{
		ID: "actionable/runbook-placeholder",
		Doc: analyze.Doc{
			Title: "runbook that is a placeholder",
			Why:   "A link that leads nowhere is worse than none: it is followed first, at the worst moment.",
			Text: `A runbook annotation or label that holds a word such as TODO or TBD in place of a link, an address under a
domain that is reserved for examples, or the bare root of a site or wiki. A text that says what to do is as good as a
link, and an address with a template in its path is taken to be a real one.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      severity: page
      team: search
    annotations:
      summary: More than 2 % of searches fail
      runbook_url: TODO
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: job:errors:ratio_rate5m{job="search"} > 0.02
    for: 10m
    labels:
      severity: page
      team: search
    annotations:
      summary: More than 2 % of searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
`,
			References: []string{"https://www.rfc-editor.org/rfc/rfc2606"},
		},
		Severity: analyze.Warning, Points: 8,
		Run: func(p *analyze.Pass) {
			p.EachAlert(func(a *analyze.Alert) {
				f, ok := p.Style.Field(a.Rule, analyze.ConcernRunbook)
				if !ok || a.Urgency == analyze.UrgencyNone {
					return
				}
				if why := placeholder(f.Value.Text()); why != "" {
					p.Report(analyze.Finding{
						Rule: a.Rule, Span: f.Value.Span(), Key: f.Key.Text(),
						Message: fmt.Sprintf("`%s` of `%s` %s", f.Key.Text(), a.Rule.Name(), why),
						Advice:  "link the page that says what to do, or leave the key out until there is one",
					})
				}
			})
		},
	}
}

// fillers stand where a link should; a value that is nothing but one of them,
// or begins with one followed by punctuation, is a placeholder.
var fillers = regexp.MustCompile(`(?i)^[\s<\[({"'#]*(to-?do|tbd|tba|tbc|fix-?me|xxx+|n/?a|none|null|nil|placeholder|coming soon|change-?me|to be (done|written|added|defined|determined)|(not|none) (yet|available|written)\b.*|[-.?_]+|https?://)[\s>\])}"'!.]*$|(?i)^[\s<\[({"'#]*(todo|tbd|fixme)\s*[\s:(].*$`)

// reserved domains stand for examples and resolve to nothing (RFC 2606, 6761),
// and some that templates of chart and rule repositories carry in their place.
var reserved = regexp.MustCompile(`(?i)^(.+\.)?(example\.(com|org|net|edu)|[^.]+\.example|example|[^.]+\.invalid)$`)

// roots are paths that lead to the front door of a wiki, not to a page in it.
var roots = regexp.MustCompile(`(?i)^/?((wiki|confluence|display|runbooks?|playbooks?|docs?|home|index(\.html?|\.php)?)/?)?$`)

// placeholder says why a runbook's value leads nowhere, "" if it may lead
// somewhere.
func placeholder(value string) string {
	v := strings.TrimSpace(value)
	if fills(v) {
		return fmt.Sprintf("is a placeholder, `%s`", clip(v))
	}
	if !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") || strings.ContainsAny(v, " \t\n") && !strings.Contains(v, "{{") {
		return ""
	}
	scheme, rest, _ := strings.Cut(v, "://")
	host, path, _ := strings.Cut(rest, "/")
	if strings.Contains(host, "{{") {
		return ""
	}
	if u, err := url.Parse(scheme + "://" + host); err == nil {
		host = u.Hostname()
	}
	if isReserved(host) {
		return fmt.Sprintf("points to `%s`, a domain reserved for examples", host)
	}
	if fills(path) && strings.Trim(path, "/-._") != "" {
		return fmt.Sprintf("is a placeholder, `%s`", clip(v))
	}
	if !strings.ContainsAny(path, "?#{") && isRoot(path) {
		return fmt.Sprintf("points to the root of a site, `%s`, not to a runbook", clip(v))
	}
	return ""
}

// fills reports whether a text matches fillers. Most do not by how they begin,
// which is quicker to see.
func fills(s string) bool {
	from := strings.TrimLeft(s, " \t\n\f\r<[({\"'#")
	if len(from) < 2 {
		return from != "" && fillers.MatchString(s)
	}
	switch from[0] | 0x20 { // in lower case, where it is a letter
	case 't', 'f', 'x', 'n', 'p', 'c', '-', '.', '?', '_' | 0x20:
		return fillers.MatchString(s)
	case 'h':
		_, after, ok := strings.Cut(from, "://")
		return ok && (after == "" || !isAlphanumeric(after[0])) && fillers.MatchString(s)
	}
	return false
}

func isReserved(host string) bool {
	lower := strings.ToLower(host)
	return (strings.Contains(lower, "example") || strings.Contains(lower, "invalid")) && reserved.MatchString(host)
}

// isRoot spares paths that are longer than any of roots.
func isRoot(path string) bool { return len(path) < 40 && roots.MatchString(path) }

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// clip shortens a value for a message.
func clip(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
