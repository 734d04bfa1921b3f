// Package unique holds the checks that ask whether another alert says the same.
package unique

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// Identical returns the check for two rules that are one.
func Identical() *analyze.Check {
	return &analyze.Check{
		ID: "unique/identical",
		Doc: analyze.Doc{
			Title: "two alerts that are one",
			Why:   "One incident wakes people twice, silencing one leaves the other, and a fix to one is a fix to half.",
			Text: `Two alerts whose expressions mean the same, whatever their names and however they are spelled, with the same for,
keep_firing_for, urgency and other labels, that live in one Prometheus. A ladder in threshold or in for, the same alert
for other label values or other recipients, and rules of one name in different folders (which may be one rule deployed to
several clusters) are not duplicates, nor are files that look like variants to choose from, or groups that read other tenants' data. Where
only their severities differ, and that these do the same to people is inferred, it is an info.`,
			Bad: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total{env="prod", job="search"}[5m])) > 5
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
  - alert: SearchIsFailing
    expr: 5 < sum(rate(search_errors_total{job="search",env="prod"}[300s])) BY (job)
    for: 600s
    labels: {severity: page, team: search}
    annotations:
      summary: The search fails
      runbook_url: https://runbooks.shop.test/SearchIsFailing
`,
			Good: `groups:
- name: search
  rules:
  - alert: SearchErrors
    expr: sum by (job) (rate(search_errors_total{env="prod", job="search"}[5m])) > 5
    for: 10m
    labels: {severity: page, team: search}
    annotations:
      summary: Searches fail
      runbook_url: https://runbooks.shop.test/SearchErrors
  - alert: SearchErrorsFew
    expr: sum by (job) (rate(search_errors_total{env="prod", job="search"}[5m])) > 1
    for: 10m
    labels: {severity: ticket, team: search}
    annotations:
      summary: Some searches fail
`,
		},
		Severity: analyze.Warning, Points: 15, Whole: true, Run: identical,
	}
}

func identical(p *analyze.Pass) {
	first := map[[16]byte]*analyze.Alert{}
	alike := map[[16]byte][]*analyze.Alert{} // where there are several
	var order [][16]byte
	p.EachAlert(func(a *analyze.Alert) {
		if a.Deadman || !known(a.Rule) {
			return
		}
		key := sameness(p, a)
		switch {
		case first[key] == nil:
			first[key] = a
		case alike[key] == nil:
			order = append(order, key)
			alike[key] = []*analyze.Alert{first[key], a}
		default:
			alike[key] = append(alike[key], a)
		}
	})
	for _, key := range order {
		report(p, alike[key])
	}
}

// known reports whether all that makes alerts the same is known of a rule,
// before any template is rendered.
func known(r *rules.Rule) bool {
	if r.Open || !r.ForField.Value.Rendered() || !r.KeepFiringForField.Value.Rendered() {
		return false
	}
	return !slices.ContainsFunc(r.StaticLabels(), func(f rules.Field) bool { return !f.Value.Rendered() })
}

// report finds all but the first of alerts that are one. A reader takes the
// later one for the copy; the identity of the findings goes by names instead,
// so that it stays the same when the alerts trade places.
func report(p *analyze.Pass, alerts []*analyze.Alert) {
	copies := copiesOf(p, alerts)
	byNames := slices.SortedStableFunc(slices.Values(alerts), byName)
	var others []*analyze.Alert // copies by name that are none by place
	isCopy := map[*analyze.Alert]bool{}
	for _, c := range copies {
		isCopy[c.second] = true
	}
	named := map[*analyze.Alert]bool{}
	for _, c := range copiesOf(p, byNames) {
		named[c.second] = true
		if !isCopy[c.second] {
			others = append(others, c.second)
		}
	}
	for _, c := range copies {
		about := c.second
		if !named[c.second] && len(others) > 0 {
			about, others = others[0], others[1:]
		}
		duplicate(p, c.first, c.second, about)
	}
}

type pair struct{ first, second *analyze.Alert }

// mostOthers is with how many alerts of other names one is compared. One alert
// under so many names is in no rule files of people.
const mostOthers = 100

// copiesOf pairs each alert with the first that it may meet, if there is one
// that is not a copy itself. Namesakes in other folders never meet, so that one
// alert in the folders of a thousand clusters takes no million comparisons.
func copiesOf(p *analyze.Pass, alerts []*analyze.Alert) (copies []pair) {
	type place struct{ name, folder string }
	var spared []*analyze.Alert
	var names []string
	by := map[string]map[place][]int{} // name, name and folder → of spared
	for _, a := range alerts {
		first, tries := -1, 0
		try := func(among []int) {
			for _, i := range among {
				if tries++; tries <= mostOthers && (first < 0 || i < first) && p.MayMeet(spared[i].Rule, a.Rule) {
					first = i
				}
			}
		}
		name, folder := a.Rule.Name(), path.Dir(a.Rule.File().Path)
		if p.NamesakesMeet(a.Rule) {
			folder = "" // of all
		}
		at := place{name, folder}
		try(by[name][at])
		for _, other := range names {
			if other != name {
				try(by[other][place{}])
			}
		}
		if first >= 0 {
			copies = append(copies, pair{spared[first], a})
			continue
		}
		if by[name] == nil {
			by[name] = map[place][]int{}
			names = append(names, name)
		}
		by[name][at] = append(by[name][at], len(spared))
		by[name][place{}] = append(by[name][place{}], len(spared))
		spared = append(spared, a)
	}
	return copies
}

// severity of an alert as it is written, or that it has none.
func severity(p *analyze.Pass, a *analyze.Alert) string {
	if f, ok := p.Style.Field(a.Rule, analyze.ConcernSeverity); ok {
		return strings.TrimSpace(f.Value.Text())
	}
	return "none stated"
}

func byName(a, b *analyze.Alert) int {
	return cmp.Or(
		strings.Compare(a.Rule.File().Path, b.Rule.File().Path),
		strings.Compare(a.Rule.Group.Name(), b.Rule.Group.Name()),
		strings.Compare(a.Rule.Name(), b.Rule.Name()),
		cmp.Compare(a.Ordinal, b.Ordinal),
	)
}

func duplicate(p *analyze.Pass, first, second, about *analyze.Alert) {
	equal, inferred := "for, urgency and labels are equal", false
	if a, b := severity(p, first), severity(p, second); a != b {
		// That both do the same to people is only what their words usually mean.
		equal = fmt.Sprintf("for, labels and what their severities do (%s, %s) are equal", a, b)
		inferred = !p.UrgencyTold(first) || !p.UrgencyTold(second)
	}
	message := fmt.Sprintf("`%s` says the same as `%s`: their expressions mean the same, and %s", second.Rule.Name(), first.Rule.Name(), equal)
	if second.Rule.Name() == first.Rule.Name() {
		message = fmt.Sprintf("`%s` stands here twice: expression, %s", second.Rule.Name(), equal)
	}
	p.Report(analyze.Finding{
		Inferred: inferred,
		Rule:     second.Rule, Span: second.Rule.ExprField.Value.Span(), Covers: []*rules.Rule{first.Rule}, About: about.Rule,
		Message: message,
		Advice:  fmt.Sprintf("keep the better one, at %s:%d or here, or select in each what it is about", first.Rule.File().Path, first.Rule.NameField.Value.Span().Start.Line),
		Related: []analyze.Related{{
			File: first.Rule.File(), Rule: first.Rule, Span: first.Rule.ExprField.Value.Span(), Message: "the same alert",
		}},
	})
}

// sameness is a digest, equal for two rules that would fire together, alike, for the
// same people. Labels that are not the severity may route, so they must be
// equal too; the severity counts by what it does to people.
func sameness(p *analyze.Pass, a *analyze.Alert) (digest [16]byte) {
	b := make([]byte, 0, 512)
	text := func(s string) { // after its length, so that no two lists run together
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	text(p.Scope(a.Rule))
	text(a.Rule.Group.Reads)
	for _, d := range []time.Duration{a.Rule.For, a.Rule.KeepFiringFor, a.Rule.Group.QueryOffset} {
		b = binary.AppendVarint(b, int64(d))
	}
	text(string(a.Urgency))
	severity, _ := p.Style.Field(a.Rule, analyze.ConcernSeverity)
	for _, f := range a.Rule.StaticLabels() {
		if f != severity {
			b = append(b, 'l')
			text(f.Key.Text())
			text(f.Value.Text())
		}
	}
	if owner, ok := p.Style.Field(a.Rule, analyze.ConcernOwner); ok {
		b = append(b, 'o')
		text(owner.Value.Text())
	}
	b = append(b, 'e')
	meaning := a.Meaning()
	sum := sha256.Sum256(append(b, meaning[:]...))
	copy(digest[:], sum[:])
	return digest
}
