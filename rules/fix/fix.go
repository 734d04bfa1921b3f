// Package fix makes fixes in the text of a rule file: the bytes under their
// spans change and no others, and what comes out is kept only if it is read as
// before but for what was fixed.
package fix

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"github.com/crywolf-dev/crywolf/rules"
)

// How often a file is read again to find out which of its fixes are no good,
// at most, and how many bytes that may take; it is read once in any case.
const (
	maxTries = 50
	maxRead  = 4 << 20
)

// An Outcome is what became of the fixes of a file.
type Outcome struct {
	File    *rules.File // with the fixes made; the very file it was where none were
	Done    []*rules.Fix
	Refused []Refusal
	Later   []*rules.Fix // which touch text that another one changes: to be proposed again
}

// A Refusal is a fix that was not made, and why.
type Refusal struct {
	Fix    *rules.Fix
	Reason string
}

// Apply makes the fixes of one file, in memory. Of fixes that touch each other
// the one that begins first is made, the shorter of two; equal ones count as
// one. What does not read as before but for the fixes, or has a problem that
// was not there, is refused.
func Apply(f *rules.File, fixes []*rules.Fix) Outcome {
	a := &application{from: f, out: Outcome{File: f}}
	var sound, apart []*rules.Fix
	for _, fx := range fixes {
		if reason := a.unsound(fx); reason != "" {
			a.out.Refused = append(a.out.Refused, Refusal{fx, reason})
		} else {
			sound = append(sound, fx)
		}
	}
	slices.SortStableFunc(sound, func(a, b *rules.Fix) int {
		return cmp.Or(cmp.Compare(start(a), start(b)), cmp.Compare(end(a), end(b)), cmp.Compare(a.Edits[0].Text, b.Edits[0].Text))
	})
	for _, fx := range sound {
		switch {
		case len(apart) > 0 && slices.Equal(fx.Edits, apart[len(apart)-1].Edits):
			a.same = append(a.same, fx)
		case len(apart) > 0 && start(fx) <= end(apart[len(apart)-1]):
			a.out.Later = append(a.out.Later, fx)
		default:
			apart = append(apart, fx)
		}
	}
	a.make(apart)
	a.out.Done = a.good
	for _, fx := range a.same {
		if slices.ContainsFunc(a.good, func(g *rules.Fix) bool { return slices.Equal(g.Edits, fx.Edits) }) {
			a.out.Done = append(a.out.Done, fx)
		}
	}
	return a.out
}

func start(fx *rules.Fix) int { return fx.Edits[0].Span.Start.Offset }

func end(fx *rules.Fix) int { return fx.Edits[len(fx.Edits)-1].Span.End.Offset }

type application struct {
	from  *rules.File
	tries int
	good  []*rules.Fix // in order of the text
	same  []*rules.Fix // equal to others
	out   Outcome
}

// unsound says what is wrong with a fix by itself, "" if nothing.
func (a *application) unsound(fx *rules.Fix) string {
	last := 0
	for _, e := range fx.Edits {
		from, to := e.Span.Start.Offset, e.Span.End.Offset
		if from < last || to < from || to > len(a.from.Source) {
			return "its edits are not in order, or not in the file"
		}
		last = to
		if a.from.Templated() && (mentionsAction(a.from.Source[from:to]) || mentionsAction([]byte(e.Text))) {
			return "it touches a template action"
		}
	}
	if len(fx.Edits) == 0 {
		return "it edits nothing"
	}
	return ""
}

func mentionsAction(text []byte) bool {
	return bytes.Contains(text, []byte("{{")) || bytes.Contains(text, []byte("}}"))
}

// make makes all of the fixes, or finds those that can be made by halves.
func (a *application) make(fixes []*rules.Fix) {
	if len(fixes) == 0 {
		return
	}
	a.tries++
	reason := "too many fixes of the file were refused"
	spent := a.tries > 1 && (a.tries > maxTries || a.tries*len(a.from.Source) > maxRead)
	if !spent {
		all := append(slices.Clone(a.good), fixes...)
		slices.SortFunc(all, func(a, b *rules.Fix) int { return cmp.Compare(start(a), start(b)) })
		var fixed *rules.File
		if fixed, reason = try(a.from, all); reason == "" {
			a.good, a.out.File = all, fixed
			return
		}
	}
	if len(fixes) == 1 || spent {
		for _, fx := range fixes {
			a.out.Refused = append(a.out.Refused, Refusal{fx, reason})
		}
		return
	}
	a.make(fixes[:len(fixes)/2])
	a.make(fixes[len(fixes)/2:])
}

// try reads the file with the fixes made; reason says why they can't be, "" if
// they can.
func try(f *rules.File, fixes []*rules.Fix) (fixed *rules.File, reason string) {
	text := newText(f.Source, fixes)
	if bytes.Equal(text.fixed, f.Source) {
		return nil, "it changes nothing"
	}
	fixed = rules.Parse(f.Path, text.fixed, rules.Options{Named: f.Named})
	if reason := text.compare(f, fixed, fixes); reason != "" {
		return nil, reason
	}
	return fixed, ""
}

// A text is one with its edits made, and the way from places in the old one to
// places in the new.
type text struct {
	fixed []byte
	edits []rules.Edit
	shift []int // by how much the text after each edit has moved
}

// newText makes the edits of fixes that are in order and apart.
func newText(src []byte, fixes []*rules.Fix) *text {
	t := &text{}
	for _, fx := range fixes {
		t.edits = append(t.edits, fx.Edits...)
	}
	at := 0
	for _, e := range t.edits {
		t.fixed = append(append(t.fixed, src[at:e.Span.Start.Offset]...), e.Text...)
		at = e.Span.End.Offset
		t.shift = append(t.shift, len(t.fixed)-at)
	}
	t.fixed = append(t.fixed, src[at:]...)
	return t
}

// edited reports whether the byte at an offset of the old text is replaced.
func (t *text) edited(offset int) bool {
	i := sort.Search(len(t.edits), func(i int) bool { return t.edits[i].Span.End.Offset > offset })
	return i < len(t.edits) && t.edits[i].Span.Start.Offset <= offset
}

// moved is where an offset of the old text lies in the new one; ok is false for
// one whose text is gone. What was right behind an edit still is.
func (t *text) moved(offset int) (to int, ok bool) {
	i := sort.Search(len(t.edits), func(i int) bool { return t.edits[i].Span.End.Offset > offset })
	if i < len(t.edits) && t.edits[i].Span.Start.Offset < offset {
		return 0, false
	}
	ok = i == len(t.edits) || t.edits[i].Span.Start.Offset != offset || t.edits[i].Text != ""
	if i == 0 {
		return offset, ok
	}
	return offset + t.shift[i-1], ok
}
