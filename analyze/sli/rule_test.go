package sli

import (
	"sync"
	"testing"

	"github.com/crywolf-dev/crywolf/rules"
)

const shopRules = `
groups:
- name: shop
  labels: {team: shop}
  rules:
  - record: job:errors:ratio_rate5m
    expr: sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))
  - alert: ShopErrors
    expr: job:errors:ratio_rate5m{job="shop"} > 0.01
  - alert: ShopHostBusy
    expr: node_load5{instance=~"shop.*"} > 20
  - alert: Declared
    expr: shop_frobnications > 1
    labels: {alert_type: cause}
  - alert: Broken
    expr: sum(
`

func TestJudge(t *testing.T) {
	set := rules.NewSet([]*rules.File{rules.Parse("shop.yaml", []byte(shopRules), rules.Options{})})
	want := map[string]Verdict{"ShopErrors": Symptom, "ShopHostBusy": Cause, "Declared": Cause, "Broken": Unknown}
	shared := NewJudger(set.Recorders)
	seen := 0
	for _, r := range set.Alerts() {
		j := Judge(r, set.Recorders)
		if j.Verdict != want[r.Name()] {
			t.Errorf("%s: got %s: %s; want %s", r.Name(), j.Verdict, j.Evidence, want[r.Name()])
		}
		if again := shared.Judge(r); again != j {
			t.Errorf("%s: a shared judger says %+v, a fresh one %+v", r.Name(), again, j)
		}
		seen++
	}
	if seen != len(want) {
		t.Errorf("%d alerts, want %d", seen, len(want))
	}
	for _, r := range set.Alerts() {
		if r.Name() == "ShopErrors" {
			if j := Judge(r, nil); j.Verdict != Unknown {
				t.Errorf("without its recording rule: %+v", j)
			}
		}
	}
}

func TestJudgerIsSafeForConcurrentUse(t *testing.T) {
	set := rules.NewSet([]*rules.File{rules.Parse("shop.yaml", []byte(shopRules), rules.Options{})})
	j := NewJudger(set.Recorders)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, r := range set.Alerts() {
				j.Judge(r)
			}
		})
	}
	wg.Wait()
}
