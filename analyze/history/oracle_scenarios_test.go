package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"
)

// oracleSize is how many seeds each scenario runs with, and on how many
// instances. CRYWOLF_ORACLE_SEEDS asks for more seeds; the race detector, which
// slows the rules engine down fivefold, makes do with less.
func oracleSize(t *testing.T) (seeds uint64, instances int) {
	if n := os.Getenv("CRYWOLF_ORACLE_SEEDS"); n != "" {
		seeds, err := strconv.ParseUint(n, 10, 16)
		require.NoError(t, err)
		return seeds, 7
	}
	if raceEnabled || testing.Short() {
		return 1, 3
	}
	return 2, 7
}

type outage struct{ at, steps int } // in steps; 0 steps: back by the next evaluation

type scenario struct {
	name     string
	interval time.Duration
	steps    int
	specs    []ruleSpec
	offset   time.Duration
	limit    int
	outages  []outage
	failures bool
	reloads  map[int]func(s *server) // what changes in the configuration, by step
	reopen   bool
	compact  int // every so many steps
}

func rule(name string, hold, keep time.Duration, l ...string) ruleSpec {
	return ruleSpec{name: name, expr: fmt.Sprintf("load > 0 or load > %d", len(name)+100), hold: hold, keep: keep, labels: labels.FromStrings(l...)}
}

var someRules = []ruleSpec{
	rule("Instant", 0, 0, "severity", "page"),
	rule("For2", 2*time.Minute, 0),
	rule("For15m", 15*time.Minute, 0, "severity", "ticket"),
	rule("For30mKept", 30*time.Minute, 5*time.Minute),
	rule("Keep", 0, 4*time.Minute),
	rule("ForKeep", 3*time.Minute, 7*time.Minute, "level", "{{ $value }}"),
}

var watchdog = ruleSpec{name: "Watchdog", expr: "vector(1)"}

func scenarios() []scenario {
	change := func(i int, hold time.Duration) func(*server) {
		return func(s *server) {
			s.specs = append([]ruleSpec(nil), s.specs...)
			s.specs[i].hold = hold
		}
	}
	remove := func(i int) func(*server) {
		return func(s *server) {
			s.specs = append(append([]ruleSpec(nil), s.specs[:i]...), s.specs[i+1:]...)
		}
	}
	all := func(s *server) { s.specs = someRules }
	return []scenario{
		{name: "flapping, pending and kept", interval: time.Minute, steps: 500, specs: someRules, compact: 100},
		{name: "failed evaluations", interval: time.Minute, steps: 400, specs: someRules, failures: true, compact: 150},
		{name: "fast evaluation", interval: 15 * time.Second, steps: 700, specs: someRules},
		{name: "quick restarts", interval: time.Minute, steps: 500, specs: someRules, outages: []outage{{60, 0}, {140, 1}, {230, 0}, {330, 2}, {420, 0}}, compact: 200},
		{name: "restarts", interval: time.Minute, steps: 600, specs: append([]ruleSpec{watchdog}, someRules...), outages: []outage{{70, 4}, {180, 12}, {300, 30}, {420, 90}}, reopen: true, compact: 170},
		{name: "restarts and failures", interval: time.Minute, steps: 400, specs: someRules, outages: []outage{{90, 6}, {200, 0}, {300, 70}}, failures: true},
		{name: "reloads", interval: time.Minute, steps: 500, specs: someRules, compact: 140, reloads: map[int]func(*server){
			60: change(0, 10*time.Minute), 110: change(0, 0), 150: change(2, 5*time.Minute), 200: remove(1), 260: all,
			310: remove(3), 340: change(1, 20*time.Minute), 400: all,
		}},
		{name: "limit", interval: time.Minute, steps: 400, specs: append([]ruleSpec{watchdog}, someRules...), limit: 3, compact: 150},
		{name: "query offset", interval: time.Minute, steps: 400, specs: someRules, offset: 90 * time.Second, compact: 150},
		{name: "query offset and restart", interval: time.Minute, steps: 400, specs: someRules, offset: 3 * time.Minute, outages: []outage{{150, 0}, {290, 0}}},
	}
}

