package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/rules"
)

// FuzzParse: whatever the file holds, it is refused at places within it, or its
// settings can be asked.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{full, "", "paths: [", "a: &a [*a, *a]\n", "urgency: {A: page, a: x}", "\xff", "- - - -", "? {}\n: 1", "paths: ['{a,{b,c}}*?[x-y]**']"} {
		f.Add(seed)
	}
	file := rules.Parse("rules/a.yml", []byte("groups:\n- name: g\n  rules:\n  - {alert: A, expr: up == 0, labels: {severity: page}}\n"), rules.Options{})
	rule := file.Groups[0].Rules[0]
	f.Add("overrides:\n  -") // nothing, where a mapping is wanted
	f.Add("style: {owner: }\nmetrics: [~]\nslis: [~]\nscopes: [~]")
	f.Fuzz(func(t *testing.T, text string) {
		all := checks.All()
		c, err := config.Parse("x", []byte(text), all)
		var invalid *config.Invalid
		if errors.As(err, &invalid) {
			lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
			for _, p := range invalid.Problems {
				require.NotEmpty(t, p.Message)
				require.True(t, p.Line >= 1 && p.Line <= len(lines) && p.Column >= 1 && p.Column <= len(lines[p.Line-1])+1, "%d:%d: %s", p.Line, p.Column, p.Message)
			}
			return
		}
		require.NoError(t, err)
		s := c.Settings()
		if s.Scope != nil {
			s.Scope(rule)
		}
		if s.Adjust != nil {
			for _, check := range all {
				s.Adjust(check.ID, file, rule)
			}
		}
	})
}
