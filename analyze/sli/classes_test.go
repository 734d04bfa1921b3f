package sli

import (
	"regexp"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// Every row is the first to match some metric of the examples: none is dead,
// and none is untold.
func TestEveryClassHasAnExample(t *testing.T) {
	hit := map[string]bool{}
	var m memo
	for _, table := range []map[string][]example{byClass, byAdjuster} {
		for _, examples := range table {
			for _, x := range examples {
				parser.Inspect(parse(t, x.expr), func(n parser.Node, _ []parser.Node) error {
					if vs, ok := n.(*parser.VectorSelector); ok {
						if r := m.lookup(vs.Name, vs.LabelMatchers); r != nil {
							hit[r.names+r.values] = true
						}
					}
					return nil
				})
			}
		}
	}
	for _, c := range classes {
		if !hit[c.names+c.values] {
			t.Errorf("no example for the class of %s %s", c.names, c.values)
		}
		if c.what == "" || c.label != "" && c.values == "" {
			t.Errorf("incomplete class: %s", c.names)
		}
		if c.verdict == Unknown && c.reads != asked && c.reads != state && c.reads != shared && c.reads != service && c.reads != parts {
			t.Errorf("a class that is looked at without a verdict: %s", c.names)
		}
	}
}

// The index and the required literals only ever leave out rows that don't
// match: the table read from top to bottom with the standard library is right.
func TestLookupAgainstTheTable(t *testing.T) {
	names := []string{"up", "x", "é", "http_requests_total", "_", ":", "a:b:c"}
	for _, table := range []map[string][]example{byClass, byAdjuster} {
		for _, examples := range table {
			for _, x := range examples {
				parser.Inspect(parse(t, x.expr), func(n parser.Node, _ []parser.Node) error {
					if vs, ok := n.(*parser.VectorSelector); ok && vs.Name != "" {
						names = append(names, vs.Name, vs.Name+"_total", "my_"+vs.Name, vs.Name[:len(vs.Name)/2+1])
					}
					return nil
				})
			}
		}
	}
	if dir := corpora.Dir(); dir != "" {
		for _, s := range corpus(t) {
			if name := metricOf(s.expr); name != "" {
				names = append(names, name)
			}
		}
	}
	slow := make([]*regexp.Regexp, len(classes))
	for i, c := range classes {
		slow[i] = regexp.MustCompile("^(?s:" + c.names + ")$")
	}
	var m memo
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		var want []string
		for i, c := range classes {
			if slow[i].MatchString(name) {
				want = append(want, c.names)
				if c.label == "" {
					break
				}
			}
		}
		got := m.rows(name)
		if len(got) != len(want) {
			t.Errorf("%s: got %d rows, want %v", name, len(got), want)
			continue
		}
		for i := range got {
			if got[i].names != want[i] {
				t.Errorf("%s: row %d is %s, want %s", name, i, got[i].names, want[i])
			}
		}
	}
}
