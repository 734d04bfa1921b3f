package report

import (
	"fmt"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
)

// mostSLIs bounds the table of SLIs, and mostWatchers the alerts of each.
const mostSLIs, mostWatchers = 500, 12

// sliTable says of each SLI whether a page guards it, how often it was not met,
// and who told of that.
func (s *sheaf) sliTable(m *page.Model) {
	if s.slis == nil {
		return
	}
	t := &page.Table{Caption: "SLIs: their promise, breaches, and the alerts that tell of them", Head: []string{"SLI", "Promise", "Page", "Breaches", "Alerts"}}
	followed := s.Result.Impact != nil
	if !followed {
		t.Head = []string{"SLI", "Promise", "Page", "Alerts"}
		m.SLINote = "Without the samples behind them the SLIs were not followed: breaches, precision and recall are not known."
	}
	for i := range s.slis.slis {
		if i == mostSLIs {
			m.SLINote = strings.TrimSpace(m.SLINote + fmt.Sprintf(" The first %s of %s are listed.", thousands(mostSLIs), count(len(s.slis.slis), "SLI")))
			break
		}
		is := &s.slis.slis[i]
		row, mark := s.sliRow(is, followed)
		t.Rows, t.Marks = append(t.Rows, row), append(t.Marks, mark)
	}
	m.SLIs = t
}

func (s *sheaf) sliRow(is *mappedSLI, followed bool) (row []string, mark string) {
	page, mark := "yes", ""
	switch {
	case is.covered:
	case is.open:
		page, mark = "none, and one is wanted", "bad"
	default:
		page = "none: " + bounded(is.unpaged(), mostShort)
	}
	row = []string{short(is.SLI.ID), bounded(promise(is.SLI), mostSaid), page}
	if followed {
		row = append(row, bounded(is.fared(), mostShort))
	}
	var watchers []string
	breaches := 0
	if is.indicator != nil {
		breaches = len(is.indicator.Breaches)
	}
	for j, w := range is.Watches {
		if j == mostWatchers {
			watchers = append(watchers, fmt.Sprintf("and %s more", thousands(len(is.Watches)-j)))
			break
		}
		says := short(w.Alert.Rule.Name()) + " (" + string(w.Alert.Urgency) + ")"
		if is.pairs != nil {
			says += ": " + told(is.pairs[j], breaches)
		}
		watchers = append(watchers, says)
	}
	if len(watchers) == 0 {
		watchers = []string{"none"}
	}
	return append(row, strings.Join(watchers, "\n")), mark
}

// aboutOf lists the SLIs that an alert is about, nil where it is about none.
func (s *sheaf) aboutOf(a *active) *page.Table {
	if s.slis == nil {
		return nil
	}
	var t *page.Table
	for _, at := range s.watched()[a.card.Alert] {
		is := &s.slis.slis[at.sli]
		if t == nil {
			t = &page.Table{Head: []string{"SLI", "Promise", "How close", "How well it tells"}}
		}
		if len(t.Rows) == mostWatchers {
			break
		}
		w := is.Watches[at.watch]
		how := "not measured"
		if is.pairs != nil {
			how = told(is.pairs[at.watch], len(is.indicator.Breaches))
		}
		t.Rows = append(t.Rows, []string{short(is.SLI.ID), bounded(promise(is.SLI), mostShort), bounded(w.Match.Fit.String()+": "+w.Match.Evidence(), mostShort), how})
	}
	return t
}

// A watching is where an alert stands among those about an SLI.
type watching struct{ sli, watch int }

func (s *sheaf) watched() map[*analyze.Alert][]watching {
	if s.watches == nil {
		s.watches = map[*analyze.Alert][]watching{}
		for i := range s.slis.slis {
			for j, w := range s.slis.slis[i].Watches {
				s.watches[w.Alert] = append(s.watches[w.Alert], watching{i, j})
			}
		}
	}
	return s.watches
}
