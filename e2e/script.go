package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// An Activation is a stretch over which the script holds a signal beyond the
// threshold of an alert. Times are seconds since the start of the run.
type Activation struct {
	Alert  string            `json:"alert"`
	Labels map[string]string `json:"labels"` // of the exported series
	Value  float64           `json:"value"`  // while it lasts
	On     float64           `json:"on"`
	Off    float64           `json:"off"`
	Gone   bool              `json:"gone,omitempty"` // the series vanishes with it, for five seconds
}

// What happens to the servers, and when, in seconds since the start. No signal
// of chance moves from some seconds before a Prometheus goes until it is back
// and writes again, so that what it did not see is known from the script.
const (
	crashA      = 66.0 // A is killed, and started again at backA
	backA       = 75.0
	restartAM   = 100.0 // Alertmanager is stopped, and started again at once
	stopB       = 116.0 // B is stopped in good order, and started again at backB
	backB       = 123.0
	silenceOn   = 36.0
	silenceOff  = 62.0
	scriptEnd   = 150.0
	settleAfter = 16.0 // a Prometheus that starts, replays its log, and evaluates thrice
)

// calm are the stretches in which no signal of chance moves. What is kept
// firing resolves before a crash, too, and is written to other storage.
var calm = [][2]float64{{crashA - 10, backA + settleAfter}, {stopB - 10, backB + settleAfter}}

// signals are the exported metrics by the alert that watches them, with the
// value of rest and that of trouble, and the chances of how long it lasts.
var signals = []struct {
	alert, metric, label string
	of                   []string
	rest, trouble        float64
	on, off              [2]float64 // seconds, at least and at most
}{
	{"CheckoutErrors", "shop_checkout_error_ratio", "region", []string{"eu", "us"}, 0.01, 0.2, [2]float64{7, 14}, [2]float64{5, 12}},
	{"CartSlow", "shop_cart_latency_seconds", "shard", []string{"0", "1", "2", "3"}, 0.2, 2.5, [2]float64{4, 6}, [2]float64{4, 12}},
	{"OrdersQueued", "shop_orders_waiting", "queue", []string{"mail", "refund", "invoice"}, 3, 400, [2]float64{2.5, 3.5}, [2]float64{4, 8}},
	{"RegionDown", "shop_region_up", "region", []string{"eu", "us"}, 1, 0, [2]float64{}, [2]float64{}},
	{"PaymentsStuck", "shop_payments_stuck", "region", []string{"eu", "us"}, 0, 4, [2]float64{}, [2]float64{}},
	{"DiskFilling", "ops_disk_used_ratio", "node", []string{"n1", "n2", "n3"}, 0.4, 0.95, [2]float64{5, 9}, [2]float64{9, 16}},
	{"SpoolGrowing", "ops_spool_mails", "node", []string{"n1", "n2"}, 1, 50, [2]float64{}, [2]float64{}},
	{"BatchLate", "ops_batch_late_seconds", "batch", []string{"billing", "stock"}, 0, 600, [2]float64{9, 14}, [2]float64{6, 12}},
	{"NodeSilent", "ops_node_silent", "node", []string{"n1", "n2"}, 0, 1, [2]float64{}, [2]float64{}},
}

