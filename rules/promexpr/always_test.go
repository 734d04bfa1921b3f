package promexpr

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

func TestAlwaysReturns(t *testing.T) {
	for _, tc := range []struct {
		expr   string
		reason Reason
	}{
		{`sum(x{state="invalid"}) by (pod)`, ReasonComputed},
		{`sum(rate(x[5m])) / sum(rate(y[5m]))`, ReasonComputed},
		{`x * 100`, ReasonComputed},
		{`(time() - x) / 3600`, ReasonComputed},
		{`increase(x[5m])`, ReasonComputed},
		{`histogram_quantile(0.9, rate(x_bucket[5m]))`, ReasonComputed},
		{`histogram_quantile(0.9, sum by (job) (rate(x_bucket[5m])))`, ReasonFiltered},
		{`histogram_quantile(0.9, rate(x[5m]))`, ReasonFiltered},
		{`x > bool 5`, ReasonBool},
		{`5 < bool x`, ReasonBool},
		{`increase(x[5m]) >= 0`, ReasonTrue},
		{`sum(rate(x[5m])) > -1`, ReasonTrue},
		{`0 <= changes(x[1h])`, ReasonTrue},
		{`count(x) - count(y)`, ReasonComputed},
		{`(x > bool 5) < 2`, ReasonTrue},
		{`vector(1)`, ReasonConstant},
		{`vector(1) == 1`, ReasonConstant},
		{`time()`, ReasonConstant},
		{`sum(x) > 5 or vector(0)`, ReasonConstant},
		{`sum(x) or sum(y)`, ReasonComputed},

		{`x`, ReasonPresence},
		{`max_over_time(x[5m])`, ReasonPresence},
		{`count(x)`, ReasonPresence},
		{`count by (job) (x) > 0`, ReasonPresence},
		{`sum(ALERTS{alertstate="firing"})`, ReasonPresence},
		{`ALERTS * on () group_left () y`, ReasonPresence},
		{`sum by (a) (x_info)`, ReasonPresence},
		{`sum by (pod) (kube_pod_container_status_last_terminated_reason{reason="OOMKilled"})`, ReasonPresence},
		{`sum by (pod) ({job="a"})`, ReasonPresence},
		{`x or y`, ReasonPresence},

		{`absent(x)`, ReasonFiltered},
		{`absent(x) == 1`, ReasonFiltered},
		{`x > 5`, ReasonFiltered},
		{`x >= 0`, ReasonFiltered},
		{`abs(x) >= 0`, ReasonFiltered}, // NaN is not
		{`rate(x[5m]) / rate(y[5m]) >= 0`, ReasonFiltered},
		{`sum(x > 5)`, ReasonFiltered},
		{`count(x == 1)`, ReasonFiltered},
		{`count(x > 5) >= 0`, ReasonFiltered},
		{`rate(x[5m]) >= 0 and y`, ReasonFiltered},
		{`rate(x[5m]) unless y`, ReasonFiltered},
		{`sum(x) == sum(y)`, ReasonFiltered},
		{`sum(x > 5) or sum(y)`, ReasonFiltered},
		{`topk(0, sum by (a) (x))`, ReasonFiltered},
		{`limit_ratio(0.1, sum by (a) (x))`, ReasonFiltered},
		{`histogram_count(x)`, ReasonFiltered},
		{`increase(x[5m]) >= time()`, ReasonFiltered},
		{`(x > 5) * 100`, ReasonFiltered},
	} {
		v := AlwaysReturns(mustParse(t, tc.expr))
		require.Equal(t, tc.reason, v.Reason, tc.expr)
		always := tc.reason != ReasonFiltered && tc.reason != ReasonPresence
		require.Equal(t, always, v.Always, tc.expr)
		require.Equal(t, always, v.Text != "", tc.expr)
	}
}

