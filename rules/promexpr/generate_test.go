package promexpr

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// gen makes random expressions over the metrics of the random data.
type gen struct {
	r *rand.Rand
	// counters keeps rate and its kin to counters, as authors do.
	counters bool
}

func pick[T any](r *rand.Rand, s ...T) T { return s[r.IntN(len(s))] }

func (g gen) labelList() string {
	var l []string
	for range g.r.IntN(4) {
		l = append(l, pick(g.r, "job", "pod", "env", "job", "pod", "le", "__name__"))
	}
	return "(" + strings.Join(l, ", ") + ")"
}

func (g gen) selector(names ...string) string {
	r := g.r
	name := pick(r, names...)
	var ms []string
	for range pick(r, 0, 0, 1, 1, 2, 3) {
		ms = append(ms, pick(r, "job", "job", "pod", "env", "nope")+pick(r, "=", "=", "!=", "=~", "!~")+
			`"`+pick(r, "a", "b", "p1", "p2", "x", "", ".+", "a|b")+`"`)
	}
	s := name
	switch r.IntN(8) {
	case 0:
		s = "{" + strings.Join(append(ms, `__name__="`+name+`"`), ",") + "}"
	case 1:
		if len(names) > 1 {
			s = "{" + strings.Join(append(ms, `__name__=~"`+name+`|`+pick(r, names...)+`"`), ",") + "}"
		}
	default:
		if len(ms) > 0 {
			s += "{" + strings.Join(ms, ",") + "}"
		}
	}
	return s
}

func (g gen) modifiers() string {
	switch g.r.IntN(14) {
	case 0:
		return " offset " + pick(g.r, "1m", "30s", "-30s", "(1m + 30s)", "step()", "0s", "-(1m)", "-(-(30s))", "+(30s)", "(1m)", "-step()")
	case 1:
		return " @ " + pick(g.r, "600", "601.5", "start()", "end()")
	case 2:
		return " @ 900 offset 2m"
	}
	return ""
}

var allMetrics = append(append([]string{"h_bucket", "nh", "always", "missing"}, counterNames...), gaugeNames...)

func (g gen) matrix(d int, names ...string) string {
	if d > 0 && g.r.IntN(5) == 0 && !g.counters {
		return "(" + g.vector(d-1) + ")" + pick(g.r, "[5m:1m]", "[10m:]", "[300:90s]", "[(2m * 2):30s]") + g.modifiers()
	}
	return g.selector(names...) + pick(g.r, "[5m]", "[2m]", "[90]", "[10m]", "[(5m - 1m)]") + pick(g.r, "", "", "", "", "", "", " offset 1m", " @ 900", " anchored", " smoothed")
}

func (g gen) number() string {
	return pick(g.r, "0", "1", "2", "-1", "0.5", "5", "1e3", "0x10", "1_000", "5m", "Inf", "-Inf", "NaN", "-0", "60 * 60", "(1 + 2) / 4", "2 ^ -1")
}

func (g gen) scalar(d int) string {
	if d <= 0 {
		return g.number()
	}
	switch g.r.IntN(8) {
	case 0:
		return "time()"
	case 1:
		return "scalar(" + g.vector(d-1) + ")"
	case 2:
		return "(" + g.scalar(d-1) + ") " + pick(g.r, "+", "-", "*", "/", "%", "^", "atan2", "> bool", "== bool", "<= bool", "!= bool") + " (" + g.scalar(d-1) + ")"
	case 3:
		return pick(g.r, "-", "+") + "(" + g.scalar(d-1) + ")"
	case 4:
		return pick(g.r, "pi()", "max_of(1, 2)", "step()")
	}
	return g.number()
}

// The functions by what they take, from the parser's own table.
var overVector, overMatrix, overHistogram = func() (v, m, h []string) {
	for _, name := range slices.Sorted(maps.Keys(parser.Functions)) {
		f := parser.Functions[name]
		switch {
		case name == "info" || len(f.ArgTypes) == 0:
		case strings.HasPrefix(name, "histogram_") && f.ArgTypes[0] == parser.ValueTypeVector && name != "histogram_quantiles":
			h = append(h, name)
		case f.ArgTypes[0] == parser.ValueTypeVector && (len(f.ArgTypes) == 1 || f.Variadic == 1):
			v = append(v, name)
		case f.ArgTypes[0] == parser.ValueTypeMatrix && len(f.ArgTypes) == 1:
			m = append(m, name)
		}
	}
	return v, m, h
}()

var onlyCounters = []string{"rate", "increase", "irate"}

