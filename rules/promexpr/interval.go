package promexpr

import (
	"math"

	"github.com/prometheus/prometheus/promql/parser"
)

// An Interval bounds the float values of a result.
type Interval struct {
	// Each value v has Lo <= v <= Hi or is NaN. A zero with a minus sign counts
	// as below zero.
	Lo, Hi float64
	NaN    bool // a value can be NaN
	Inf    bool // a value can be infinite, where Lo or Hi is
}

// tiny is the smallest positive number: what separates > 0 from >= 0.
const tiny = math.SmallestNonzeroFloat64

var (
	anything    = Interval{Lo: math.Inf(-1), Hi: math.Inf(1), NaN: true, Inf: true}
	nonNegative = Interval{Lo: 0, Hi: math.Inf(1)}
)

func exactly(v float64) Interval {
	i := Interval{Lo: v, Hi: v, Inf: math.IsInf(v, 0)}
	if math.IsNaN(v) {
		return Interval{Lo: math.Inf(1), Hi: math.Inf(-1), NaN: true}
	}
	if v == 0 && math.Signbit(v) {
		i.Lo = -tiny
	}
	return i
}

// Always reports whether each value in the interval satisfies the comparison
// with the threshold.
func (i Interval) Always(op parser.ItemType, threshold float64) bool {
	if op == parser.NEQ { // NaN is unequal to everything
		return threshold < i.Lo || threshold > i.Hi || math.IsNaN(threshold)
	}
	if i.NaN {
		return false
	}
	switch op {
	case parser.GTR, parser.GTE, parser.EQLC:
		if !compare(op, i.Lo, threshold) {
			return false
		}
	}
	switch op {
	case parser.LSS, parser.LTE, parser.EQLC:
		return compare(op, i.Hi, threshold)
	}
	return op.IsComparisonOperator()
}

// Never reports whether no value in the interval satisfies the comparison with
// the threshold.
func (i Interval) Never(op parser.ItemType, threshold float64) bool {
	if math.IsNaN(threshold) {
		return op.IsComparisonOperator() && op != parser.NEQ
	}
	switch op {
	case parser.GTR:
		return i.Hi <= threshold
	case parser.GTE:
		return i.Hi < threshold
	case parser.LSS:
		// A minus zero stands below Lo == 0 nowhere, but Lo == -tiny may be one.
		return i.Lo >= threshold
	case parser.LTE:
		return i.Lo > threshold
	case parser.EQLC:
		return i.Lo > threshold || i.Hi < threshold
	case parser.NEQ:
		return i.Lo == threshold && i.Hi == threshold && !i.NaN
	}
	return false
}

// canBeZero reports whether a value can be zero of either sign.
func (i Interval) canBeZero() bool { return i.Lo <= 0 && i.Hi >= 0 }

func (i Interval) union(o Interval) Interval {
	return Interval{Lo: math.Min(i.Lo, o.Lo), Hi: math.Max(i.Hi, o.Hi), NaN: i.NaN || o.NaN, Inf: i.Inf || o.Inf}
}

// signOnly widens the interval to what rounding can't spoil: its sign.
func (i Interval) signOnly() Interval {
	if i.Lo >= 0 {
		i.Lo = 0
	} else {
		i.Lo = math.Inf(-1)
	}
	if i.Hi <= 0 {
		i.Hi = 0
	} else {
		i.Hi = math.Inf(1)
	}
	return i
}

// mean is the interval of a mean, or of an interpolation, of values in i.
func (i Interval) mean() Interval {
	out := i.signOnly()
	out.NaN = i.NaN || i.Inf
	return out
}

// sum is the interval of the sum of one or more values in i.
func (i Interval) sum() Interval {
	out := i
	if i.Lo < 0 {
		out.Lo = math.Inf(-1)
	}
	if i.Hi > 0 {
		out.Hi = math.Inf(1)
	}
	out.NaN = i.NaN || i.Inf && i.Lo < 0 && i.Hi > 0
	return out
}

func (i Interval) negate() Interval {
	i.Lo, i.Hi = -i.Hi, -i.Lo
	if i.Lo == 0 {
		i.Lo = -tiny
	}
	return i
}

func (i Interval) add(o Interval) Interval {
	out := Interval{Lo: i.Lo + o.Lo, Hi: i.Hi + o.Hi, NaN: i.NaN || o.NaN, Inf: i.Inf || o.Inf}
	if math.IsInf(i.Lo, -1) || math.IsInf(o.Lo, -1) {
		out.Lo = math.Inf(-1)
	}
	if math.IsInf(i.Hi, 1) || math.IsInf(o.Hi, 1) {
		out.Hi = math.Inf(1)
	}
	if i.Inf && o.Inf && (math.IsInf(out.Lo, -1) && math.IsInf(out.Hi, 1)) {
		out.NaN = true
	}
	return out
}

func (i Interval) multiply(o Interval) Interval {
	out := Interval{Lo: math.Inf(1), Hi: math.Inf(-1), Inf: i.Inf || o.Inf}
	for _, a := range [...]float64{i.Lo, i.Hi} {
		for _, b := range [...]float64{o.Lo, o.Hi} {
			p := a * b
			if math.IsNaN(p) { // an infinite bound that a zero keeps down
				p = 0
			}
			out.Lo, out.Hi = math.Min(out.Lo, p), math.Max(out.Hi, p)
		}
	}
	if out.Lo == 0 && (i.Lo < 0 || o.Lo < 0) {
		out.Lo = -tiny
	}
	out.NaN = i.NaN || o.NaN || i.Inf && o.canBeZero() || o.Inf && i.canBeZero()
	return out
}

func (i Interval) divide(o Interval) Interval {
	out := anything
	out.NaN = i.NaN || o.NaN || i.Inf && o.Inf || i.canBeZero() && o.canBeZero()
	switch {
	case o.Lo > 0:
		out.Lo, out.Hi = i.Lo/o.Hi, i.Hi/o.Lo
		if i.Lo < 0 {
			out.Lo = i.Lo / o.Lo
		}
		if i.Hi < 0 {
			out.Hi = i.Hi / o.Hi
		}
		// Infinities over infinities say nothing.
		if math.IsNaN(out.Lo) {
			out.Lo = math.Min(0, i.Lo)
		}
		if math.IsNaN(out.Hi) {
			out.Hi = math.Max(0, i.Hi)
		}
		out.Inf = i.Inf || math.IsInf(1/o.Lo, 0)
	case o.Lo >= 0 && i.Lo >= 0:
		out.Lo = 0
	}
	return out
}

// narrow returns the values of i that can satisfy a comparison with a value of
// o.
func (i Interval) narrow(op parser.ItemType, o Interval) Interval {
	switch op {
	case parser.GTR, parser.GTE, parser.EQLC:
		lo := o.Lo
		if op == parser.GTR && !math.IsInf(lo, 0) {
			lo = math.Nextafter(lo, math.Inf(1))
		}
		if lo == 0 { // minus zero is equal to zero
			lo = -tiny
		}
		i.Lo = math.Max(i.Lo, lo)
	}
	switch op {
	case parser.LSS, parser.LTE, parser.EQLC:
		i.Hi = math.Min(i.Hi, o.Hi)
	}
	if op != parser.NEQ {
		i.NaN = false
	}
	return i
}
