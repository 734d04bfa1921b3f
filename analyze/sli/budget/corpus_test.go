package budget

import (
	"testing"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
)

// What is read of real rule files, for -v; and what must hold of every policy.
func TestCorpora(t *testing.T) {
	dir := corpora.Dir()
	if dir == "" {
		t.Skip(corpora.Missing)
	}
	for _, name := range []string{"awesome", "mixins", "kube-prometheus", "openshift-cmo", "slo-specs"} {
		set, err := rules.Load(t.Context(), []string{dir + "/" + name}, rules.Options{})
		if err != nil {
			t.Fatal(err)
		}
		recordings := sli.NewRecordings(set.Recorders)
		judger := sli.NewJudger(set.Recorders)
		alerts, read, symptoms := 0, 0, 0
		for _, r := range set.Alerts() {
			if !r.HasExpr() {
				continue
			}
			alerts++
			p, ok := PolicyOf(r.Expr(), Timing{For: r.For, KeepFiring: r.KeepFiringFor, Interval: r.Group.Interval},
				recordings.Of)
			if !ok {
				continue
			}
			read++
			v := judger.Judge(r)
			if v.Verdict == sli.Symptom {
				symptoms++
			}
			t.Logf("%s: %s: %s (%s)", r.File().Path[len(dir):], r.Name(), p.describe(), v.Verdict)
			if p.Silent() < 1 != p.CanFire() {
				t.Errorf("%s: silent up to %v, can fire: %v", r.Name(), p.Silent(), p.CanFire())
			}
		}
		t.Logf("%s: %d of %d alerts are policies, %d of them on symptoms", name, read, alerts, symptoms)
	}
}