func (g gen) matching(op string) string {
	r := g.r
	if r.IntN(3) == 0 {
		return ""
	}
	s := pick(r, " on ", " ignoring ") + g.labelList()
	switch op {
	case "and", "or", "unless":
		return s
	}
	if r.IntN(2) == 0 {
		s += pick(r, " group_left ", " group_right ") + pick(r, "()", "(env)", "(pod)", "(nope)", "(env, env)", "(__name__)")
	}
	if r.IntN(10) == 0 {
		s += pick(r, " fill (0)", " fill_left (1)", " fill_right (-1)", " fill_left (1) fill_right (2)")
	}
	return s
}

func (g gen) vector(d int) string {
	r := g.r
	if d <= 0 {
		return g.selector(allMetrics...) + g.modifiers()
	}
	v := func() string { return g.vector(d - 1) }
	switch r.IntN(22) {
	case 0, 1:
		return g.selector(allMetrics...) + g.modifiers()
	case 2, 3, 4:
		clause := ""
		if r.IntN(4) > 0 {
			clause = pick(r, " by ", " without ", " BY ") + g.labelList()
		}
		in := "(" + v() + ")"
		if r.IntN(2) == 0 {
			return pick(r, "sum", "avg", "min", "max", "count", "group", "stddev", "SUM") + clause + in
		}
		return pick(r, "sum", "count") + in + clause
	case 5:
		op := pick(r, "topk(2, ", "bottomk(1, ", "limitk(1, ", "limit_ratio(0.5, ", "quantile(0.5, ", `count_values("`+pick(r, "env", "val")+`", `)
		at := strings.IndexByte(op, '(')
		return op[:at] + pick(r, "", " by "+g.labelList(), " without "+g.labelList()) + op[at:] + v() + ")"
	case 6, 7, 8:
		f := pick(r, overMatrix...)
		names := allMetrics
		if g.counters && slices.Contains(onlyCounters, f) {
			names = counterNames
		}
		return f + "(" + g.matrix(d, names...) + ")"
	case 9, 10:
		return pick(r, overVector...) + "(" + v() + ")"
	case 11:
		return pick(r, "absent", "absent", "timestamp") + "(" + pick(r, "", "", "+") + g.selector(allMetrics...) + ")"
	case 12:
		return pick(r, "histogram_quantile(0.9, ", "histogram_fraction(0, 1, ") + pick(r, g.selector("h_bucket"), "sum by (le, job) (rate(h_bucket[5m]))", "nh", v()) + ")"
	case 13:
		switch r.IntN(5) {
		case 0:
			return fmt.Sprintf(`label_join(%s, %q, %q, %q, %q)`, v(), pick(r, "env", "new", "job"), pick(r, "-", ""), pick(r, "job", "nope"), "pod")
		case 1:
			return "vector(" + g.scalar(d-1) + ")"
		case 2:
			return pick(r, "clamp_min", "clamp_max", "round") + "(" + v() + ", " + g.scalar(d-1) + ")"
		case 3:
			return "quantile_over_time(" + pick(r, "0.5", "0", "2", "-1") + ", " + g.matrix(d, allMetrics...) + ")"
		}
		return fmt.Sprintf(`label_replace(%s, %q, %q, %q, %q)`, v(), pick(r, "env", "new", "job"), pick(r, "$1", "z", "", "a-$1"), pick(r, "job", "pod", "", "nope"), pick(r, "(.*)", "(.+)", "", "p(.)", "a"))
	case 14:
		return pick(r, "-", "+") + "(" + v() + ")"
	case 15, 16:
		op := pick(r, "+", "-", "*", "/", "%", "^", "atan2", ">", "<", "==", "!=", ">=", "<=", "> bool", "== bool", "</")
		if r.IntN(2) == 0 && op != "</" {
			return "(" + g.scalar(d-1) + ") " + op + " " + "(" + v() + ")"
		}
		return "(" + v() + ") " + op + " (" + g.scalar(d-1) + ")"
	case 17, 18:
		op := pick(r, "and", "or", "unless", "AND")
		return "(" + v() + ") " + op + g.matching(strings.ToLower(op)) + " (" + v() + ")"
	case 19:
		return pick(r, overHistogram...) + "(" + pick(r, "nh", v()) + ")"
	}
	op := pick(r, "+", "*", "+", "*", "-", "/", "^", ">", "<", "==", "!=", ">=", "> bool", "== bool", "<= bool")
	return "(" + v() + ") " + op + g.matching(op) + " (" + v() + ")"
}

// expr makes an expression that parses.
func (g gen) expr(depth int) parser.Expr {
	for {
		s := g.vector(depth)
		if g.r.IntN(20) == 0 {
			s = g.scalar(depth)
		}
		if e, err := Parse(s); err == nil {
			return e
		}
	}
}
