package analyze

import (
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Pass is what a check sees of a run, and how it reports. It hides files,
// history and the network from the checks.
type Pass struct {
	*Facts
	check        *Check
	alerts       []*Alert // the slice of the run this pass is about
	files        []*rules.File
	suppressions []*Suppression
	ran          map[string]bool // every check there is: did it take part in the run?
	now          time.Time
	checks       []*Check  // that take part in the run
	reported     []Finding // by those that came before
	corrected    int       // how many corrections of suppressions were tried

	findings []Finding
	settled  []settlement
}

// A settlement says that a measurement answers what static checks guess about
// an alert.
type settlement struct {
	check string
	rule  *rules.Rule
	clean bool
}

// Check is the check that runs.
func (p *Pass) Check() *Check { return p.check }

// EachAlert calls f with every alert of the pass whose expression parses and
// for which the check is not turned off.
func (p *Pass) EachAlert(f func(*Alert)) {
	for _, a := range p.alerts {
		if a.Rule.HasExpr() && !p.Off(p.check.ID, a.Rule.File(), a.Rule) {
			f(a)
		}
	}
}

// EachFile calls f with every file of the run; only for checks that are Whole.
func (p *Pass) EachFile(f func(*rules.File)) {
	for _, file := range p.files {
		f(file)
	}
}

// Suppressions of the run with what each silenced; only for checks that come
// Last.
func (p *Pass) Suppressions() []*Suppression { return p.suppressions }

// Now is the time of the run; only for checks that come Last.
func (p *Pass) Now() time.Time { return p.now }

// Judged reports whether the check of that id took part in the run and applies
// to the rule, or to the file where the rule is nil; of a quality, whether all
// of its checks do. Only for checks that come Last.
func (p *Pass) Judged(name string, f *rules.File, r *rules.Rule) bool {
	for id, ran := range p.ran {
		if named(name, id) && (!ran || p.Off(id, f, r)) {
			return false
		}
	}
	return p.Known(name)
}

// Known reports whether there is a check of that id, or a quality of that name;
// only for checks that come Last.
func (p *Pass) Known(name string) bool {
	for id := range p.ran {
		if named(name, id) {
			return true
		}
	}
	return false
}

// named reports whether a name stands for a check: its id, or its quality.
func named(name, id string) bool {
	return id == name || strings.HasPrefix(id, name) && id[len(name):][0] == '/'
}

// Scope of a rule: rules of different scopes never meet.
func (p *Pass) Scope(r *rules.Rule) string { return p.scopeOf(r).name }

// Report adds a finding. Check, severity, points and file are filled in where
// the finding leaves them zero.
func (p *Pass) Report(f Finding) {
	f.Check = p.check.ID
	if f.File == nil && f.Rule != nil {
		f.File = f.Rule.File()
	}
	if !p.adjust(&f) {
		return
	}
	if f.Severity == 0 {
		f.Severity = p.check.Severity
	}
	if f.Inferred && f.Severity > Info {
		f.Severity = Info
	}
	switch f.Points {
	case 0:
		f.Points = p.check.Points
	case NoPoints:
		f.Points = 0
	}
	p.findings = append(p.findings, f)
}

// NoPoints marks a finding that costs nothing.
const NoPoints = -1

// Settle says that the check had data enough to answer, for this alert, what
// the checks it settles only guess. Clean tells that it found nothing wrong:
// their findings are then dropped; else they stand, and cost nothing.
func (p *Pass) Settle(r *rules.Rule, clean bool) {
	for _, id := range p.check.Settles {
		p.settled = append(p.settled, settlement{check: id, rule: r, clean: clean})
	}
}
