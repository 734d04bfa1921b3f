package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

const full = `
paths: [rules, "mixins/**/*.yaml"]
ignore:
  - rules/old/
scopes:
  - {name: eu, paths: [rules/eu]}
  - name: us
    paths: ["rules/us-*/**"]
    labels: {cluster: us}
urgency: {P1: page, critical: ticket, off: none}
style:
  owner: {keys: [team, squad], required: [page, ticket]}
  summary: {keys: [], required: []}
slis:
- id: orders
  service: checkout
  journey: buying
  title: Orders go through
  owner: shop
  objective: 0.999
  window: 30d
  bad: sum(rate(orders_total{code=~"5.."}[{{.window}}]))
  total: &all sum(rate(orders_total[{{.window}}]))
- {id: mood, ratio: avg(mood_ratio), ratio_of: bad}
- {id: queue, value: max(queue_age_seconds), op: lte, threshold: 60}
slos: [slo, mixins/slo.yaml]
scrape_interval: 1m30s
hours: {time_zone: Europe/Berlin, business: 08:30-17:00, business_days: [sun, mon], sleep: 23:00-06:00, shift_start: 07:30}
metrics:
  - {names: "shop_(lost|void)_.*", verdict: symptom, what: lost baskets}
  - {names: shop_queue, label: tier, values: batch, verdict: cause}
checks:
  quiet/frequent: {severity: error, page_per_week: 3.5, points: 7}
  quiet/no-for: {severity: off}
  unique/identical: {severity: off}
  quiet/transient: &transient
    min_firings: 9
overrides:
  - paths: [rules/legacy]
    checks:
      quiet/no-for: {severity: info, points: 0}
  - labels: {alertname: Noisy, team: x}
    checks: {quiet/no-for: {severity: off}, sound/template: {severity: off}}
`

func TestParse(t *testing.T) {
	all := checks.All()
	c, err := config.Parse(".crywolf.yaml", []byte(full), all)
	require.NoError(t, err)
	byID := map[string]*analyze.Check{}
	for _, check := range all {
		byID[check.ID] = check
	}
	require.Equal(t, analyze.Error, byID["quiet/frequent"].Severity)
	require.Equal(t, 7, byID["quiet/frequent"].Points)
	require.Equal(t, 7, byID["quiet/frequent"].PointsMost, "a cost that is set does not grow")
	options := reportOptions(byID["quiet/frequent"])
	require.Equal(t, "3.5", options["page_per_week"])
	require.Equal(t, "10", options["ticket_per_week"])
	require.Equal(t, "9", reportOptions(byID["quiet/transient"])["min_firings"])
	require.Equal(t, []sli.Class{
		{Names: "shop_(lost|void)_.*", Verdict: sli.Symptom, What: "lost baskets"},
		{Names: "shop_queue", Label: "tier", Values: "batch", Verdict: sli.Cause},
	}, c.Settings().Metrics)
	require.True(t, c.Off("unique/identical"))
	require.False(t, c.Off("quiet/no-for"), "an override turns it on again somewhere")

	s := c.Settings()
	require.Equal(t, 90*time.Second, s.ScrapeInterval)
	require.Equal(t, map[string]analyze.Urgency{"p1": "page", "critical": "ticket", "off": "none"}, s.Urgency)
	require.Equal(t, analyze.Declared{Keys: []string{"team", "squad"}, Required: []analyze.Urgency{"page", "ticket"}}, s.Style["owner"])
	require.Contains(t, s.Style, analyze.ConcernSummary)
	require.NotContains(t, s.Style, analyze.ConcernRunbook)

	rule := func(path, labels string) *rules.Rule {
		f := rules.Parse(path, []byte("groups:\n- name: g\n  rules:\n  - {alert: Noisy, expr: up == 0, labels: {"+labels+"}}\n"), rules.Options{})
		require.Empty(t, f.Problems)
		return f.Groups[0].Rules[0]
	}
	for _, tt := range []struct{ path, labels, scope, noFor string }{
		{"rules/eu/a.yml", "", "eu", "off"},
		{"rules/eu-2/a.yml", "", "", "off"},
		{"rules/us-1/x/a.yml", "cluster: us", "us", "off"},
		{"rules/us-1/a.yml", "cluster: eu", "", "off"},
		{"./rules/legacy/a.yml", "", "", "info"},
		{"rules/legacy/a.yml", "team: x", "", "off"},
		{"../rules/legacy/a.yml", "", "", "off"},
	} {
		r := rule(tt.path, tt.labels)
		scope, _ := s.Scope(r)
		require.Equal(t, tt.scope, scope, tt.path)
		a := s.Adjust("quiet/no-for", r.File(), r)
		got := a.Severity.String()
		if a.Off {
			got = "off"
		}
		require.Equal(t, tt.noFor, got, "%s %s", tt.path, tt.labels)
	}
	r := rule("rules/legacy/a.yml", "")
	require.Zero(t, *s.Adjust("quiet/no-for", r.File(), r).Points)
	require.Equal(t, analyze.Adjustment{}, s.Adjust("sound/template", r.File(), r))
	require.Equal(t, analyze.Adjustment{}, s.Adjust("sound/template", r.File(), nil), "what is about no rule carries no labels")
}

