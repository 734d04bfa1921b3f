package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
)

const tillSLOs = `version: prometheus/v1
service: till
slos:
- name: payments
  objective: 99.95
  description: Customers pay.
  sli:
    events:
      error_query: sum(rate(till_requests_total{code=~"5.."}[{{.window}}]))
      total_query: sum(rate(till_requests_total[{{.window}}]))
  alerting: {page_alert: {labels: {severity: page}}, ticket_alert: {labels: {severity: ticket}}}
- name: receipts
  objective: 99
  sli:
    events:
      error_query: sum(rate(receipts_total{printed="no"}[{{.window}}]))
      total_query: sum(rate(receipts_total[{{.window}}]))
  alerting: {page_alert: {labels: {severity: page}}, ticket_alert: {labels: {severity: ticket}}}
- name: stamps
  objective: 90
  sli:
    events:
      error_query: sum(rate(stamps_total{lost="yes"}[{{.window}}]))
      total_query: sum(rate(stamps_total[{{.window}}]))
  alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
- name: broken
  objective: 101
  sli:
    events: {error_query: a, total_query: b}
  alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
`

const tillRules = `groups:
- name: till
  rules:
  - alert: PaymentsFailFast
    expr: sum(rate(till_requests_total{code=~"5.."}[5m])) / sum(rate(till_requests_total[5m])) > 0.02
    for: 2m
    labels: {severity: page, team: till}
  - alert: PaymentsFailSlowly
    expr: sum(rate(till_requests_total{code=~"5.."}[1h])) / sum(rate(till_requests_total[1h])) > 0.002
    for: 15m
    labels: {severity: ticket, team: till}
  - alert: CardPaymentsOfTheNorthernHallFailAtTheCounterOfTheBank
    expr: sum(rate(till_requests_total{code=~"5..", kind="card"}[5m])) > 3
    for: 15m
    labels: {severity: page, team: till}
  - alert: NoReceipts
    expr: sum(rate(receipts_total[5m])) == 0
    for: 15m
    labels: {severity: ticket, team: till}
  - alert: TillBusy
    expr: avg by (instance) (rate(node_cpu_seconds_total{mode!="idle"}[10m])) > 0.9
    for: 15m
    labels: {severity: page, team: till}
  - alert: ShopAnswersErrors
    expr: sum(rate(http_requests_total{job="shop", code=~"5.."}[5m])) > 1
    for: 15m
    labels: {severity: page, team: till}
  - alert: PaperRunsOut
    expr: predict_linear(node_filesystem_avail_bytes[6h], 4 * 3600) < 0
    for: 15m
    labels: {severity: page, team: till}
  - alert: Odd
    expr: odd_thing > 3
    for: 15m
    labels: {severity: ticket, team: till}
`

// mapChecks are made up, as testChecks are; their ids are real.
func mapChecks() []*analyze.Check {
	check := func(id string, run func(*analyze.Pass)) *analyze.Check {
		return &analyze.Check{ID: id, Severity: analyze.Warning, Whole: true, Doc: analyze.Doc{Title: id, Why: id}, Run: run}
	}
	onCause := check("mapped/page-on-cause", func(p *analyze.Pass) {
		p.EachAlert(func(a *analyze.Alert) {
			if v := a.Verdict(); a.Urgency == analyze.UrgencyPage && v.Verdict == sli.Cause {
				p.Report(analyze.Finding{Rule: a.Rule, Span: a.Rule.NodeSpan(v.Pos), Message: fmt.Sprintf("page `%s` is about a cause", a.Rule.Name()), Advice: "make it a ticket"})
			}
		})
	})
	uncovered := check("mapped/uncovered-sli", func(p *analyze.Pass) {
		for _, s := range p.Uncovered() {
			p.Report(analyze.Finding{File: s.File, Span: s.Span, Key: s.ID, Message: "no page is about " + s.ID, Advice: "page for it"})
		}
	})
	invalid := check("mapped/invalid-slo", func(p *analyze.Pass) {
		for _, problem := range p.Catalog().Problems {
			p.Report(analyze.Finding{File: problem.File, Span: problem.Span, Key: problem.Message, Message: problem.Message, Advice: problem.Hint})
		}
	})
	return []*analyze.Check{invalid, onCause, uncovered}
}

// mapReport maps rules to what a specification declares; "" declares nothing.
func mapReport(t testing.TB, specs string, files map[string]string) *Report {
	t.Helper()
	var settings analyze.Settings
	all := mapChecks()[1:2]
	if specs != "" {
		settings.Catalog = spec.Parse("slo/till.yaml", []byte(specs), true)
		for _, s := range settings.Catalog.SLIs {
			s.Labels = nil // as where nothing generates the alerts
		}
		all = mapChecks()
	}
	res, err := analyze.Run(t.Context(), analyze.NewFacts(parse(t, files), settings), analyze.Options{Checks: all})
	require.NoError(t, err)
	return &Report{ToolVersion: "1.2.3", Command: Map, Result: res}
}

