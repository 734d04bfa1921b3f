package spec

import (
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// A sharedIndicator is an SLI object of OpenSLO, which SLOs of any file name.
type sharedIndicator struct {
	*reader
	object object
	order  int
	name   string
	at     rules.Span
	title  string
	labels map[string]string

	done bool     // it was read
	used bool     // some SLO names it
	sli  *sli.SLI // what it measures; nil where it can't be used
}

// text is how the object is written.
func (i *sharedIndicator) text() string {
	return string(i.file.Source[i.object.node.Line:i.object.node.Column])
}

// measured reads the indicator, once.
func (i *sharedIndicator) measured() *sli.SLI {
	if !i.done {
		i.done = true
		i.sli = i.measure(i.object.need("spec", "it says what is measured", "description", "ratioMetric", "thresholdMetric"))
		if i.sli != nil {
			i.sli.Title = i.title
		}
	}
	return i.sli
}

// alone makes an SLI without an objective of an indicator that no SLO names.
// Without one a value has no threshold either.
func (i *sharedIndicator) alone() {
	if i.used {
		return
	}
	s := &sli.SLI{Name: i.name, Title: i.title, Owner: ownerOf(i.labels), Journey: i.labels["journey"], Format: "openslo", Span: i.at}
	i.one(s, "", i.order, func() {
		if ind := i.measured(); ind != nil {
			take(s, ind)
		}
	})
}

// named is the indicator of some file that a reference names.
func (r *reader) named(in object) *sli.SLI {
	name, at := in.name("indicatorRef", "it names an SLI")
	if name == "" {
		return nil
	}
	shared := r.indicators[name]
	if shared == nil {
		r.lose(at, "Load the file that holds it too.", "no SLI is called %q in the files that are loaded", shorten(name))
		return nil
	}
	shared.used = true
	lost := r.lost // it may be of the same file
	shared.lost = false
	ind := shared.measured()
	r.lost = lost
	if ind == nil {
		r.pass(at, "the SLI %q, which it is measured by, is not read: see %s", shorten(name), placeOf(shared.file, shared.at))
	}
	return ind
}