func reportOptions(c *analyze.Check) map[string]string {
	out := map[string]string{}
	for _, o := range report.Options(c) {
		out[o.Name] = o.Default
	}
	return out
}

func TestSLIs(t *testing.T) {
	c, err := config.Parse(".crywolf.yaml", []byte(full), checks.All())
	require.NoError(t, err)
	slis := c.SLIs()
	require.Len(t, slis, 3)
	orders := slis[0]
	require.Equal(t, "checkout/orders", orders.ID)
	require.Equal(t, []string{"orders", "checkout", "buying", "Orders go through", "shop"}, []string{orders.Name, orders.Service, orders.Journey, orders.Title, orders.Owner})
	require.Equal(t, 0.999, orders.Objective)
	require.Equal(t, 30*24*time.Hour, orders.Window)
	require.Nil(t, orders.Good)
	require.Equal(t, "sum(rate(orders_total[5m]))", orders.Total.Expr.String())
	require.Equal(t, "orders", full[orders.Span.Start.Offset:orders.Span.End.Offset])
	require.Equal(t, orders.Total.Text, full[orders.Total.Span.Start.Offset:orders.Total.Span.End.Offset])
	require.Equal(t, ".crywolf.yaml", orders.File.Path)
	require.True(t, slis[1].RatioIsBad)
	require.Equal(t, parser.ItemType(parser.LTE), slis[2].Op)
	require.Equal(t, 60.0, slis[2].Threshold)
	require.Zero(t, slis[2].Objective)
	var none *config.Config
	require.Nil(t, none.SLIs())
}

