package analyze

import (
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
	ran          map[string]bool // checks of this run

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

// Ran reports whether the check of that id took part in the run, and Known
// whether there is one; only for checks that come Last.
func (p *Pass) Ran(id string) bool { return p.ran[id] }

// Known reports whether a check of that id exists.
func (p *Pass) Known(id string) bool { _, ok := p.ran[id]; return ok }

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
