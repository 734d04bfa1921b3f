package noise

import (
	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
)

// A Silence is one that stands, and what it does.
type Silence struct {
	history.StandingSilence

	AgeSeconds float64 // at the window's end
	Old        bool    // its age is Options.SilenceStale or more
	Recreated  int     // how many silences of the same matchers and creator the source has, this one included

	Firings int           // in the window, of instances that it matches, whether they are a rule's or nobody's
	Rules   []*rules.Rule // whose instances they are, in the order of the rules
	Idle    bool          // it matches nothing that fired in the window
}
