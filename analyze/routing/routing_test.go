package routing

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

func rule(t *testing.T, name, labels string) *rules.Rule {
	t.Helper()
	f := rules.Parse("a.yml", fmt.Appendf(nil, "groups:\n- name: g\n  rules:\n  - {alert: %s, expr: up == 0, labels: {%s}}\n", name, labels), rules.Options{})
	require.Empty(t, f.Problems)
	return f.Groups[0].Rules[0]
}

const receivers = `
receivers:
- name: pager
  pagerduty_configs: [{routing_key: hush}]
- name: tickets
  jira_configs: [{api_url: "https://jira.test", project: OPS, issue_type: Task}]
- name: chat
  slack_configs: [{api_url: "https://hooks.test/hush", channel: "#x"}]
- name: hook
  webhook_configs: [{url: "https://hook.test"}]
- name: both
  slack_configs: [{api_url: "https://hooks.test/hush", channel: "#x"}]
  pagerduty_configs: [{routing_key: hush}]
- name: doubtful
  slack_configs: [{api_url: "https://hooks.test/hush", channel: "#x"}]
  webhook_configs: [{url: "https://hook.test"}]
- name: "null"
`

func TestUrgency(t *testing.T) {
	for _, tt := range []struct {
		routes, alert, labels string
		want                  string // "" where it is not sure
	}{
		{`{receiver: pager}`, "A", "", "page"},
		{`{receiver: both}`, "A", "", "page"},
		{`{receiver: tickets}`, "A", "", "ticket"},
		{`{receiver: chat}`, "A", "", "info"},
		{`{receiver: hook}`, "A", "", ""},
		{`{receiver: doubtful}`, "A", "", ""},
		{`{receiver: "null"}`, "A", "", ""}, // a stub
		{`{receiver: chat, routes: [{receiver: "null", matchers: [alertname = A]}]}`, "A", "", "none"},
		{`{receiver: chat, routes: [{receiver: pager, matchers: [severity = page]}]}`, "A", "severity: page", "page"},
		{`{receiver: chat, routes: [{receiver: pager, matchers: [severity = page]}]}`, "A", "severity: ticket", "info"},
		{`{receiver: chat, routes: [{receiver: pager, matchers: [severity = page]}]}`, "A", "", ""},
		{`{receiver: chat, routes: [{receiver: pager, matchers: [severity = page]}]}`, "A", `severity: "{{ $labels.x }}"`, ""},
		{`{receiver: chat, routes: [{receiver: chat, matchers: [cluster = x]}]}`, "A", "", "info"}, // either way
		{`{receiver: chat, routes: [{receiver: pager, match: {team: a}, match_re: {severity: "page|critical"}}]}`, "A", "team: a, severity: critical", "page"},
		{`{receiver: chat, routes: [{receiver: tickets, continue: true, matchers: [team = a]}, {receiver: pager, matchers: [team = a]}]}`, "A", "team: a", "page"},
		{`{receiver: chat, routes: [{receiver: tickets, matchers: [team = a]}, {receiver: pager, matchers: [team = a]}]}`, "A", "team: a", "ticket"},
		{`{receiver: chat, routes: [{receiver: tickets, continue: true, matchers: [cluster = x]}, {receiver: pager, matchers: [team = a]}]}`, "A", "team: a", "page"},
		{`{receiver: pager, routes: [{matchers: [team = a], routes: [{receiver: chat, matchers: [severity = info]}]}]}`, "A", "team: a, severity: page", "page"},
		{`{receiver: chat, routes: [{receiver: pager, matchers: ['"service.name" = x']}]}`, "A", `"service.name": x`, "page"},
	} {
		tree, err := Parse("route: " + tt.routes + receivers)
		require.NoError(t, err, tt.routes)
		got, ok := tree.Urgency(rule(t, tt.alert, tt.labels))
		require.Equal(t, analyze.Urgency(tt.want), got, "%s of {%s}", tt.routes, tt.labels)
		require.Equal(t, tt.want != "", ok)
	}
}

// TestDispatch holds the walk to Alertmanager's own, which knows every label:
// what is called sure is so whatever the labels that the rule does not set.
func TestDispatch(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sure := 0
	for range 1500 {
		text := "route: " + randomRoute(random, 0) + receivers
		tree, err := Parse(text)
		require.NoError(t, err, text)
		loaded, err := config.Load(text)
		require.NoError(t, err)
		theirs := dispatch.NewRoute(loaded.Route, nil)
		reaches := map[string]reach{}
		for _, r := range loaded.Receivers {
			reaches[r.Name] = reachOf(r)
		}
		set := model.LabelSet{"alertname": "A"}
		var fields []string
		for _, name := range []model.LabelName{"a", "b", "c"} {
			if random.IntN(2) == 0 {
				set[name] = model.LabelValue(fmt.Sprint(random.IntN(2)))
				fields = append(fields, fmt.Sprintf("%s: %q", name, set[name]))
			}
		}
		got, ok := tree.Urgency(rule(t, "A", strings.Join(fields, ", ")))
		possible := map[reach]bool{}
		for _, full := range completions(set) {
			most := nobody
			for _, r := range theirs.Match(full) {
				most = max(most, reaches[r.RouteOpts.Receiver])
			}
			possible[most] = true
		}
		if !ok {
			require.False(t, len(fields) == 3 && !possible[unclear] && tree.notifies(), "every label is known, and it is not sure:\n%s", text)
			continue
		}
		sure++
		require.Equal(t, map[reach]bool{map[analyze.Urgency]reach{"page": pager, "ticket": tickets, "info": chat, "none": nobody}[got]: true}, possible, text)
	}
	require.Greater(t, sure, 300)
}

