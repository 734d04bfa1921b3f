package analyze

import (
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/impact"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// Did is what an alert did, to be held against an SLI; only for runs with
// history.
func (f *Facts) Did(a *Alert) impact.Alert { return impact.AlertOf(f.History, f.Set, a.Rule) }

// About reports whether the alert measures an SLI.
func (a *Alert) About(s *sli.SLI) bool {
	for _, m := range a.Matches() {
		if m.SLI == s && m.Fit.Measures() {
			return true
		}
	}
	return false
}

// After reports that an alert's rule came to be after an instant, or that this
// may be so.
func (f *Facts) After(a *Alert, at int64) bool {
	if f.Introduced == nil {
		return false
	}
	t, ok := f.Introduced(a.Rule)
	return ok && t.UnixMilli() > at
}

// Strangers are the firings of alerts that no loaded rule accounts for.
func (f *Facts) Strangers() []history.Episode {
	var out []history.Episode
	for _, e := range f.History.Episodes {
		if e.Fired() && len(f.History.Candidates(e.Instance)) == 0 {
			out = append(out, e)
		}
	}
	return out
}
