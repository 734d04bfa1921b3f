package analyze_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// told runs all checks with settings and returns the findings of some.
func told(t *testing.T, settings analyze.Settings, check string, files ...*rules.File) []analyze.Finding {
	t.Helper()
	res, err := analyze.Run(t.Context(), analyze.NewFacts(rules.NewSet(files), settings), analyze.Options{Checks: checks.All()})
	require.NoError(t, err)
	var out []analyze.Finding
	for _, f := range res.Findings {
		if f.Check == check {
			out = append(out, f)
		}
	}
	return out
}

func TestDeclaredStyle(t *testing.T) {
	settings := analyze.Settings{
		Urgency: map[string]analyze.Urgency{"critical": analyze.UrgencyPage, "warning": analyze.UrgencyTicket},
		Style: map[analyze.Concern]analyze.Declared{
			analyze.ConcernOwner: {Keys: []string{"crew"}, Required: []analyze.Urgency{analyze.UrgencyPage}},
		},
	}
	file := parse("a.yml", shop)
	found := told(t, settings, "actionable/owner", file)
	require.Len(t, found, 1, "one page and two tickets: too few to infer a style from, enough to be held to one")
	require.Equal(t, "page `Down` names no owner (`crew`), which the configuration asks of all pages", found[0].Message)
	require.False(t, found[0].Inferred)
	pages := told(t, settings, "mapped/page-on-cause", parse("a.yml", strings.ReplaceAll(shop, "up{job=\"shop\"} == 0", "node_load1 > 5")))
	require.Len(t, pages, 1)
	require.False(t, pages[0].Inferred, "that critical pages was declared")

	settings.Adjust = func(check string, f *rules.File, r *rules.Rule) analyze.Adjustment {
		return analyze.Adjustment{Severity: analyze.Error}
	}
	found = told(t, settings, "actionable/owner", file)
	require.Equal(t, analyze.Error, found[0].Severity)
	inferred := told(t, analyze.Settings{Adjust: settings.Adjust}, "mapped/page-on-cause", parse("a.yml", strings.ReplaceAll(shop, "up{job=\"shop\"} == 0", "node_load1 > 5")))
	require.Equal(t, analyze.Info, inferred[0].Severity, "what is inferred fails no build, whatever the configuration says of the check")
}

func TestUrgencyOrder(t *testing.T) {
	routed := func(r *rules.Rule) (analyze.Urgency, bool) {
		return analyze.UrgencyInfo, r.Name() != "Errors"
	}
	for name, tt := range map[string]struct {
		settings analyze.Settings
		want     []analyze.Urgency // of Down (critical), Busy and Errors (warning)
		inferred bool
		assumed  string
	}{
		"nothing said": {analyze.Settings{}, []analyze.Urgency{"page", "ticket", "ticket"}, true, "urgency from severities"},
		"declared": {analyze.Settings{Urgency: map[string]analyze.Urgency{"critical": "info"}},
			[]analyze.Urgency{"info", "ticket", "ticket"}, false, "warning, not in it, taken for tickets"},
		"routed": {analyze.Settings{Routed: routed}, []analyze.Urgency{"info", "info", "ticket"}, false, "urgency of 2 of 3 alerts from Alertmanager's"},
		"both": {analyze.Settings{Urgency: map[string]analyze.Urgency{"critical": "page"}, Routed: routed},
			[]analyze.Urgency{"page", "info", "ticket"}, false, "urgency of 1 of 3 alerts"},
	} {
		t.Run(name, func(t *testing.T) {
			facts := analyze.NewFacts(rules.NewSet([]*rules.File{parse("a.yml", shop)}), tt.settings)
			for i, a := range facts.Alerts {
				require.Equal(t, tt.want[i], a.Urgency, a.Rule.Name())
			}
			require.Equal(t, tt.inferred, facts.Alerts[0].UrgencyInferred)
			require.Contains(t, strings.Join(slices.Concat(facts.Told(), facts.Assumptions()), "\n"), tt.assumed)
		})
	}
}

func TestDeclaredScopes(t *testing.T) {
	plain := func(path, name string) *rules.File {
		return parse(path, "groups:\n- name: g\n  rules:\n  - {alert: "+name+", expr: x > 5, for: 5m}\n")
	}
	scope := func(r *rules.Rule) (string, bool) {
		name, _, ok := strings.Cut(r.File().Path, "/")
		return name, ok && name != "rest"
	}
	found := func(a, b *rules.File) int {
		return len(told(t, analyze.Settings{Scope: scope}, "unique/identical", a, b))
	}
	require.Equal(t, 1, found(plain("eu/x/a.yml", "A"), plain("eu/y/b.yml", "A")), "one declared scope: nothing is guessed")
	require.Equal(t, 0, found(plain("eu/a.yml", "A"), plain("us/b.yml", "B")), "scopes never meet")
	require.Equal(t, 0, found(plain("eu/a.yml", "A"), plain("rest/b.yml", "B")), "nor with what is in none")
	require.Equal(t, 0, found(plain("rest/x/a.yml", "A"), plain("rest/y/b.yml", "A")), "in no scope: unclear stays unclear")
	require.Equal(t, 1, found(plain("rest/x/a.yml", "A"), plain("rest/y/b.yml", "B")))
}

func TestAdjust(t *testing.T) {
	points := 3
	settings := analyze.Settings{Adjust: func(check string, f *rules.File, r *rules.Rule) analyze.Adjustment {
		switch {
		case check == "sound/template" && r.Name() == "Errors":
			return analyze.Adjustment{Points: &points, Severity: analyze.Info}
		case check == "quiet/no-for":
			return analyze.Adjustment{Off: true}
		}
		return analyze.Adjustment{}
	}}
	file := parse("a.yml", shop)
	require.NotEmpty(t, told(t, analyze.Settings{}, "quiet/no-for", file))
	require.Empty(t, told(t, settings, "quiet/no-for", file))
	found := told(t, settings, "sound/template", file)
	require.Len(t, found, 1)
	require.Equal(t, analyze.Info, found[0].Severity)
	require.Equal(t, 3, found[0].Points)

	suppressed := parse("a.yml", strings.Replace(shop, "  - alert: Down", "  # crywolf disable quiet/no-for: known\n  - alert: Down", 1))
	require.Empty(t, told(t, settings, "sound/suppression", suppressed), "the check is off here, so nobody knows what the comment would silence")
}

// What a configuration says of metrics decides what an alert stands for.
func TestDeclaredMetrics(t *testing.T) {
	set := rules.NewSet([]*rules.File{parse("a.yaml", `groups: [{name: g, rules: [{alert: A, expr: shop_frobnications > 5}]}]`)})
	for _, want := range []sli.Verdict{sli.Unknown, sli.Cause} {
		settings := analyze.Settings{}
		if want != sli.Unknown {
			settings.Metrics = []sli.Class{{Names: "shop_.*", Verdict: want}}
		}
		if got := analyze.NewFacts(set, settings).Alerts[0].Verdict(); got.Verdict != want {
			t.Errorf("got %s, want %s: %s", got.Verdict, want, got.Evidence)
		}
	}
}
