package history

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/promqltest"
	promrules "github.com/prometheus/prometheus/rules"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

// parseRules reads the rules of one group, whose labels may be "".
func parseRules(t *testing.T, groupLabels, text string) []*rules.Rule {
	t.Helper()
	doc := "groups:\n- name: g\n"
	if groupLabels != "" {
		doc += "  labels: " + groupLabels + "\n"
	}
	f := rules.Parse("rules.yaml", []byte(doc+"  rules:\n"+text), rules.Options{Named: true})
	require.Empty(t, f.Problems)
	return rules.NewSet([]*rules.File{f}).Rules()
}

const attributed = `
  - {alert: Down, expr: up == 0, labels: {severity: page}}
  - {alert: Down, expr: up == 0, labels: {severity: ticket}}
  - {alert: Down, expr: 'up{job="db"} == 0', labels: {severity: info}}
  - {alert: Down, expr: 'up{job="web"} == 0', labels: {severity: info}}
  - {alert: Slow, expr: 'sum by (job) (latency) > 1'}
  - {alert: Slow, expr: 'sum by (job, zone) (latency) > 1'}
  - {alert: Full, expr: disk > 9, labels: {where: 'disk {{ $labels.disk }}!', job: ""}}
  - {record: Recorded, expr: up}
  - {alert: Owned, expr: up == 0, labels: {team: own}}
`

func TestAttribute(t *testing.T) {
	rs := parseRules(t, "{team: core}", attributed)
	for _, tt := range []struct {
		instance []string // names and values
		want     []int
	}{
		{[]string{"alertname", "Down", "team", "core", "severity", "page", "job", "x"}, []int{0}},
		{[]string{"alertname", "Down", "team", "core", "severity", "ticket"}, []int{1}},
		{[]string{"alertname", "Down", "team", "core", "severity", "info", "job", "db"}, []int{2}},
		{[]string{"alertname", "Down", "team", "core", "severity", "info", "job", "web", "cluster", "c"}, []int{3}},
		{[]string{"alertname", "Down", "team", "core", "severity", "info", "job", "mail"}, []int{2, 3}}, // of another version
		{[]string{"alertname", "Down", "team", "other", "severity", "page"}, nil},
		{[]string{"alertname", "Down", "severity", "page"}, nil},
		{[]string{"alertname", "Slow", "team", "core", "job", "a"}, []int{4, 5}},
		{[]string{"alertname", "Slow", "team", "core", "job", "a", "zone", "z"}, []int{5}},
		{[]string{"alertname", "Full", "team", "core", "where", "disk a!"}, []int{6}},
		{[]string{"alertname", "Full", "team", "core", "where", "disk {{ $labels.disk }}!"}, []int{6}},
		{[]string{"alertname", "Full", "team", "core", "where", "disc a!"}, nil},
		{[]string{"alertname", "Full", "team", "core", "where", "disk a!", "job", "x"}, nil},
		{[]string{"alertname", "Recorded", "team", "core"}, nil},
		{[]string{"alertname", "Owned", "team", "own"}, []int{8}},
		{[]string{"alertname", "Owned", "team", "core"}, nil},
		{[]string{"severity", "page"}, nil},
	} {
		// Another instance keeps the labels from being common to all.
		h := &History{Instances: []labels.Labels{labels.FromStrings(tt.instance...), labels.FromStrings("alertname", "Alien")}}
		a := Attribute(rs, h)
		assert.Equal(t, tt.want, a.Candidates(0), "%v", tt.instance)
		rule, ok := a.Rule(0)
		assert.Equal(t, len(tt.want) == 1, ok)
		if ok {
			assert.Equal(t, tt.want[0], rule)
		}
		assert.Equal(t, len(tt.want) > 1, len(a.Ambiguous) == 1)
	}
}

func TestAttributeCommonLabels(t *testing.T) {
	rs := parseRules(t, "", `
  - {alert: Slow, expr: 'sum by (job) (latency) > 1'}
  - {alert: Slow, expr: 'sum by (job, zone) (latency) > 1'}
`)
	zoned := labels.FromStrings("alertname", "Slow", "job", "a", "zone", "z")
	a := Attribute(rs, &History{Instances: []labels.Labels{zoned}})
	assert.Equal(t, []int{0, 1}, a.Candidates(0), "every instance has the zone: it may be an external label")
	a = Attribute(rs, &History{Instances: []labels.Labels{zoned, labels.FromStrings("alertname", "Slow", "job", "a")}})
	assert.Equal(t, []int{1}, a.Candidates(0))
}