// measured adds to a map what happened in four weeks: two breaches of the first
// SLI, and ten outbreaks of its fast alert, of which two tell of them.
func measured(t testing.TB, r *Report) *Report {
	t.Helper()
	const day = 24 * 60
	f := r.Result.Facts
	h := &history.History{Coverage: history.Coverage{Window: history.Interval{Start: at(0), End: at(28 * day)}}}
	add := func(name string, e ...history.Episode) {
		h.Instances = append(h.Instances, labels.FromStrings("alertname", name, "severity", "page", "team", "till"))
		for _, e := range e {
			e.Instance = int32(len(h.Instances) - 1)
			h.Episodes = append(h.Episodes, e)
		}
	}
	episode := func(from, fired, to float64) history.Episode {
		return history.Episode{ActiveAt: at(from), FiredAt: at(fired), EndedAt: at(to)}
	}
	var fast []history.Episode
	for _, from := range []float64{101, 3*day + 4, 5 * day, 9 * day, 10 * day, 12 * day, 13 * day, 15 * day, 16 * day, 20 * day} {
		fast = append(fast, episode(from, from+2, from+30))
	}
	add("CardPaymentsOfTheNorthernHallFailAtTheCounterOfTheBank", history.Episode{ActiveAt: at(27 * day), FiredAt: at(27*day + 15), EndedAt: at(28 * day), End: history.EndOpen})
	add("PaymentsFailFast", fast...)
	f.History = history.NewReview(r.Result.Set.Alerts(), h, history.ProbesOf(nil))

	f.Impact = &impact.Result{}
	for i, s := range f.Catalog().SLIs {
		ind := &impact.Indicator{SLI: s, Start: at(0), Step: 60_000, Covered: history.Intervals{h.Coverage.Window}, BudgetTotal: 100}
		ind.Bad, ind.Total, ind.Known = make([]float64, 28*day), make([]float64, 28*day), make([]bool, 28*day)
		switch i {
		case 0:
			ind.Breaches = []impact.Breach{
				{Start: at(100), End: at(145), Spent: 0.4, Urgent: true},
				{Start: at(3 * day), End: at(3*day + 600), Spent: 0.1},
			}
		case 1, 3:
			ind = &impact.Indicator{SLI: s, Refused: "no samples are stored of what it counts"}
		}
		f.Impact.Add(ind)
	}
	r.Window, r.Source = h.Coverage.Window, "data/"
	return r
}

// mapReports are what the tests of maps run over.
func mapReports(t testing.TB) map[string]*Report {
	rules := map[string]string{"rules/till.yaml": tillRules}
	manySLOs := "version: prometheus/v1\nservice: house\nslos:\n"
	for i := range 90 {
		manySLOs += fmt.Sprintf("- {name: part-%02d, objective: 99.9, sli: {events: {error_query: 'rate(thing_%d_%d[{{.window}}])', total_query: 'rate(all_%d[{{.window}}])'}}, "+
			"alerting: {page_alert: {labels: {severity: page}}, ticket_alert: {labels: {severity: ticket}}}}\n", i, i/20, i%20, i)
	}
	verbose := measured(t, mapReport(t, tillSLOs, rules))
	verbose.Verbose = true
	hostile := strings.ReplaceAll(tillSLOs, "name: payments", `name: "p\e]0;x\a\u202e"`)
	return map[string]*Report{
		"map":          mapReport(t, tillSLOs, rules),
		"map-measured": measured(t, mapReport(t, tillSLOs, rules)),
		"map-verbose":  verbose,
		"map-no-slis":  mapReport(t, "", rules),
		"map-empty":    mapReport(t, "", map[string]string{"rules/none.yaml": "groups: []\n"}),
		"map-many":     mapReport(t, manySLOs, many()),
		"map-hostile":  mapReport(t, hostile, map[string]string{"rules/\x1b[31mred.yaml": hostileRules, "rules/till.yaml": tillRules}),
	}
}

func TestMapGolden(t *testing.T) {
	for name, r := range mapReports(t) {
		for _, width := range []int{80, 200} {
			path := func(kind string) string {
				return filepath.Join("testdata", fmt.Sprintf("%s-%d%s.golden", name, width, kind))
			}
			golden(t, path(""), []byte(write(t, Terminal{Width: width}, r)))
			if name == "map-measured" {
				golden(t, path("-colour"), []byte(write(t, Terminal{Width: width, Color: true}, r)))
			}
		}
	}
	r := mapReports(t)["map-measured"]
	golden(t, filepath.Join("testdata", "map-measured.json.golden"), []byte(write(t, JSON{}, r)))
	golden(t, filepath.Join("testdata", "map-measured.markdown.golden"), []byte(write(t, Markdown{}, r)))
}

