package sli

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crywolf-dev/crywolf/rules"
)

// What a configuration says of metrics holds before the table, the first class
// that fits before the others.
func TestDeclaredClasses(t *testing.T) {
	extra := []Class{
		{Names: `shop_frobnications`, Verdict: Symptom, What: "baskets that vanish"},
		{Names: `shop_.*`, Label: "tier", Values: `back|batch`, Verdict: Cause},
		{Names: `shop_.*`, Label: "canary", Verdict: Meta},
		{Names: `shop:baskets:.*`, Verdict: Symptom, What: "baskets"},
		{Names: `node_load\d+`, Verdict: Unknown, What: "hosts that are rented by the hour"},
		{Names: `(`, Verdict: Symptom},
		{Names: `node_.*`, Values: "x", Verdict: Symptom},
	}
	set := rules.NewSet([]*rules.File{rules.Parse("shop.yaml", []byte(`groups:
- name: shop
  rules:
  - record: shop:baskets:lost
    expr: node_memory_MemFree_bytes
  - {alert: Vanish, expr: shop_frobnications > 5}
  - {alert: Back, expr: 'shop_queue_length{tier="back"} > 5'}
  - {alert: Front, expr: 'shop_queue_length{tier="front"} > 5'}
  - {alert: Canary, expr: 'shop_canary{canary="a"} == 0'}
  - {alert: NoCanary, expr: 'shop_canary{canary=""} == 0'}
  - {alert: Recorded, expr: shop:baskets:lost > 1}
  - {alert: Load, expr: node_load5 > 10}
  - {alert: Memory, expr: node_memory_MemFree_bytes < 10}
  - {alert: Gone, expr: absent(shop_frobnications)}
`), rules.Options{})})
	want := map[string]Verdict{
		"Vanish": Symptom, "Back": Cause, "Front": Imminent, "Canary": Meta, "NoCanary": Unknown, "Recorded": Symptom,
		"Load": Unknown, "Memory": Cause, "Gone": Unknown,
	}
	j := NewJudger(set.Recorders, extra...)
	for _, r := range set.Rules() {
		if r.Kind != rules.Alerting {
			continue
		}
		got := j.Judge(r)
		if got.Verdict != want[r.Name()] {
			t.Errorf("%s: got %s: %s", r.Name(), got.Verdict, got.Evidence)
		}
		checkJudgement(t, r.Name(), r.Expr(), got)
	}
	if got := j.Judge(set.Rules()[1]).Evidence; got != "`shop_frobnications` tells of baskets that vanish" {
		t.Error(got)
	}
}

func TestClassValidate(t *testing.T) {
	for _, c := range []struct {
		class Class
		wrong string
	}{
		{Class{Names: "a|b", Label: "x", Values: ".+", What: "y"}, ""},
		{Class{Names: "a", Label: "x"}, ""},
		{Class{}, "names is empty"},
		{Class{Names: "a)(b"}, "names is no regular expression"},
		{Class{Names: "a", Values: "b"}, "no label"},
		{Class{Names: "a", Label: "x", Values: "["}, "values is no regular expression"},
		{Class{Names: strings.Repeat("é", MaxPattern)}, ""},
		{Class{Names: strings.Repeat("a", MaxPattern+1)}, "more than 500"},
		{Class{Names: strings.Repeat(`(ab?){900}`, 40)}, "repeats more"},
		{Class{Names: "(a{100}){100}"}, "is no regular expression"},
		{Class{Names: "a", What: strings.Repeat("a", MaxWhat+1)}, "what has more"},
		{Class{Names: "a", Verdict: 9}, "no verdict"},
	} {
		err := c.class.Validate()
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%.50v: %v, want %q", c.class, err, c.wrong)
		}
	}
	many := make([]Class, MaxClasses+1)
	for i := range many {
		many[i] = Class{Names: "nothing", Verdict: Symptom}
	}
	many[MaxClasses].Names = "shop_frobnications"
	if got := (&memo{extra: declaredRows(many)}).rows("shop_frobnications"); len(got) != 0 {
		t.Error("a class too many was taken")
	}
}

// Rows that are declared are found as the table's are: read from top to bottom
// with the standard library, of whatever expression somebody writes.
func FuzzDeclaredLookup(f *testing.F) {
	for _, seed := range [][3]string{
		{"shop_.*", "shop_(a|b)+", "shop_ab"}, {"(?i)SHOP", "[^a-z]+", "shop"}, {"", ".*", "up"}, {`[^\x00-\x{10FFFF}]|up`, "up|", "up"},
		{"(é|x)?y", "y$", "y"}, {`^up\b`, `(?s:.)p`, "up"}, {"a{2,3}", "a**", "aaa"}, {"(?U)u.*", "[u]p", "up\n"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, a, b, name string) {
		if name == "" {
			return
		}
		var want []string
		for _, re := range []string{a, b} {
			if ValidPattern(re) == nil && regexp.MustCompile("^(?s:"+re+")$").MatchString(name) {
				want = append(want, re)
				break
			}
		}
		m := memo{extra: declaredRows([]Class{{Names: a, Verdict: Cause}, {Names: b, Verdict: Cause}})}
		var got []string
		for _, r := range m.rows(name) {
			if r.reads == declared {
				got = append(got, r.names)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, %q of %q: got %q, want %q", a, b, name, got, want)
		}
	})
}
