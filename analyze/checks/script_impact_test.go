package checks_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// scriptedImpact reads what SLIs measured from the lines of a history that
// begin with "fails" or "unseen":
//
//	fails checkout/availability 0.4 from 1h for 30m every 6d
//	unseen checkout/availability from 3d for 1h
//
// The number is the share of events that are bad. Of each SLI named there is a
// thousand events a minute; without any such line there are no samples.
func scriptedImpact(t *testing.T, text string, slos *sli.Catalog, window history.Interval) *impact.Result {
	t.Helper()
	const minute = 60_000
	steps := int((window.End - window.Start) / minute)
	indicators := map[string]*impact.Indicator{}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "fails" && words[0] != "unseen" {
			continue
		}
		ind := indicators[words[1]]
		if ind == nil {
			ind = &impact.Indicator{Start: window.Start, Step: minute, Bad: make([]float64, steps), Total: make([]float64, steps), Known: make([]bool, steps)}
			for i := range steps {
				ind.Total[i], ind.Known[i] = 1000, true
			}
			indicators[words[1]] = ind
		}
		var from, length, every int64
		share := 0.0
		for i := 2; i < len(words); i += 2 {
			switch words[i] {
			case "from":
				from = millis(t, words[i+1])
			case "for":
				length = millis(t, words[i+1])
			case "every":
				every = millis(t, words[i+1])
			default:
				var err error
				if share, err = strconv.ParseFloat(words[i], 64); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				i--
			}
		}
		for ; from < window.End-window.Start; from += every {
			for i := from / minute; i < min((from+length)/minute, int64(steps)); i++ {
				if words[0] == "unseen" {
					ind.Known[i], ind.Total[i], ind.Bad[i] = false, 0, 0
				} else {
					ind.Bad[i] = share * ind.Total[i]
				}
			}
			if every == 0 {
				break
			}
		}
	}
	if len(indicators) == 0 || slos.Empty() {
		return nil
	}
	res := &impact.Result{}
	for _, s := range slos.SLIs {
		if ind := indicators[s.ID]; ind != nil {
			ind.SLI = s
			if err := ind.Finish(impact.Options{}); err != nil {
				t.Fatal(err)
			}
			res.Add(ind)
			delete(indicators, s.ID)
		}
	}
	for id := range indicators {
		t.Fatalf("no SLI %s is declared", id)
	}
	return res
}