// TestMapFits: no line but a path is wider than the terminal, and colour adds
// nothing but colour.
func TestMapFits(t *testing.T) {
	for name, r := range mapReports(t) {
		for _, width := range []int{40, 47, 60, 80, 133, 200} {
			plain := write(t, Terminal{Width: width}, r)
			require.Equal(t, plain, colours.ReplaceAllString(write(t, Terminal{Width: width, Color: true}, r), ""), name)
			harmless(t, plain)
			for _, l := range strings.Split(plain, "\n") {
				if len(strings.Fields(l)) > 1 {
					require.LessOrEqual(t, columns(l), width, "%s: %s", name, l)
				}
			}
		}
	}
}

func TestMapMeetsSchema(t *testing.T) {
	schema := compileSchema(t, reflect.TypeFor[mapDocument]())
	for name, r := range mapReports(t) {
		text := write(t, JSON{}, r)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(doc), name)
		require.Equal(t, text, write(t, JSON{}, mapReports(t)[name]), "the same input gives the same bytes")
	}
	altered := strings.Replace(write(t, JSON{}, mapReports(t)["map"]), `"summary": {`, `"summary": {"surprise": 1,`, 1)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(altered))
	require.NoError(t, err)
	require.Error(t, schema.Validate(doc))
}

// TestMapCountsAdd: every alert is about an SLI or among the others, and never
// both.
func TestMapCountsAdd(t *testing.T) {
	for name, r := range mapReports(t) {
		var doc mapDocument
		require.NoError(t, json.Unmarshal([]byte(write(t, JSON{}, r)), &doc))
		about := map[string]bool{}
		for _, s := range doc.SLIs {
			page := slices.ContainsFunc(s.Alerts, func(a mapWatcher) bool { return a.Urgency == "page" && a.Fit != "traffic" })
			require.Equal(t, page, s.Covered, name)
			for _, a := range s.Alerts {
				about[a.AlertID] = true
			}
		}
		for _, a := range doc.Rest {
			require.False(t, about[a.ID], name)
		}
		require.Len(t, about, doc.Summary.About, name)
		require.Equal(t, len(r.Result.Alerts), len(about)+len(doc.Rest), name)
		v := doc.Summary.Verdicts
		require.Equal(t, len(doc.Rest), v.Symptom+v.Imminent+v.Cause+v.Meta+v.Unknown, name)
		require.Len(t, doc.Gaps, len(r.Result.Findings), name)
	}
}

// TestMapHostileText puts one text into every place that rules and specifications
// can fill.
func TestMapHostileText(t *testing.T) {
	schema := compileSchema(t, reflect.TypeFor[mapDocument]())
	for _, s := range hostileTexts {
		r := mapReport(t, tillSLOs, map[string]string{"rules/" + s: tillRules})
		for _, of := range r.Result.Catalog().SLIs {
			of.ID, of.Name, of.Title, of.Journey, of.Owner = of.ID+s, s, s, s, s
		}
		for i := range r.Result.Findings {
			r.Result.Findings[i].Message, r.Result.Findings[i].Advice = s, s
		}
		r = measured(t, r)
		r.Source, r.Result.Impact.Indicators[1].Refused, r.Hints = s, s, []string{s}
		for _, width := range []int{40, 80, 200} {
			plain := write(t, Terminal{Width: width}, r)
			harmless(t, plain)
			require.Equal(t, plain, colours.ReplaceAllString(write(t, Terminal{Width: width, Color: true}, r), ""))
			require.NotRegexp(t, `(?m)^\pZ*::`, plain)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(write(t, JSON{}, r))))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(doc))
		says := readMarkdown(t, write(t, Markdown{}, r))
		require.NotEmpty(t, says)
		for _, said := range says {
			harmless(t, said)
		}
	}
}

// TestMapMarkdownFits: what there is no room for is counted.
func TestMapMarkdownFits(t *testing.T) {
	r := mapReports(t)["map-many"]
	for _, most := range []int{4000, 20_000} {
		text := write(t, Markdown{Most: most}, r)
		require.LessOrEqual(t, len(text), most)
		require.Contains(t, text, "for which there is no room here")
		readMarkdown(t, text)
	}
}

// TestMapDoubt: what may be another's firing is not the lack of one.
func TestMapDoubt(t *testing.T) {
	require.Equal(t, "did not fire", told(mappedPair{}, 0))
	require.Equal(t, "did not fire, recall 0/1", told(mappedPair{Pair: impact.Pair{Recall: impact.Share{Of: 1}}}, 1))
	require.Equal(t, "its firings may be another rule's, recall - (1 unclear)", told(mappedPair{Pair: impact.Pair{Recall: impact.Share{Unclear: 1}}, doubtful: 2}, 1))
	require.Equal(t, "precision 3/4 (2 unclear)", told(mappedPair{Pair: impact.Pair{Outbreaks: impact.Share{Hits: 3, Of: 4, Unclear: 2}}}, 0))
}

func TestGapsAreTold(t *testing.T) {
	for _, id := range Gaps() {
		require.True(t, slices.ContainsFunc(checks.All(), func(c *analyze.Check) bool { return c.ID == id }), id)
	}
	require.Equal(t, []string{"table", "json", "markdown"}, Names(Map))
	_, ok := Named(Map, "sarif")
	require.False(t, ok)
}