// Every mistake is reported, at its place, with what was likely meant.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"checks:\n  quiet/no-for:\n    sevrity: info\n", `3:5: unknown key "sevrity" in checks."quiet/no-for"; did you mean "severity"?`},
		{"checks: {quiet/no-four: {}}", `1:10: there is no check "quiet/no-four" in checks; did you mean "quiet/no-for"?`},
		{"checks:\n  colour: {}", "2:3: there is no check \"colour\" in checks; `crywolf explain` lists them"},
		{"patsh: []\nignroe: []\n", "1:1: unknown key \"patsh\"; did you mean \"paths\"?\n.crywolf.yaml:2:1: unknown key \"ignroe\"; did you mean \"ignore\"?"},
		{"paths: rules", `1:8: paths must be a list, not "rules"`},
		{"paths:", `1:7: paths must be a list, not nothing`},
		{"- a", `1:1: the file must be a mapping of keys to values, not a list`},
		{"paths: [../x]", `1:9: paths[0] is "../x", which leads out of the folder`},
		{`ignore: ["a/{b,..}/c"]`, `1:10: ignore[0] is "a/{b,..}/c", which leads out of the folder`},
		{"paths: [/etc]", `which is not relative`},
		{"paths: ['a[']", `which is no pattern`},
		{"paths: ['{a,b}{a,b}{a,b}{a,b}{a,b}']", `is more than a pattern may hold`},
		{"paths: [1]", `1:9: paths[0] must be text, not "1"; write it in quotes`},
		{"urgency: {critical: pge}", `1:21: urgency.critical is "pge"; did you mean "page"?`},
		{"urgency: {critical: 1}", `urgency.critical must be one of page, ticket, info, none, not "1"`},
		{"urgency: {A: page, a: page}", `1:20: urgency.a stands here in another spelling`},
		{"urgency: {a: page, a: info}", `1:20: urgency.a stands twice, first on line 1`},
		{"style: {ownr: {}}", `1:9: there is no concern "ownr" in style; did you mean "owner"?`},
		{"style: {owner: {}}", `1:16: style.owner has no keys`},
		{"style: {owner: {keys: [], required: [page]}}", `1:16: style.owner requires what has no keys`},
		{"style: {owner: {keys: [a], required: [none]}}", `1:39: style.owner.required[0] is "none"`},
		{"scrape_interval: 30", `1:18: scrape_interval must be a duration such as 30s or 1m, not "30"`},
		{"hours: {time_zone: Mars/Olympus}", `1:20: hours.time_zone is "Mars/Olympus", which is no time zone; write one such as Europe/Berlin, or UTC`},
		{"hours: {time_zone: ../../etc/passwd}", `which is no time zone`},
		{"hours: {time_zone: Local}", `which is no time zone`},
		{"hours: {business: 9-18}", `1:19: hours.business must be two times of the day such as 09:00-18:00, not "9-18"`},
		{"hours: {sleep: 08:00-08:00}", `1:16: hours.sleep is 08:00-08:00, which ends as it begins`},
		{"hours: {business_days: [monday]}", `hours.business_days[0] is "monday"; `},
		{"hours: {shift_start: 13:00}", `1:22: hours.shift_start must be a time before noon such as 08:00, not "13:00"`},
		{"hours: 5", `1:8: hours must be a mapping of keys to values, not "5"`},
		{"checks: {quiet/no-for: {points: 101}}", `is 101; an alert has 100 points to lose`},
		{"checks: {quiet/no-for: {points: 1.5}}", `must be a whole number, not "1.5"`},
		{"checks: {quiet/frequent: {page_per_week: .nan}}", `must be a number, not ".nan"`},
		{"checks: {quiet/frequent: {page_per_week: -1}}", `must be 0 or more`},
		{"checks: {quiet/no-for: {page_per_week: 1}}", `unknown key "page_per_week" in checks."quiet/no-for"; known keys are severity, points`},
		{"overrides: [{checks: {quiet/frequent: {page_per_week: 1}}, paths: [a]}]", `unknown key "page_per_week" in overrides[0].checks."quiet/frequent"`},
		{"overrides: [{checks: {}}]", `1:13: overrides[0] names neither paths nor labels`},
		{"overrides: [{paths: [a]}]", `1:13: overrides[0] has no checks`},
		{"scopes: [{paths: [a]}]", `1:10: scopes[0] has no name`},
		{"metrics: [{names: 'a(', verdict: cause}]", "1:19: metrics[0].names is no regular expression: error parsing regexp: missing closing ): `a(`"},
		{"metrics: [{names: a, verdict: cuase}]", `1:31: metrics[0].verdict is "cuase"; did you mean "cause"?`},
		{"metrics: [{names: a, values: b, verdict: cause}]", `1:30: metrics[0].values are those of no label; name it under label`},
		{"metrics: [{names: a, verdict: cause, what: " + strings.Repeat("w", 201) + "}]", `1:44: metrics[0].what has more than 200 bytes; it is the end of a sentence`},
		{"scopes: [{name: a}, {name: a}]", `1:28: scopes[1].name is "a", which an earlier scope is called`},
		{"slis: [{id: a, good: up}]", `1:8: slis[0] measures events without total`},
		{"slis: [{id: a, good: up, total: up, ratio: up}]", `1:44: slis[0] measures in several ways`},
		{"slis: [{id: a, ratio: up}]", `1:23: slis[0] measures a ratio and must have ratio_of`},
		{"slis: [{id: a, ratio: up, ratio_of: errors}]", `1:37: slis[0].ratio_of is "errors"; it must be one of good, bad`},
		{"slis: [{id: a, value: up, op: lt}]", `1:23: slis[0] measures a value and must have op and threshold`},
		{"slis: [{id: a}]", `1:8: slis[0] measures nothing`},
		{"slis: [{id: a, total: up}]", `1:23: slis[0] has total alone`},
		{"slis: [{id: a, value: up, op: lt, threshold: 1, total: up}]", `1:56: slis[0] measures no events`},
		{"slis: [{service: a}]", `1:8: slis[0] has no id`},
		{"slis: [{id: a, objective: 99.9}]", `1:27: slis[0].objective is 99.9; it must be a share between 0 and 1, such as 0.999`},
		{"slis:\n- id: a\n  ratio: |\n    sum(\n      up by\n    )\n", `5:10: slis[0].ratio can't be used: not PromQL: unexpected <by>`},
		{"slis: [{id: b/a, ratio: up, ratio_of: bad}, {id: a, service: b, ratio: up, ratio_of: bad}]", `1:50: slis[1] is called "b/a", as an earlier one is`},
		{"slos: [/etc]", `1:8: slos[0] is "/etc", which is not relative`},
		{"a: [", `1:`},
		{"paths: []\n---\npaths: []\n", `a second document is not read`},
		{"paths: *x", `not valid YAML`},
		{"x: &x {}\n<<: *x", `2:1: << is not read here`},
		{"? [a]\n: b", `a key of the file must be text, not a list`},
		{"é: 1\n", `1:1: unknown key "é"`},
		{"{é: 1, b: 2}\n", `1:9: unknown key "b"`},
	} {
		_, err := config.Parse(".crywolf.yaml", []byte(tt.text), checks.All())
		require.Error(t, err, tt.text)
		require.Contains(t, err.Error(), tt.want, tt.text)
		require.True(t, strings.HasPrefix(err.Error(), ".crywolf.yaml:"), err.Error())
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "{}", "null\n", "\uFEFFpaths: []\n"} {
		c, err := config.Parse("x", []byte(text), checks.All())
		require.NoError(t, err, text)
		s := c.Settings()
		require.Nil(t, s.Scope)
		require.Nil(t, s.Adjust)
	}
	var none *config.Config
	require.False(t, none.Off("quiet/no-for"))
	require.Nil(t, none.Settings().Urgency)
}

