package analyze

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

func TestObscure(t *testing.T) {
	set := rules.NewSet([]*rules.File{rules.Parse("rules.yaml", []byte(`groups:
- name: g
  rules:
  - {record: 'a:b', expr: sum(errors_total)}
  - {record: 'c:d', expr: 'a:b + e:f'}
  - {record: 'x:y', expr: 'x:y + z:z'}
  - {record: 'z:z', expr: 'x:y'}
  - {alert: Plain, expr: errors_total > 1}
  - {alert: Known, expr: 'a:b > 1'}
  - {alert: Unknown, expr: 'up == 0 or g:h > 1'}
  - {alert: Through, expr: 'c:d > 1'}
  - {alert: Cycle, expr: 'x:y > 1'}
`), rules.Options{})})
	f := NewFacts(set, Settings{})
	got := map[string]bool{}
	for range 2 {
		for _, a := range f.Alerts {
			got[a.Rule.Name()] = f.Obscure(a)
		}
		require.Equal(t, map[string]bool{"Plain": false, "Known": false, "Unknown": true, "Through": true, "Cycle": false}, got)
	}
}