// NewScript is what the exporter plays: turns of chance, from a fixed seed, and
// the cases that chance would not meet.
func NewScript() []Activation {
	act := func(alert, label, of string, value, on, off float64) Activation {
		return Activation{Alert: alert, Labels: map[string]string{label: of}, Value: value, On: on, Off: off}
	}
	gone := act("DiskFilling", "node", "n3", 0.97, 90.6, 98.6)
	gone.Gone = true
	script := []Activation{
		// inhibited while RegionDown fires, and notified of once it no longer does
		act("RegionDown", "region", "eu", 0, 12.3, 30.3),
		act("PaymentsStuck", "region", "eu", 4, 14.2, 37.2),
		act("PaymentsStuck", "region", "us", 4, 15.4, 25.4), // of another region: not inhibited
		act("RegionDown", "region", "us", 0, 92.1, 97.1),

		// silenced from its first second to beyond its end; and to before it
		act("NodeSilent", "node", "n1", 1, silenceOn+2, silenceOff-12),
		act("NodeSilent", "node", "n2", 1, silenceOn+4, 96.5),

		// what A did not see: the end, everything, and the beginning
		act("SpoolGrowing", "node", "n1", 50, 50.2, crashA+3),
		act("NodeSilent", "node", "n1", 1, crashA+1.5, backA-1.5),
		act("SpoolGrowing", "node", "n2", 50, crashA+4.4, 95.4),
		// and of B
		act("RegionDown", "region", "eu", 0, 110.2, stopB+3),

		// one rule, two identities: the label follows the value
		act("SpoolGrowing", "node", "n1", 50, 12.7, 20.7),
		act("SpoolGrowing", "node", "n1", 500, 20.7, 29.7),
		act("SpoolGrowing", "node", "n1", 50, 29.7, 34.7),

		// held through both absences; still going on in the end
		act("PaymentsStuck", "region", "us", 4, 55.5, 140.5),
		act("NodeSilent", "node", "n1", 1, 141.1, 1e6),
		gone,
		// back while keep_firing_for holds it: one episode
		act("DiskFilling", "node", "n3", 0.97, 20.2, 28.2),
		act("DiskFilling", "node", "n3", 0.97, 31.2, 38.2),
	}
	taken := map[string]bool{"DiskFilling/n3": true}
	chance := rand.New(rand.NewPCG(7, 11))
	for _, s := range signals {
		for _, of := range s.of {
			if s.on[1] == 0 || taken[s.alert+"/"+of] {
				continue
			}
			between := func(b [2]float64) float64 { return b[0] + chance.Float64()*(b[1]-b[0]) }
			for t := 8 + between([2]float64{0, 5}); ; {
				on := afterCalm(t)
				off := afterCalm(on + between(s.on))
				if s.alert == "OrdersQueued" && chance.IntN(4) == 0 {
					off = afterCalm(on + 8) // else it never gets past pending
				}
				if off > scriptEnd-10 {
					break
				}
				script = append(script, act(s.alert, s.label, of, s.trouble, on, off))
				t = off + between(s.off)
			}
		}
	}
	slices.SortStableFunc(script, func(a, b Activation) int { return cmp.Compare(a.On, b.On) })
	return script
}

// afterCalm puts off what would fall into a calm.
func afterCalm(t float64) float64 {
	for _, c := range calm {
		if t >= c[0] && t < c[1] {
			return c[1] + (t-c[0])/10
		}
	}
	return t
}

// An Exporter plays a script to whoever scrapes it.
type Exporter struct {
	script []Activation
	start  atomic.Int64 // Unix nanoseconds; 0: not yet, and all is at rest
}

// Start begins the script.
func (e *Exporter) Start(t time.Time) { e.start.Store(t.UnixNano()) }

func (e *Exporter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	now := -1.0
	if start := e.start.Load(); start != 0 {
		now = time.Since(time.Unix(0, start)).Seconds()
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	for _, s := range signals {
		fmt.Fprintf(w, "# TYPE %s gauge\n", s.metric)
		for _, of := range s.of {
			labels := map[string]string{s.label: of}
			if v, there := play(e.script, s.alert, labels, s.rest, now); there {
				fmt.Fprintf(w, "%s{%s=%q} %g\n", s.metric, s.label, of, v)
			}
		}
	}
}

// play is a signal's value at a time, and whether its series is there.
func play(script []Activation, alert string, labels map[string]string, rest, now float64) (value float64, there bool) {
	for _, a := range script {
		if a.Alert != alert || !maps.Equal(a.Labels, labels) {
			continue
		}
		if a.On <= now && now < a.Off {
			return a.Value, true
		}
		if a.Gone && a.Off <= now && now < a.Off+5 {
			return 0, false
		}
	}
	return rest, true
}

// Raises says whether an activation is about an alert instance of those labels.
func (a Activation) Raises(instance map[string]string) bool {
	if instance["alertname"] != a.Alert {
		return false
	}
	for k, v := range a.Labels {
		if instance[k] != v {
			return false
		}
	}
	level, leveled := instance["level"]
	return !leveled || (level == "high") == (a.Value > 100)
}

func (a Activation) String() string {
	var labels []string
	for _, k := range slices.Sorted(maps.Keys(a.Labels)) {
		labels = append(labels, k+"="+a.Labels[k])
	}
	return fmt.Sprintf("%s{%s} from %.1f s to %.1f s", a.Alert, strings.Join(labels, ","), a.On, a.Off)
}