func TestFind(t *testing.T) {
	top := t.TempDir()
	repo := filepath.Join(top, "repo")
	deep := filepath.Join(repo, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o755))
	require.NoError(t, os.Mkdir(filepath.Join(repo, ".git"), 0o755))
	t.Chdir(deep)
	write := func(dir string) { require.NoError(t, os.WriteFile(filepath.Join(dir, config.Name), nil, 0o644)) }
	find := func() string {
		found, err := config.Find(".")
		require.NoError(t, err)
		return filepath.ToSlash(found)
	}
	write(top)
	require.Empty(t, find(), "beyond the checkout")
	write(repo)
	require.Equal(t, "../../.crywolf.yaml", find())
	write(deep)
	require.Equal(t, ".crywolf.yaml", find())
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	put := func(path, text string) {
		full := filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte(text), 0o644))
	}
	rule := "groups:\n- name: g\n  rules: [{alert: A, expr: up == 0}]\n"
	put("rules/a.yml", rule)
	put("rules/old/b.yml", rule)
	put("mixins/x/alerts.yaml", rule)
	put("mixins/x/rules.yaml", rule)
	put("elsewhere/c.yml", rule)
	put("sub/dir/keep", "")
	require.NoError(t, os.Symlink(t.TempDir(), filepath.Join(dir, "out")))
	put(".crywolf.yaml", "paths: [rules, 'mixins/**/alerts.yaml']\nignore: [rules/old]\n")

	var context []string
	read := func(args ...string) string {
		found, err := config.Find(".")
		require.NoError(t, err)
		c, err := config.Load(found, checks.All())
		require.NoError(t, err)
		sel, err := c.Select(args, context)
		if err != nil {
			return err.Error()
		}
		set, err := sel.Read(t.Context(), append(context, sel.Paths...), rules.Options{})
		if err != nil {
			return err.Error()
		}
		var out []string
		for _, f := range set.Files {
			out = append(out, f.Path)
		}
		return strings.Join(out, " ")
	}
	t.Chdir(dir)
	require.Equal(t, "mixins/x/alerts.yaml rules/a.yml", read())
	require.Equal(t, "elsewhere/c.yml rules/a.yml", read("elsewhere", "rules"), "what is ignored is so even where it is named")
	require.Equal(t, "rules/a.yml", read("rules/old/b.yml", "rules/a.yml"))
	require.Equal(t, filepath.ToSlash(filepath.Join(dir, "rules/a.yml")), read(filepath.Join(dir, "rules")), "absolute paths are matched as well")
	context = []string{"elsewhere"}
	require.Equal(t, "elsewhere/c.yml mixins/x/alerts.yaml rules/a.yml", read())
	context = nil
	t.Chdir(filepath.Join(dir, "sub", "dir"))
	require.Equal(t, "../../mixins/x/alerts.yaml ../../rules/a.yml", read())
	t.Chdir(dir)
	put(".crywolf.yaml", "paths:\n- rules\n- rulez\n")
	require.Equal(t, ".crywolf.yaml:3:3: the path rulez is not there", read())
	put(".crywolf.yaml", "paths: ['rules/*.rules']\n")
	require.Equal(t, `.crywolf.yaml:1:9: the path "rules/*.rules" matches no rule file`, read())
	put(".crywolf.yaml", "paths: [out]\n")
	require.Contains(t, read(), "is a link out of the folder")

	put(".crywolf.yaml", "alertmanager: rules/a.yml\n")
	_, err := config.Load("../../.crywolf.yaml", checks.All())
	require.Error(t, err, "from elsewhere")
	c, err := config.Load(".crywolf.yaml", checks.All())
	require.NoError(t, err)
	named, err := c.Alertmanager()
	require.NoError(t, err)
	require.Equal(t, "rules/a.yml", named)
	put(".crywolf.yaml", "slos: [rules/a.yml, elsewhere]\n")
	c, err = config.Load(".crywolf.yaml", checks.All())
	require.NoError(t, err)
	slos, err := c.SLOs()
	require.NoError(t, err)
	require.Equal(t, []string{filepath.FromSlash("rules/a.yml"), "elsewhere"}, slos)
	put(".crywolf.yaml", "slos: [nowhere]\n")
	c, err = config.Load(".crywolf.yaml", checks.All())
	require.NoError(t, err)
	_, err = c.SLOs()
	require.EqualError(t, err, ".crywolf.yaml:1:8: the path nowhere is not there")
	put(".crywolf.yaml", "alertmanager: out/secret.yml\n")
	c, err = config.Load(".crywolf.yaml", checks.All())
	require.NoError(t, err)
	_, err = c.Alertmanager()
	require.ErrorContains(t, err, ".crywolf.yaml:1:15: the path ")
}
