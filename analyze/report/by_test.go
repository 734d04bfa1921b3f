package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

// What a template gives is not known before the alert fires.
func TestStaticLabel(t *testing.T) {
	f := rules.Parse("r.yaml", []byte(`groups:
- name: g
  labels: {team: shop}
  rules:
  - {alert: Own, expr: up == 0, labels: {team: search}}
  - {alert: Groups, expr: up == 0}
  - {alert: Template, expr: up == 0, labels: {team: "{{ $labels.team }}"}}
  - {alert: Broken, expr: up == 0, labels: {team: "{{ if }}"}}
`), rules.Options{Named: true})
	for i, want := range []string{"search", "shop", "", ""} {
		require.Equal(t, want, staticLabel(f.Groups[0].Rules[i], "team"))
	}
	require.Empty(t, staticLabel(f.Groups[0].Rules[0], "service"))
}
