package promexpr

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

// packs requires that an expression comes out of Pack and Unpack as it went in.
func packs(t testing.TB, text string) bool {
	e, err := Parse(text)
	require.NoError(t, err, text)
	own := map[string]*labels.Matcher{}
	nan := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			for i, m := range n.LabelMatchers {
				if kept := own[m.String()]; kept != nil {
					n.LabelMatchers[i] = kept
				}
				own[m.String()] = n.LabelMatchers[i]
			}
		case *parser.NumberLiteral:
			nan = nan || math.IsNaN(n.Val)
		}
		return nil
	})
	packed, ok := Pack(nil, e, text)
	if !ok || nan {
		return false
	}
	again := Unpack(string(packed), text, func(kind labels.MatchType, name, value string) *labels.Matcher {
		return own[(&labels.Matcher{Type: kind, Name: name, Value: value}).String()]
	})
	if !reflect.DeepEqual(e, again) {
		require.Equal(t, e, again, text)
		require.Fail(t, "differs", text)
	}
	return true
}

func TestPackGenerated(t *testing.T) {
	packed := 0
	r := rand.New(rand.NewPCG(4, 9))
	for range 20_000 {
		if packs(t, gen{r: r}.expr(r.IntN(6)).String()) {
			packed++
		}
	}
	require.Greater(t, packed, 10_000)
	t.Logf("%d packed", packed)
}

func TestPackCorpora(t *testing.T) {
	packed, exprs := 0, corpora(t)
	for _, text := range exprs {
		if _, err := Parse(text); err == nil && packs(t, text) {
			packed++
		}
	}
	t.Logf("%d of %d expressions are packed", packed, len(exprs))
}

// What cannot be packed is said so, whatever part of it is the reason.
func TestPackRare(t *testing.T) {
	for _, text := range []string{
		`up @ 5`, `up @ start()`, `rate(up[5m] @ end())`, `up offset (5m * 2)`, `up[5m * 2]`, `up[10m:step()]`, `up offset -(5m)`,
		`rate(up[5m] anchored)`, `rate(up[5m] smoothed)`, `a + fill(0) b`, `a + on (x) group_left fill_right(1) b`, `max_over_time(up[5m:1m] @ 7)`,
		`up == bool 1`, `-up`, `+1`, `sum by () (up)`, `sum without () (up)`, `a / on () b`, `a / ignoring () group_left () b`, `topk(3, up)`, `quantile(0.9, up)`,
		`count_values("v", up)`, `time()`, `up{}`, `{__name__="a b", "c.d"="e"}`, `label_replace(up, "a", "\x41\n$1", "b", '(.*)')`, `5m`, `1h30m`, `Inf`, `"x"`, `(up)`,
		`up offset 5m`, `up offset -5m`, `up[5m:]`, `up[5m:30s] offset 1h`, `info(up, {a="b"})`, `absent(up)`, `a and on (x) b or c unless d`, `a ^ b % c atan2 d`,
	} {
		packs(t, text)
	}
	require.True(t, packs(t, `sum by (job) (rate(errors_total{code=~"5.."}[5m])) > 0.5 and on (job) up offset 5m == bool 1`))
	require.False(t, packs(t, `up @ 5`))
	require.False(t, packs(t, `up[5m * 2]`))
}
