package analyze

import (
	"slices"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/noise"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// Settings are what a run is told and so does not infer. The zero Settings
// leaves everything to be inferred.
type Settings struct {
	// Scope names the scope that a rule was declared to live in; ok is false
	// for a rule that was not. Nil where no scopes are declared.
	Scope func(*rules.Rule) (name string, ok bool)

	// Variants reports whether two files are makings of one thing, to choose
	// from. Nil where that is guessed from the names of their alerts.
	Variants func(a, b *rules.File) bool

	// Urgency maps severities, in lower case, to urgencies; one that is not
	// in it is a ticket. Nil where severities are read by convention.
	Urgency map[string]Urgency

	// Routed tells the urgency of a rule's alerts by whom they are sent to; ok
	// is false where that is not sure. Nil where nobody knows. It is asked
	// where Urgency does not have the rule's severity.
	Routed func(*rules.Rule) (u Urgency, ok bool)

	// Style of the house; of a concern that is not in it, the style is inferred.
	Style map[Concern]Declared

	// ScrapeInterval is how often targets are scraped, 0 where nobody said.
	ScrapeInterval time.Duration

	// Hours say when people work and sleep; nil where nobody said.
	Hours *noise.Hours

	// Catalog of the SLIs that are declared; nil where none are.
	Catalog *sli.Catalog

	// Metrics say what metrics tell of, before what is known of them by their
	// names; the first that fits has its way.
	Metrics []sli.Class

	// Partial says that SLIs are declared for more rules than the run has, so
	// that nobody knows what no alert tells of them.
	Partial bool

	// Adjust says what is different about a check's findings at a rule, or in
	// a file where the rule is nil. Nil where nothing is.
	Adjust func(check string, f *rules.File, r *rules.Rule) Adjustment
}

// Declared is the style that a configuration states for a concern.
type Declared struct {
	Keys     []string  // that carry it, the first the one to advise
	Required []Urgency // of which every alert is to meet it
}

// An Adjustment changes the findings of a check at one place. The zero
// Adjustment changes nothing.
type Adjustment struct {
	Off      bool     // the check does not apply
	Severity Severity // 0 for the check's own
	Points   *int     // nil for the check's own
}

// adjustment of a check at a rule, or in a file where the rule is nil.
func (f *Facts) adjustment(check string, file *rules.File, r *rules.Rule) Adjustment {
	if f.settings.Adjust == nil {
		return Adjustment{}
	}
	return f.settings.Adjust(check, file, r)
}

// ScrapeInterval is how often targets are scraped, 0 where nobody said.
func (f *Facts) ScrapeInterval() time.Duration { return f.settings.ScrapeInterval }

// Catalog is what is declared of SLIs; it may be nil.
func (f *Facts) Catalog() *sli.Catalog { return f.settings.Catalog }

// adjust applies the configuration to a finding that a check reported, whose
// severity and points are 0 where they are the check's own. It reports whether
// any of the finding is left.
func (p *Pass) adjust(f *Finding) bool {
	if p.settings.Adjust == nil {
		return true
	}
	if f.Rule == nil && len(f.Covers) > 0 {
		f.Covers = slices.DeleteFunc(slices.Clone(f.Covers), func(r *rules.Rule) bool { return p.Off(p.check.ID, r.File(), r) })
		if len(f.Covers) == 0 {
			return false
		}
	}
	a := p.adjustment(p.check.ID, f.File, f.Rule)
	if a.Off {
		return false
	}
	if f.Severity == 0 {
		f.Severity = a.Severity
	}
	if a.Points != nil && f.Points != NoPoints {
		f.Points = *a.Points
		if f.Points == 0 {
			f.Points = NoPoints
		}
	}
	return true
}

// Off reports whether the configuration turns a check off for a rule, or for a
// file where the rule is nil.
func (p *Pass) Off(check string, f *rules.File, r *rules.Rule) bool {
	return p.adjustment(check, f, r).Off
}
