package sli

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// part is what a selector is of an SLI.
type part uint8

const (
	badEvents part = iota
	goodEvents
	allEvents
	value // that the SLI itself compares
)

func (p part) String() string {
	return [...]string{"the bad-event query", "the good-event query", "the total", "the value"}[p]
}

// A target is one selector of an SLI's queries, which alerts may read too.
type target struct {
	memo     *memo
	sli      *SLI
	weight   weight
	sift     sift
	upTo     float64 // of a native histogram, up to where events are good; 0 where it is none
	part     part
	base     string // see familyOf
	kind     kind
	matchers []*labels.Matcher
	le       string    // the bound of a bucket, "" where there is none
	all      []*target // the totals of the SLI, for a good or a bad one
	falls    bool      // see use.falls
	level    bool      // of something that is, and not of events: good where it is up, as a probe's success is
	beside   []*target // what its query adds to it or takes from it
	outcomes []string  // the labels by which good and bad events may be told apart
	splits   []string  // those by which it is less than its totals
}

// kind is which of a histogram's series a metric has.
type kind uint8

const (
	plain kind = iota
	bucketKind
	countKind
	sumKind
)

// A sift is a comparison that chooses what is counted: count(x >= 0.75). The
// zero sift counts all.
type sift struct {
	op    parser.ItemType
	bound float64
	limit string // the metric that it compares with, where that is no number
}

// siftOf is the inner one of two comparisons, or of a query that is compared
// with nothing itself, the only one.
func siftOf(r *reading, query bool) sift {
	if r.how.op == 0 || !query && r.how.outer.op == 0 {
		return sift{}
	}
	s := sift{r.how.op, r.how.bound, r.how.limit}
	if math.IsNaN(s.bound) {
		s.bound = 0
	}
	return s
}

// familyOf takes a metric's name apart. What is recorded for several windows is
// one family.
func familyOf(metric string) (base string, k kind) {
	if i := strings.LastIndexByte(metric, '_'); i > 0 {
		switch metric[i:] {
		case "_bucket":
			return metric[:i], bucketKind
		case "_count":
			return metric[:i], countKind
		case "_sum":
			return metric[:i], sumKind
		}
	}
	return unwindowed(metric), plain
}

// boundOf is the bucket that the matchers pick, in one spelling.
func boundOf(ms []*labels.Matcher) string {
	for _, m := range ms {
		if m.Name == model.BucketLabel && positive(m) {
			if v, err := strconv.ParseFloat(m.Value, 64); err == nil {
				return strconv.FormatFloat(v, 'g', -1, 64)
			}
			return m.Value
		}
	}
	return ""
}

// targetsOf reads the queries of an SLI. ok is false for one of too many
// selectors.
func targetsOf(s *SLI, records recordsFunc, m *memo) (targets []*target, ok bool) {
	var out []*target
	add := func(q *Query, whole, under part) {
		if q == nil || q.Expr == nil {
			return
		}
		w := walker{judge: &judge{records: records, memo: m}, whole: true}
		w.read(q.Expr, use{})
		from := len(out)
		for i := range w.out {
			r := &w.out[i]
			if r.metric == "" || r.how.has(absence) {
				continue
			}
			r.matchers = byStatuses(r.matchers)
			p := whole
			switch {
			case r.how.has(below):
				p = under
			case r.how.has(complement) && whole == badEvents:
				p = goodEvents
			case r.how.has(complement) && whole == goodEvents:
				p = badEvents
			}
			t := &target{memo: m, sli: s, part: p, matchers: r.matchers, le: boundOf(r.matchers), sift: siftOf(r, true), falls: r.how.falls()}
			t.level = (q == s.Value || q == s.Ratio) && !r.how.has(rated|absence|gone|age|quantile|counted)
			t.base, t.kind = familyOf(r.metric)
			if p == badEvents || p == goodEvents {
				for _, l := range r.matchers {
					if m.match(outcomeLabels, l.Name) {
						t.outcomes = append(t.outcomes, l.Name)
					}
				}
			}
			out = append(out, t)
		}
		addends := slices.DeleteFunc(slices.Clone(out[from:]), func(t *target) bool { return whole != under && t.part == under })
		for _, t := range addends[:min(len(addends), maxAddends)] {
			t.beside = addends
		}
	}
	add(s.Total, allEvents, allEvents)
	add(s.Bad, badEvents, allEvents)
	add(s.Good, goodEvents, allEvents)
	if s.Good == nil && s.Bad == nil && s.Op == parser.LTE {
		for _, t := range out { // a native histogram
			good := *t
			good.part, good.upTo = goodEvents, s.Threshold
			out = append(out, &good)
		}
	}
	share := goodEvents
	if s.RatioIsBad {
		share = badEvents
	}
	add(s.Ratio, share, allEvents)
	add(s.Value, value, allEvents)
	if len(out) > maxTargets {
		return nil, false
	}
	for _, t := range out {
		t.weight = weightOf(t.matchers)
	}
	return related(out), true
}

// maxTargets bounds the selectors of one SLI that are compared.
const maxTargets = 200

// maxAddends bounds what is looked at of a query that adds up very much.
const maxAddends = 100

// related finds the totals of each target. Beside others, one that reads a total
// itself is but that: the first part of total - good. Alone it is an average,
// sum(x) / count(x).
func related(all []*target) []*target {
	var totals, alike []*target
	others := 0
	for _, t := range all {
		if t.part == allEvents {
			totals = append(totals, t)
		}
	}
	for _, t := range all {
		if t.part == allEvents || t.part == value {
			continue
		}
		for _, total := range totals {
			if t.base != total.base {
				continue
			}
			t.all = append(t.all, total)
			apart := t.memo.contain(t.matchers, total.matchers)
			t.splits = append(t.splits, apart.narrowed...)
			t.outcomes, total.outcomes = append(t.outcomes, apart.narrowed...), append(total.outcomes, apart.narrowed...)
			if t.kind == total.kind && t.le == total.le && apart.equal() {
				alike = append(alike, t)
			}
		}
		if !slices.Contains(alike, t) {
			others++
		}
	}
	if others > 0 {
		for _, t := range alike {
			t.part = allEvents
		}
	}
	for _, t := range all {
		t.beside = slices.DeleteFunc(slices.Clone(t.beside), func(o *target) bool { return o == t || o.part == allEvents })
	}
	return all
}

// low reports a comparison that asks for little: as "is 0" does, and "is not 1".
func (r *reading) low() bool {
	switch r.asked {
	case parser.LSS, parser.LTE:
		return true
	case parser.EQLC:
		return !(r.askedOf > 0)
	case parser.NEQ:
		return r.askedOf > 0
	}
	return false
}

func high(op parser.ItemType) bool { return op == parser.GTR || op == parser.GTE }

// falls reports what is less the more there is of what is read: 1 - x, time() - x.
func (u use) falls() bool { return u.has(complement) != u.has(since) }

// good reports whether a value is, to an SLI that compares values.
func (s *SLI) good(v float64) bool {
	switch s.Op {
	case parser.LSS:
		return v < s.Threshold
	case parser.LTE:
		return v <= s.Threshold
	case parser.GTR:
		return v > s.Threshold
	}
	return v >= s.Threshold
}