func TestAttributeForeign(t *testing.T) {
	rs := parseRules(t, "", "  - {alert: Down, expr: up == 0, labels: {severity: page}}\n")
	h := &History{
		Instances: []labels.Labels{
			labels.FromStrings("alertname", "Zebra"),
			labels.FromStrings("alertname", "Down", "severity", "ticket"),
			labels.FromStrings("alertname", "Alien", "n", "1"),
			labels.FromStrings("alertname", "Alien", "n", "2"),
			labels.FromStrings("alertname", "Down", "severity", "page"),
		},
		Episodes: []Episode{{Instance: 0, FiredAt: NoTime}, {Instance: 2}, {Instance: 3}, {Instance: 3, FiredAt: NoTime}, {Instance: 4}},
	}
	assert.Equal(t, []ForeignAlert{
		{Name: "Alien", Instances: 2, Episodes: 3, Firings: 2},
		{Name: "Down", NameKnown: true, Instances: 1},
		{Name: "Zebra", Instances: 1, Episodes: 1},
	}, Attribute(rs, h).Foreign)
}

// TestAttributeFindsWhatPrometheusFired evaluates random rules with
// Prometheus's own code: the rule that an alert came from must be among those
// it is attributed to.
func TestAttributeFindsWhatPrometheusFired(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	var series strings.Builder
	series.WriteString("load 1m\n")
	for _, job := range []string{`job="a"`, `job="b"`, ``} {
		for _, team := range []string{`team="x"`, `team="y"`, ``} {
			for _, more := range []string{`severity="page",zone="z"`, `zone="q"`, ``} {
				parts := slices.DeleteFunc([]string{job, team, more}, func(s string) bool { return s == "" })
				fmt.Fprintf(&series, "  m{%s} 1\n", strings.Join(parts, ","))
			}
		}
	}
	storage := promqltest.LoadedStorage(t, series.String())
	t.Cleanup(func() { storage.Close() })
	engine := promqltest.NewTestEngine(t, false, 0, 10000)
	query := promrules.EngineQueryFunc(engine, storage)

	found, unique := 0, 0
	for range 300 {
		rs := parseRules(t, randomLabels(r), randomRules(r))
		h := &History{}
		var from []map[int]bool
		place := map[string]int{}
		external := r.IntN(2) == 0
		for i, rule := range rs {
			for _, instance := range fire(t, rule, query) {
				if external {
					b := labels.NewBuilder(instance)
					if !instance.Has("zone") {
						b.Set("zone", "external")
					}
					instance = b.Set("cluster", "c").Labels()
				}
				at, ok := place[instance.String()]
				if !ok {
					at = len(from)
					place[instance.String()] = at
					from = append(from, map[int]bool{})
					h.Instances = append(h.Instances, instance)
				}
				from[at][i] = true
			}
		}
		a := Attribute(rs, h)
		for i := range from {
			got := a.Candidates(int32(i))
			for rule := range from[i] {
				found++
				assert.Contains(t, got, rule, "%s from %s %v", h.Instances[i], rs[rule].ExprField.Value.Text(), rs[rule].StaticLabels())
			}
			if _, ok := a.Rule(int32(i)); ok {
				unique++
			}
		}
		assert.Empty(t, a.Foreign)
		if t.Failed() {
			t.FailNow()
		}
	}
	assert.Greater(t, found, 2000)
	assert.Greater(t, unique, 500)
}

