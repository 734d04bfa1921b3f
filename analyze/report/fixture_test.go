package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/score"
	"github.com/crywolf-dev/crywolf/rules"
)

// The checks here are made up, so that no golden file changes with a real one.

func testChecks() []*analyze.Check {
	return []*analyze.Check{
		{
			ID: "sound/impossible", Severity: analyze.Error, Points: 40, Fails: true,
			Doc: analyze.Doc{Title: "alert that cannot fire", Why: "Everyone believes that someone would be told, and nobody will be."},
			Run: func(p *analyze.Pass) {
				p.EachAlert(func(a *analyze.Alert) {
					if b, ok := a.Rule.Expr().(*parser.BinaryExpr); ok && b.Op == parser.LAND {
						p.Report(analyze.Finding{
							Rule: a.Rule, Span: a.Rule.NodeSpan(b.PositionRange()),
							Message:  fmt.Sprintf("the two bounds of `%s` exclude each other", a.Rule.Name()),
							Advice:   "keep the bound that is meant, drop the other",
							Evidence: []analyze.Number{{Name: "lower_ratio", Value: 0.9}, {Name: "upper_ratio", Value: 0.1 + 0.2}},
							Related:  []analyze.Related{{File: a.Rule.File(), Rule: a.Rule, Span: a.Rule.NodeSpan(b.RHS.PositionRange()), Message: "the other bound"}},
						})
					}
				})
			},
		},
		{
			ID: "quiet/hasty", Severity: analyze.Warning, Points: 15,
			Doc: analyze.Doc{Title: "alert that does not wait", Why: "One bad scrape wakes someone, and is over before they sit up."},
			Run: func(p *analyze.Pass) {
				p.EachAlert(func(a *analyze.Alert) {
					if a.Rule.For == 0 && !a.Deadman {
						p.Report(analyze.Finding{
							Rule: a.Rule, Span: a.Rule.NodeSpan(a.Rule.Expr().PositionRange()),
							Message: fmt.Sprintf("`%s` fires on a single evaluation", a.Rule.Name()),
							Advice:  "give it a `for` of a few minutes",
						})
					}
				})
			},
		},
		{
			ID: "actionable/unowned", Severity: analyze.Info, Points: 6, Whole: true,
			Doc: analyze.Doc{Title: "alert without an owner", Why: "An alert that is nobody's is never mended."},
			Run: func(p *analyze.Pass) {
				var of []*rules.Rule
				p.EachAlert(func(a *analyze.Alert) {
					if _, ok := a.Rule.Label("team"); !ok {
						of = append(of, a.Rule)
					}
				})
				if len(of) > 0 {
					p.Report(analyze.Finding{
						File: of[0].File(), Span: of[0].NameField.Value.Span(), Inferred: true, Covers: of, Key: "house",
						Message: fmt.Sprintf("%d of %d alerts name no team", len(of), len(p.Alerts)), Advice: "name it in `team`",
					})
				}
			},
		},
		{
			ID: "quiet/restless", Severity: analyze.Warning, Points: 10, Needs: analyze.NeedsHistory,
			Doc: analyze.Doc{Title: "alert that fires too often", Why: "What fires every day is read by nobody."},
			Run: func(*analyze.Pass) {},
		},
	}
}

const fewRules = `groups:
- name: shop
  rules:
  - alert: BasketsVanish
    expr: baskets:lost:ratio5m > 0.9 and baskets:lost:ratio5m < 0.1
    for: 5m
    labels: {severity: page, team: shop}
  - alert: QueueLong
    expr: sum by (queue, shard) (queue_length{environment="production", region=~"north|south|east|west", tier!="bulk"}) > 1000
    labels: {severity: ticket, team: shop}
  - alert: QueueLongOnPurpose
    # crywolf disable quiet/hasty: drained by hand
    expr: queue_length > 9000
    labels: {severity: ticket, team: shop}
  - record: baskets:lost:ratio5m
    expr: sum(rate(baskets_lost_total[5m])) / sum(rate(baskets_total[5m]))
- name: store
  rules:
  - alert: TillOffline
    expr: |
      up{job="till"} == 0
      unless on (shop)
        shop_closed == 1
    for: 10m
    labels: {severity: page}
  - alert: Größe📏TooBig
    expr: vector(1) * on () größe_bytes > 3
    labels: {severity: ticket, team: "Größe"}
`