func TestOracle(t *testing.T) {
	t.Parallel()
	seeds, instances := oracleSize(t)
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			n, windows := 0, 0
			for seed := range seeds {
				a, b := runScenario(t, sc, seed, instances)
				n, windows = n+a, windows+b
			}
			t.Logf("%d episodes compared in %d windows", n, windows)
		})
	}
}

func runScenario(t *testing.T, sc scenario, seed uint64, instances int) (episodes, windows int) {
	rng := rand.New(rand.NewPCG(seed, uint64(len(sc.name))))
	s := newServer(t, sc.interval)
	s.specs, s.offset, s.limit = sc.specs, sc.offset, sc.limit
	values := signals(rng, instances, sc.steps)
	origin := int64(1_760_000_000_437)
	at := func(k int) int64 { return origin + int64(k)*s.interval }

	down := map[int]bool{}
	restart := map[int]bool{}
	q := int(sc.offset/sc.interval) + 1
	for _, o := range sc.outages {
		for k := o.at; k < o.at+o.steps; k++ {
			down[k] = true
		}
		k := o.at + o.steps
		restart[k] = true
		// What is not active at the first evaluation that is written is not
		// soon after it either: within some minutes nothing tells a delay from
		// a new activation.
		settle(values, max(k+2-q, 0), k+10+q)
	}
	fail := map[string]int{}
	s.start(false)
	lastSeen := int64(0)
	for k := range sc.steps {
		if down[k] {
			continue
		}
		if restart[k] {
			s.start(sc.reopen)
		}
		if f := sc.reloads[k]; f != nil {
			f(s)
			s.reload(at(k))
		}
		for _, spec := range sc.specs {
			if fail[spec.expr]--; sc.failures && fail[spec.expr] < -5 && rng.IntN(25) == 0 && !near(k, sc.outages) {
				fail[spec.expr] = 1 + rng.IntN([]int{2, 4, 12}[rng.IntN(3)])
			}
			if near(k, sc.outages) {
				fail[spec.expr] = 0
			}
			s.failing[spec.expr] = fail[spec.expr] > 0
		}
		s.scrape(at(k)-3000, values[k])
		lastSeen = at(k) - 3000
		s.eval(at(k))
		if sc.compact > 0 && k%sc.compact == sc.compact-1 {
			require.NoError(t, s.db.Compact(context.Background()))
		}
	}
	episodes, windows = s.check(Interval{}, lastSeen), 1
	if sc.offset > 0 {
		return episodes, windows // an offset shows at the start of alerts only, which a window may cut off
	}
	for range 3 {
		from := rng.IntN(sc.steps - 60)
		to := from + 30 + rng.IntN(sc.steps-from-30)
		w := Interval{at(from) - rng.Int64N(2)*20_000, at(to) - rng.Int64N(2)*20_000}
		seen := int64(0)
		for k := range to + 1 {
			if !down[k] && at(k)-3000 < w.End {
				seen = at(k) - 3000
			}
		}
		episodes += s.check(w, seen)
		windows++
	}
	return episodes, windows
}

// near says whether a step is so close to a restart that a failed evaluation
// leaves nothing to tell what happened.
func near(k int, outages []outage) bool {
	for _, o := range outages {
		if k > o.at-10 && k < o.at+o.steps+10 {
			return true
		}
	}
	return false
}

// settle keeps what instances are at one step until another, except that they
// may recover.
func settle(values []map[string]float64, from, to int) {
	for i := range 16 {
		name := fmt.Sprintf("i%d", i)
		for k := from + 1; k < min(to, len(values)); k++ {
			switch was := values[k-1][name]; {
			case was == 0:
				delete(values[k], name)
			case values[k][name] > 0:
				values[k][name] = was
			}
		}
	}
}