// completions are all label sets that an alert of these static ones may have.
func completions(set model.LabelSet) []model.LabelSet {
	out := []model.LabelSet{set}
	for _, name := range []model.LabelName{"a", "b", "c"} {
		if _, ok := set[name]; ok {
			continue
		}
		var next []model.LabelSet
		for _, s := range out {
			next = append(next, s)
			for _, v := range []model.LabelValue{"0", "1"} {
				with := s.Clone()
				with[name] = v
				next = append(next, with)
			}
		}
		out = next
	}
	return out
}

func randomRoute(random *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	var parts []string
	if depth == 0 || random.IntN(5) > 0 {
		parts = append(parts, "receiver: "+pick("pager", "tickets", "chat", "hook", `"null"`, "pager", "chat"))
	}
	if depth > 0 {
		var matchers []string
		for range 1 + random.IntN(2) {
			matchers = append(matchers, fmt.Sprintf("'%s %s \"%s\"'", pick("a", "b", "c"), pick("=", "!=", "=~", "!~"), pick("0", "1", "", "0|1")))
		}
		parts = append(parts, "matchers: ["+strings.Join(matchers, ", ")+"]", "continue: "+pick("true", "false"))
	}
	if depth < 3 {
		var children []string
		for range random.IntN(4) {
			children = append(children, randomRoute(random, depth+1))
		}
		parts = append(parts, "routes: ["+strings.Join(children, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// TestKinds: each kind that is known is one that Alertmanager has.
func TestKinds(t *testing.T) {
	has := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config.Receiver]()) {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		has[name] = true
	}
	for kind := range kinds {
		require.True(t, has[kind], kind)
	}
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "no route provided"},
		{"route: {receiver: nowhere}", `undefined receiver "nowhere"`},
		{"route: {receiver: chat, surprise: 1}" + receivers, "field surprise not found"},
		{"route: {receiver: chat, routes: [null]}" + receivers, "is an entry empty?"},
		{strings.Repeat("#", MaxSize+1), "more than 4 MiB"},
	} {
		_, err := Parse(tt.text)
		require.ErrorContains(t, err, tt.want, tt.text[:min(len(tt.text), 80)])
	}
	for _, secret := range []string{
		`receivers: [{name: a, slack_configs: [{api_url: "hush://hush:hush@[::1"}]}]`,
		`receivers: [{name: a, slack_configs: [{api_url: hush hush}]}]`,
		`receivers: [{name: a, slack_configs: "hush"}]`,
		`receivers: [{name: a, webhook_configs: [{url: "http://hush.test:hush/"}]}]`,
		`receivers: [{name: a, pagerduty_configs: [{routing_key: hush, send_resolved: hush}]}]`,
		`global: {smtp_smarthost: "mail.test:25", smtp_auth_password: [hush]}`,
		`global: {slack_api_url: "https://hush:hush"}`,
		`global: {http_config: {basic_auth: {username: a, password: hush, password_file: hush}}}`,
		"route: {receiver: chat}\nhush: 'hush",
	} {
		_, err := Parse("route: {receiver: a}\n" + secret)
		require.Error(t, err, secret)
		require.NotContains(t, strings.ReplaceAll(err.Error(), "field hush", ""), "hush", secret)
	}
}

// TestFilesStayUnread: what the configuration refers to is not opened.
func TestFilesStayUnread(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alertmanager.yml")
	require.NoError(t, os.WriteFile(path, []byte(`
global: {slack_api_url_file: /nowhere/at/all}
templates: [/nowhere/*.tmpl]
route: {receiver: chat}
receivers: [{name: chat, slack_configs: [{channel: x}], pagerduty_configs: [{routing_key_file: /nowhere/key}]}]
`), 0o600))
	tree, err := Load(path)
	require.NoError(t, err)
	got, ok := tree.Urgency(rule(t, "A", ""))
	require.True(t, ok)
	require.Equal(t, analyze.UrgencyPage, got)
	_, err = Load(path + ".gone")
	require.ErrorContains(t, err, "no such file")
}

func FuzzParse(f *testing.F) {
	f.Add("route: {receiver: chat, routes: [{receiver: pager, matchers: [a = b]}]}" + receivers)
	f.Add("route: {receiver: 'x', routes: [null]}\nreceivers: [{name: x}]")
	file := rules.Parse("a.yml", []byte("groups:\n- name: g\n  rules:\n  - {alert: A, expr: up == 0, labels: {severity: page}}\n"), rules.Options{})
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := Parse(text)
		if err != nil {
			require.LessOrEqual(t, len(err.Error()), 2*maxErrors)
			return
		}
		tree.Urgency(file.Groups[0].Rules[0])
	})
}
