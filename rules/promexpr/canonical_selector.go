package promexpr

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// selectMode is how a selector is written.
type selectMode int

const (
	selectNormal selectMode = iota
	// selectAbsent keeps repeated matchers of one label in their order: absent
	// makes labels of them by their order.
	selectAbsent
	// selectBraces keeps the name inside the braces, where info wants it.
	selectBraces
)

func (c *canon) selector(vs *parser.VectorSelector, mode selectMode) form {
	f := c.matchers(vs, mode)
	if c.modifiers(vs.Anchored, vs.Smoothed, vs.Timestamp, vs.StartOrEnd, vs.OriginalOffset, vs.OriginalOffsetExpr) {
		f = form{}
	}
	return f
}

func (c *canon) matrix(n *parser.MatrixSelector, mode selectMode) form {
	vs, ok := n.VectorSelector.(*parser.VectorSelector)
	if !ok { // the parser makes no such thing
		c.str(n.String())
		return form{}
	}
	c.matchers(vs, mode)
	c.str("[")
	c.window(n.Range, n.RangeExpr)
	c.str("]")
	c.modifiers(vs.Anchored, vs.Smoothed, vs.Timestamp, vs.StartOrEnd, vs.OriginalOffset, vs.OriginalOffsetExpr)
	return form{}
}

func (c *canon) subquery(n *parser.SubqueryExpr) form {
	c.operand(n.Expr)
	c.str("[")
	c.window(n.Range, n.RangeExpr)
	c.str(":")
	if n.Step != 0 || n.StepExpr != nil {
		c.duration(n.Step, n.StepExpr, false)
	}
	c.str("]")
	c.modifiers(false, false, n.Timestamp, n.StartOrEnd, n.OriginalOffset, n.OriginalOffsetExpr)
	return form{}
}

// window writes a range.
func (c *canon) window(d time.Duration, e *parser.DurationExpr) {
	if c.blur {
		c.str("_")
		return
	}
	c.duration(d, e, false)
}

// name writes a metric's name outside of braces.
func (c *canon) name(s string) {
	if c.blur {
		s, _ = blurName(s)
	}
	c.str(s)
}

func (c *canon) matchers(vs *parser.VectorSelector, mode selectMode) form {
	var room [8]*labels.Matcher
	ms := append(room[:0], vs.LabelMatchers...)
	byName := func(a, b *labels.Matcher) int { return strings.Compare(a.Name, b.Name) }
	if mode == selectAbsent {
		slices.SortStableFunc(ms, byName)
	} else {
		slices.SortFunc(ms, func(a, b *labels.Matcher) int {
			if d := byName(a, b); d != 0 {
				return d
			}
			if d := strings.Compare(a.Value, b.Value); d != 0 {
				return d
			}
			return int(a.Type) - int(b.Type)
		})
		ms = slices.CompactFunc(ms, func(a, b *labels.Matcher) bool {
			return a.Name == b.Name && a.Type == b.Type && a.Value == b.Value
		})
	}

	// The name goes outside when it is the only thing said of the name.
	name := -1
	for i, m := range ms {
		if m.Name != model.MetricNameLabel {
			continue
		}
		if name >= 0 || m.Type != labels.MatchEqual || !plainName(m.Value, true) || mode == selectBraces {
			name = -1
			break
		}
		name = i
	}
	if name >= 0 {
		c.name(ms[name].Value)
		if len(ms) == 1 {
			return atom
		}
	}
	c.str("{")
	first := true
	for i, m := range ms {
		if i == name {
			continue
		}
		if !first {
			c.str(",")
		}
		first = false
		c.label(m.Name)
		c.str(m.Type.String())
		c.buf = strconv.AppendQuote(c.buf, m.Value)
	}
	c.str("}")
	return atom
}

// modifiers writes what follows a selector, and reports whether that is
// anything.
func (c *canon) modifiers(anchored, smoothed bool, at *int64, edge parser.ItemType, offset time.Duration, offsetExpr *parser.DurationExpr) bool {
	before := len(c.buf)
	if anchored {
		c.str(" anchored")
	}
	if smoothed {
		c.str(" smoothed")
	}
	switch {
	case edge == parser.START || edge == parser.END:
		c.str(" @ ")
		c.str(edge.String())
		c.str("()")
	case at != nil:
		c.str(" @ ")
		c.seconds(*at, 1e3)
	}
	if offsetExpr != nil {
		if d, ok := foldDuration(offsetExpr, true); ok {
			offset, offsetExpr = d, nil
		}
	}
	if offset != 0 || offsetExpr != nil {
		c.str(" offset ")
		c.duration(offset, offsetExpr, true)
	}
	return len(c.buf) > before
}

// labels writes a list of label names as a sorted set.
func (c *canon) labels(names []string) {
	c.str("(")
	if !slices.IsSorted(names) {
		names = slices.Clone(names)
		slices.Sort(names)
	}
	for i, n := range names {
		if i > 0 {
			if n == names[i-1] {
				continue
			}
			c.str(",")
		}
		c.label(n)
	}
	c.str(")")
}

func (c *canon) label(n string) {
	if plainName(n, false) {
		c.str(n)
		return
	}
	c.buf = strconv.AppendQuote(c.buf, n)
}

// keywords are the words that the lexer may take for something else than a
// name, in lower case.
var keywords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{"inf": true, "nan": true}
	for _, w := range parser.Keywords() {
		words[strings.ToLower(w)] = true
	}
	return words
})

const longestKeyword = 24 // longer names needn't be looked up

// plainName reports whether the lexer reads s as a name without quotes:
// a metric's, or a label's.
func plainName(s string, metric bool) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || i > 0 && b >= '0' && b <= '9' || metric && b == ':' {
			continue
		}
		return false
	}
	return len(s) > longestKeyword || !keywords()[s] && !keywords()[strings.ToLower(s)]
}

// duration writes a range, step or offset.
func (c *canon) duration(d time.Duration, e *parser.DurationExpr, signed bool) {
	if e != nil {
		folded, ok := foldDuration(e, signed)
		if !ok {
			c.durationExpr(e)
			return
		}
		d = folded
	}
	if d%time.Millisecond != 0 || d == math.MinInt64 {
		c.seconds(int64(d), 1e9)
		return
	}
	if d < 0 {
		c.str("-")
		d = -d
	}
	if d == 0 {
		c.str("0s")
	}
	for _, u := range [...]struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}, {time.Millisecond, "ms"}} {
		if k := d / u.size; k > 0 {
			c.buf = strconv.AppendInt(c.buf, int64(k), 10)
			c.str(u.name)
			d -= k * u.size
		}
	}
}

// seconds writes n units, of which one second has perSecond, as a number of
// seconds that the parser reads back as the same n.
func (c *canon) seconds(n int64, perSecond float64) {
	guess := float64(n) / perSecond
	v := guess
	for _, dir := range [...]float64{math.Inf(1), math.Inf(-1)} {
		w := guess
		for range 4 {
			if int64(math.Round(v*perSecond)) == n {
				break
			}
			w = math.Nextafter(w, dir)
			v = w
		}
	}
	c.buf = strconv.AppendFloat(c.buf, v, 'f', -1, 64)
}
