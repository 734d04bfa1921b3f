package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// maxRenameKeys bounds the keys and values of a mapping that are looked through
// for the right spelling of one.
const maxRenameKeys = 200

// rename is the fix for a misspelt key of a mapping, where it is beyond doubt
// which of the known ones was meant and that one is not there. What may read
// otherwise is the key with its value, or all of the rule that it names.
func (r *reader) rename(e entry, in *yaml.Node, known []string) *Fix {
	meant := nearest.Plainly(e.name, known)
	if meant == "" || r.file.mask != nil || len(in.Content) > maxRenameKeys || r.problems >= maxProblems {
		return nil
	}
	var val *yaml.Node
	for i := 0; i+1 < len(in.Content); i += 2 {
		switch key := resolved(in.Content[i]); {
		case key != in.Content[i], key.Value == "<<":
			return nil // a merge may bring the right key
		case key == e.key:
			val = in.Content[i+1]
		case key.Value == e.name, nearest.Plainly(key.Value, known) == meant:
			return nil // it is there, in whatever spelling
		case isName(meant) && isName(key.Value):
			return nil // alert and record exclude each other
		}
	}
	at, ok := r.scalar(e.key, e.name).Literal(0, len(e.name))
	if !ok || val == nil {
		return nil
	}
	within := r.file.span(at.Start.Offset, max(at.End.Offset, val.Column))
	if isName(meant) {
		within = r.nodeSpan(in)
	}
	return &Fix{Message: fmt.Sprintf("write `%s`", meant), Edits: []Edit{{at, meant}}, Within: within}
}

func isName(key string) bool { return key == Alerting.String() || key == Recording.String() }

// unrepeat is the fix for a key that says once more what an earlier one says:
// to take out its lines, where it has lines of its own.
func (r *reader) unrepeat(in *yaml.Node, first, second int) *Fix {
	if r.problems >= maxProblems {
		return nil
	}
	f := r.file
	key, val := in.Content[second], in.Content[second+1]
	if !sameNode(in.Content[first+1], val) || !sameNode(in.Content[first], key) {
		return nil
	}
	entry := f.span(key.Line, max(key.Column, val.Column))
	lines, ok := f.WholeLines(entry)
	if !ok || f.Shared(entry) || strings.Contains(f.text[entry.Start.Offset:entry.End.Offset], "#") {
		return nil
	}
	return &Fix{Message: fmt.Sprintf("take out the second `%s`, which says the same", shorten(key.Value)), Edits: []Edit{{Span: lines}}}
}

// sameNode reports whether two nodes, without anchors and aliases, are read
// alike.
func sameNode(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Kind == yaml.AliasNode || a.Anchor != "" || b.Anchor != "" ||
		a.Value != b.Value || a.ShortTag() != b.ShortTag() || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameNode(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// wordy splits durations as people write them: "10 minutes", "1h 30 min".
var (
	wordy     = regexp.MustCompile(`^[0-9]{1,9} ?[A-Za-z]+(?:(?: | and |, | ?, ?and )?[0-9]{1,9} ?[A-Za-z]+)*$`)
	wordyPart = regexp.MustCompile(`([0-9]+) ?([A-Za-z]+)`)
)

// unitOf is the unit that a word stands for, "" where there is none. A single
// letter is taken as it is: 5M may be months.
func unitOf(word string) string {
	if len(word) > 2 {
		word = strings.ToLower(word)
	}
	switch word {
	case "ms", "millisecond", "milliseconds", "msec", "msecs":
		return "ms"
	case "s", "second", "seconds", "sec", "secs":
		return "s"
	case "m", "minute", "minutes", "min", "mins":
		return "m"
	case "h", "hour", "hours", "hr", "hrs":
		return "h"
	case "d", "day", "days":
		return "d"
	case "w", "week", "weeks":
		return "w"
	}
	return ""
}

// respell is the fix for a duration that Prometheus refuses, and of whose
// meaning there is no doubt.
func respell(s Scalar) *Fix {
	text := s.Text()
	if len(text) > 60 || !wordy.MatchString(text) {
		return nil
	}
	var b strings.Builder
	for _, part := range wordyPart.FindAllStringSubmatch(text, -1) {
		unit := unitOf(part[2])
		if unit == "" {
			return nil
		}
		b.WriteString(part[1] + unit)
	}
	meant := b.String()
	at, ok := s.Literal(0, len(text))
	if _, err := model.ParseDuration(meant); err != nil || !ok {
		return nil
	}
	return &Fix{Message: fmt.Sprintf("write `%s`", meant), Edits: []Edit{{at, meant}}, Within: s.Span()}
}