// hostileRules hold what a terminal must never be told.
const hostileRules = "groups:\n- name: \"g\\e[2J\"\n  rules:\n  - alert: \"A\\e]0;pwned\\a\\u202Egpj\\n::error::x\"\n" +
	"    expr: up{job=\"\u202e\u200b\u2066x\"} == 0\n    labels: {\"se\\rverity\": \"pa\\x07ge\"}\n"

func parse(t testing.TB, files map[string]string) *rules.Set {
	t.Helper()
	var parsed []*rules.File
	for _, path := range slices.Sorted(maps.Keys(files)) {
		parsed = append(parsed, rules.Parse(path, []byte(files[path]), rules.Options{Named: true}))
	}
	return rules.NewSet(parsed)
}

func lintReport(t testing.TB, files map[string]string, checks ...*analyze.Check) *Report {
	t.Helper()
	if checks == nil {
		checks = testChecks()
	}
	r := reportOf(t, parse(t, files), checks...)
	r.Hints = []string{"values.yaml: passed over, it holds no rules"}
	return r
}

func reportOf(t testing.TB, set *rules.Set, checks ...*analyze.Check) *Report {
	t.Helper()
	res, err := analyze.Run(context.Background(), analyze.NewFacts(set, analyze.Settings{}), analyze.Options{Checks: checks})
	require.NoError(t, err)
	cards := score.Cards(res)
	return &Report{
		ToolVersion: "1.2.3", Command: Lint, Result: res, Cards: cards,
		Total:   score.Sum(cards, func(*score.Card) int { return 0 }),
		Failing: analyze.Warning,
	}
}

// many is a house of many alerts with little to be proud of.
func many() map[string]string {
	files := map[string]string{}
	for f := range 12 {
		var b strings.Builder
		fmt.Fprintf(&b, "groups:\n- name: g%d\n  rules:\n", f)
		for i := range 20 {
			fmt.Fprintf(&b, "  - alert: Part%02dAlert%02d\n    expr: thing_%d_%d > %d", f, i, f, i, i)
			if i%7 == 3 {
				fmt.Fprintf(&b, " and thing_%d_%d < 1", f, i)
			}
			fmt.Fprintf(&b, "\n    labels: {severity: ticket}\n")
			if i%3 == 0 {
				b.WriteString("    for: 5m\n")
			}
		}
		files[fmt.Sprintf("services/part-%02d/alerts/rules.yaml", f)] = b.String()
	}
	return files
}

// reports are what the tests of all formats run over.
func reports(t testing.TB) map[string]*Report {
	quiet := "groups:\n- name: g\n  rules:\n  - alert: Fine\n    expr: a > 1\n    for: 5m\n    labels: {severity: page, team: a}\n"
	verbose := lintReport(t, many())
	verbose.Verbose = true
	shop := map[string]string{"rules/shop.yaml": reviewRules}
	large := many()
	large["rules/shop.yaml"] = reviewRules
	return map[string]*Report{
		"review":       reviewReport(t, shop, past()),
		"review-large": reviewReport(t, large, busy(past())),
		"few":          lintReport(t, map[string]string{"rules/shop.yaml": fewRules}),
		"many":         lintReport(t, many()),
		"verbose":      verbose,
		"nothing":      lintReport(t, map[string]string{"rules/fine.yaml": quiet}),
		"empty":        lintReport(t, map[string]string{"rules/none.yaml": "groups: []\n"}),
		"hostile":      lintReport(t, map[string]string{"rules/\x1b[31mred.yaml": hostileRules}),
	}
}

// busy adds a firing to many alerts of the house of many.
func busy(h *history.History) *history.History {
	for i := range 15 {
		h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprintf("Part%02dAlert%02d", i%12, i), "severity", "ticket"))
		h.Episodes = append(h.Episodes, history.Episode{
			Instance: int32(len(h.Instances) - 1), ActiveAt: at(float64(100 * i)), FiredAt: at(float64(100 * i)), EndedAt: at(float64(100*i + 11)),
		})
	}
	return h
}