// fullOracle has every metric with every label set at every step.
func fullOracle(t *testing.T, r *rand.Rand) *oracle {
	var b strings.Builder
	b.WriteString("load 30s\n")
	for _, name := range allMetrics {
		if name == "nh" || name == "missing" {
			continue
		}
		for _, job := range []string{"a", "b"} {
			for _, pod := range []string{"p1", "p2"} {
				fmt.Fprintf(&b, "  %s{job=%q,pod=%q,env=\"full\"", name, job, pod)
				if name == "h_bucket" {
					b.WriteString(`,le="+Inf"`)
				}
				b.WriteString("}")
				total := 0
				for range samples {
					v := pick(r, "0", "0", "-1", "1", "NaN", "Inf", "-Inf", "0.25", "100")
					if slices.Contains(counterNames, name) {
						total += r.IntN(3)
						v = fmt.Sprint(total)
					}
					b.WriteString(" " + v)
				}
				b.WriteString("\n")
			}
		}
	}
	return openOracle(t, b.String())
}

// inputsExist reports whether, for every operation between vectors in e, the two
// sides have label sets that match, and whether every selector finds samples.
func inputsExist(t *testing.T, o *oracle, e parser.Expr, ts time.Time) bool {
	ok := true
	walk(e, func(n parser.Expr) {
		if !ok {
			return
		}
		probe := ""
		switch n := n.(type) {
		case *parser.VectorSelector:
			probe = n.String()
		case *parser.MatrixSelector:
			probe = "count_over_time(" + n.String() + ") > 2"
		case *parser.SubqueryExpr:
			probe = "count_over_time(" + n.String() + ") > 2"
		case *parser.BinaryExpr:
			if m := n.VectorMatching; m != nil && !n.Op.IsSetOperator() {
				on := " ignoring ("
				if m.On {
					on = " on ("
				}
				probe = fmt.Sprintf("(%s) and%s%s) (%s)", n.LHS, on, strings.Join(m.MatchingLabels, ","), n.RHS)
			}
		}
		if probe == "" {
			return
		}
		v, err := o.eval(t, probe, ts)
		ok = err == nil && len(v) > 0
	})
	return ok
}

// TestAlwaysReturnsSound checks that what always returns does, given inputs.
func TestAlwaysReturnsSound(t *testing.T) {
	claimed, returned := 0, 0
	byReason := map[Reason]int{}
	for round := range *rounds {
		r := rand.New(rand.NewPCG(uint64(round), 4))
		o := fullOracle(t, r)
		g := gen{r: r, counters: true}
		for range 2500 {
			e := g.expr(r.IntN(4))
			text := e.String()
			if r.IntN(3) == 0 {
				text = "(" + text + ") " + pick(r, ">=", "<", ">", "!=", "== bool") + " " + g.number()
			}
			e, err := Parse(text)
			if err != nil || strings.Contains(text, "nh") {
				continue
			}
			if v := AlwaysReturns(e); !v.Always {
				continue
			} else {
				byReason[v.Reason]++
			}
			claimed++
			for _, i := range []int64{42, 55} {
				ts := time.UnixMilli(i*step.Milliseconds() + 7)
				v, err := o.eval(t, text, ts)
				if err != nil {
					continue
				}
				if len(v) > 0 {
					returned++
				} else if inputsExist(t, o, mustParse(t, text), ts) {
					t.Fatalf("%s\nreturns nothing at %v", text, ts)
				}
			}
		}
	}
	t.Logf("%d expressions claimed, by reason %v; %d results", claimed, byReason, returned)
	if returned < 200 {
		t.Error("too little was claimed")
	}
}

func TestAlwaysReturnsOnRealRules(t *testing.T) {
	found := 0
	for _, s := range corpora(t) {
		e := mustParse(t, s)
		if s == `sum(cilium_endpoint_state{endpoint_state="invalid"}) by (pod)` {
			require.True(t, AlwaysReturns(e).Always)
			found++
		}
	}
	require.Equal(t, 1, found)
}
