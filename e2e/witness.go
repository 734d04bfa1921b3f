package e2e

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"
)

// A Sighting is an alert as a Prometheus's list of rules showed it.
type Sighting struct {
	Labels   map[string]string
	ActiveAt time.Time
	First    time.Time // that it was shown
	Last     time.Time
	Firing   bool // at some time
}

// A Witness asks Prometheus every second for its alerts: word of what they did
// that does not come from what it stores.
type Witness struct {
	mu   sync.Mutex
	seen map[string]map[string]*Sighting // by server, then by identity and ActiveAt
	quit chan struct{}
	done sync.WaitGroup
}

func watch(t testing.TB, urls ...string) *Witness {
	w := &Witness{seen: map[string]map[string]*Sighting{}, quit: make(chan struct{})}
	for _, url := range urls {
		w.seen[url] = map[string]*Sighting{}
		w.done.Go(func() {
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				select {
				case <-w.quit:
					return
				case <-tick.C:
					w.look(url)
				}
			}
		})
	}
	t.Cleanup(w.stop)
	return w
}

func (w *Witness) stop() {
	w.mu.Lock()
	select {
	case <-w.quit:
	default:
		close(w.quit)
	}
	w.mu.Unlock()
	w.done.Wait()
}

func (w *Witness) look(url string) {
	code, text, err := get(url+"/api/v1/rules?type=alert", nil)
	if err != nil || code != http.StatusOK {
		return // it is away
	}
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct {
					Alerts []struct {
						Labels   map[string]string
						State    string
						ActiveAt time.Time
					}
				}
			}
		}
	}
	if json.Unmarshal(text, &answer) != nil {
		return
	}
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range answer.Data.Groups {
		for _, r := range g.Rules {
			for _, a := range r.Alerts {
				key := identity(a.Labels) + a.ActiveAt.String()
				s := w.seen[url][key]
				if s == nil {
					s = &Sighting{Labels: a.Labels, ActiveAt: a.ActiveAt, First: now}
					w.seen[url][key] = s
				}
				s.Last, s.Firing = now, s.Firing || a.State == "firing"
			}
		}
	}
}
