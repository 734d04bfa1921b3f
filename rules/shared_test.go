package rules

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Rules of a large set say the same as those of a small one.
func TestPackedRules(t *testing.T) {
	src := []byte(`groups:
- name: g
  labels: {a: b}
  rules:
  - record: r
    expr: sum by (job) (rate(x{code=~"5.."}[5m]))
  - alert: Shared
    expr: sum by (job) (rate(x{code=~"5.."}[5m])) > 1
  - alert: SharedAgain
    expr: x{code=~"5.."} > 2 and up{job=~"only|here"} == 1
  - alert: Rare
    expr: x @ 5 > 1
  - alert: Constant
    expr: vector(1)
  - alert: Experimental
    expr: limitk(2, x) > 1
  - alert: Broken
    expr: sum(
`)
	full := &shared{}
	full.kept.Store(maxKept)
	plain, packed := Parse("a.yml", src, Options{}), Parse("a.yml", src, Options{shared: full})
	require.Equal(t, plain.Problems[0].Message, packed.Problems[0].Message)
	dropped := 0
	for i, want := range plain.Groups[0].Rules {
		got := packed.Groups[0].Rules[i]
		require.Equal(t, want.HasExpr(), got.HasExpr(), got.Name())
		require.Equal(t, want.Selects(), got.Selects(), got.Name())
		require.Equal(t, want.Experimental(), got.Experimental(), got.Name())
		require.Equal(t, want.Name() == "Broken", want.Expr() == nil)
		if got.dropped {
			dropped++
			require.Nil(t, got.expr)
		}
		if want.Expr() == nil {
			require.Nil(t, got.Expr())
			continue
		}
		require.Equal(t, want.Expr().String(), got.Expr().String())
		require.Equal(t, want.Expr().PositionRange(), got.Expr().PositionRange())
		got.Hold()
		held := got.Expr()
		require.Same(t, held, got.Expr(), got.Name())
		require.Equal(t, want.Expr().String(), held.String())
		got.Release()
		require.Equal(t, want.Expr().String(), got.Expr().String())
	}
	require.Equal(t, 5, dropped, "all alerts that parse, and no recording rule")
}

// Once a set proves to be large, what was kept of it before is packed too.
func TestSettle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yml")
	require.NoError(t, os.WriteFile(path, []byte("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n"), 0o600))
	s := &shared{}
	f := read(path, Options{shared: s})
	rule := f.Groups[0].Rules[0]
	s.settle([]*File{f})
	require.False(t, rule.dropped)
	s.kept.Add(maxKept)
	s.settle([]*File{f})
	require.True(t, rule.dropped)
	require.Equal(t, "up == 0", rule.Expr().String())
}