func randomLabels(r *rand.Rand) string {
	values := []string{`page`, `ticket`, `""`, `'{{ $labels.team }}'`, `'p{{ $labels.job }}'`, `'{{ $value }}'`, `'{{ printf "%d" $labels.team | toUpper | humanize }}s'`}
	var out []string
	for _, name := range []string{"severity", "team", "kind"} {
		if r.IntN(2) == 0 {
			out = append(out, name+": "+values[r.IntN(len(values))])
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func randomRules(r *rand.Rand) string {
	exprs := []string{
		`m > 0`, `m{job="a"}`, `m{job="b"} > 0`, `sum by (job) (m)`, `sum by (job, zone) (m{team="x"})`,
		`sum without (zone) (m)`, `m{zone!="",job=~"a|b"}`, `absent(nosuch{job="a"})`, `vector(1)`,
		`m{job="a"} and on (zone) m{team="x"}`, `count by (team) (m{zone="z"}) > 1`, `m{team="x"}`, `m{team="y",zone="z"}`,
	}
	var b strings.Builder
	for range 2 + r.IntN(6) {
		fmt.Fprintf(&b, "  - {alert: %s, expr: '%s', labels: %s}\n",
			[]string{"A", "A", "B"}[r.IntN(3)], exprs[r.IntN(len(exprs))], randomLabels(r))
	}
	return b.String()
}

// fire returns the identities under which ALERTS has the rule's alerts. Rules
// whose alerts collide fail to evaluate and have none.
func fire(t *testing.T, rule *rules.Rule, query promrules.QueryFunc) []labels.Labels {
	static := labels.NewBuilder(labels.EmptyLabels())
	for _, f := range rule.StaticLabels() {
		static.Set(f.Key.Text(), f.Value.Text())
	}
	set := static.Labels()
	// A builder drops labels without a value; Prometheus's own rules keep them.
	for _, f := range rule.StaticLabels() {
		if f.Value.Text() == "" {
			m := set.Map()
			m[f.Key.Text()] = ""
			set = labels.FromMap(m)
		}
	}
	alerting := promrules.NewAlertingRule(rule.Name(), rule.Expr(), 0, 0, set, labels.EmptyLabels(),
		labels.EmptyLabels(), "", true, slog.New(slog.DiscardHandler))
	vector, err := alerting.Eval(context.Background(), 0, time.Unix(0, 0), query, &url.URL{}, 0)
	if err != nil {
		return nil
	}
	return alertsIn(vector)
}

func alertsIn(vector promql.Vector) []labels.Labels {
	var out []labels.Labels
	for _, s := range vector {
		if s.Metric.Get(model.MetricNameLabel) == "ALERTS" {
			out = append(out, labels.NewBuilder(s.Metric).Del(model.MetricNameLabel, alertState).Labels())
		}
	}
	return out
}

// slowAttribute asks every rule about every instance.
func slowAttribute(rs []*rules.Rule, instances []labels.Labels) [][]int {
	common := commonLabels(instances)
	out := make([][]int, len(instances))
	for i, instance := range instances {
		var named, can []int
		for k, rule := range rs {
			if rule.Kind != rules.Alerting || rule.Name() != instance.Get("alertname") || !newClaimant(k, rule).hasLabels(instance) {
				continue
			}
			named = append(named, k)
			if newClaimant(k, rule).canReturn(instance, common) {
				can = append(can, k)
			}
		}
		if len(named) > 1 && len(can) > 0 {
			named = can
		}
		out[i] = named
	}
	return out
}

func TestAttributeAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 7))
	for range 200 {
		rs := parseRules(t, randomLabels(r), randomRules(r))
		h := &History{}
		for range 20 {
			set := map[string]string{"alertname": []string{"A", "B", "C"}[r.IntN(3)]}
			for name, values := range map[string][]string{
				"severity": {"page", "ticket", "pa"}, "team": {"x", "page", ""}, "kind": {"p", "1", "ticket"}, "job": {"a", "b"}, "zone": {"z"},
			} {
				if r.IntN(3) > 0 {
					set[name] = values[r.IntN(len(values))]
				}
			}
			h.Instances = append(h.Instances, labels.FromMap(set))
		}
		want := slowAttribute(rs, h.Instances)
		a := Attribute(rs, h)
		for i := range h.Instances {
			assert.Equal(t, want[i], a.Candidates(int32(i)))
		}
		assert.True(t, slices.IsSortedFunc(a.Ambiguous, slices.Compare))
	}
}

func BenchmarkAttribute(b *testing.B) {
	var doc strings.Builder
	doc.WriteString("groups:\n- name: g\n  rules:\n")
	for i := range 2000 {
		fmt.Fprintf(&doc, "  - {alert: Alert%d, expr: 'm{job=\"%d\"} > 0', labels: {severity: page, team: t%d}}\n", i/2, i, i%7)
	}
	rs := rules.NewSet([]*rules.File{rules.Parse("r.yaml", []byte(doc.String()), rules.Options{})}).Rules()
	h := &History{}
	for i := range 100000 {
		k := i % 2000
		h.Instances = append(h.Instances, labels.FromStrings("alertname", fmt.Sprint("Alert", k/2), "instance", fmt.Sprint(i),
			"job", fmt.Sprint(k), "severity", "page", "team", fmt.Sprint("t", k%7)))
		h.Episodes = append(h.Episodes, Episode{Instance: int32(i)})
	}
	for b.Loop() {
		Attribute(rs, h)
	}
}
