package analyze

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A namesake key is what rules must share to be told apart by what they say.
type namesakeKey struct {
	kind               rules.Kind
	scope, group, name string
}

func (f *Facts) namesakeKey(r *rules.Rule) namesakeKey {
	return namesakeKey{r.Kind, f.scopeOf(r).name, r.Group.Name(), r.Name()}
}

// ordinals numbers the namesakes among the rules from 0, by what they say, so
// that a rule keeps its number when it moves within its group, is formatted
// anew, or its threshold is tuned. Rules that have no namesake are left out.
func (f *Facts) ordinals(all []*rules.Rule) map[*rules.Rule]int {
	first := make(map[namesakeKey]*rules.Rule, len(all))
	many := map[namesakeKey][]*rules.Rule{}
	for _, r := range all {
		key := f.namesakeKey(r)
		switch other, taken := first[key]; {
		case !taken:
			first[key] = r
		case many[key] == nil:
			many[key] = []*rules.Rule{other, r}
		default:
			many[key] = append(many[key], r)
		}
	}
	out := map[*rules.Rule]int{}
	for _, namesakes := range many {
		says := make([]*statement, len(namesakes))
		for i, r := range namesakes {
			says[i] = &statement{rule: r, labels: spell(r.StaticLabels())}
		}
		// What says the same stays in the order of the files.
		slices.SortStableFunc(says, compareStatements)
		for i := range says {
			out[says[i].rule] = i
		}
	}
	return out
}

// A statement is what a rule says, apart from where and how it is written and
// where its lines are drawn.
type statement struct {
	rule   *rules.Rule
	labels string
	signal *string // both found when first they decide
	notes  *string
}

func compareStatements(a, b *statement) int {
	if c := strings.Compare(a.labels, b.labels); c != 0 {
		return c
	}
	once := func(s *statement) *string {
		if s.signal == nil {
			text := signalText(s.rule)
			s.signal = &text
		}
		return s.signal
	}
	if c := strings.Compare(*once(a), *once(b)); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(a.rule.For, b.rule.For), cmp.Compare(a.rule.KeepFiringFor, b.rule.KeepFiringFor)); c != 0 {
		return c
	}
	once = func(s *statement) *string {
		if s.notes == nil {
			text := spell(s.rule.Annotations)
			s.notes = &text
		}
		return s.notes
	}
	return strings.Compare(*once(a), *once(b))
}

// signalText is what the rule's expression measures, whatever its thresholds
// and however it is spelled; of one that does not parse, its words.
func signalText(r *rules.Rule) string {
	if r.Expr() == nil {
		return strings.Join(strings.Fields(r.ExprField.Value.Text()), " ")
	}
	return promexpr.SignalOf(r.Expr()).Expr
}

// spell writes fields down by the order of their keys.
func spell(fields []rules.Field) string {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b rules.Field) int { return strings.Compare(a.Key.Text(), b.Key.Text()) })
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(strconv.Quote(f.Key.Text()))
		b.WriteString(strconv.Quote(f.Value.Text()))
	}
	return b.String()
}

// PathOf is the path of a file by which findings about it are identified: it
// does not depend on the folder in which crywolf was started.
func (f *Facts) PathOf(file *rules.File) string {
	if f.Naming == nil {
		return file.Path
	}
	return f.Naming(file.Path)
}

// subject is the identity of what a finding is about. Of namesakes it is the
// one that the finding stands at, unless kin asks for what they share.
func (f *Facts) subject(fd *Finding, kin bool) string {
	rule := fd.Subject()
	switch {
	case rule != nil:
		id, known := f.subjects[rule]
		if a := f.byRule[rule]; a != nil {
			id, known = a.ID, true
		}
		switch {
		case !known: // too broken to be listed
			return "file:" + f.PathOf(rule.File()) + ":" + rule.Group.Name()
		case kin:
			key := f.namesakeKey(rule)
			return digest("kin", key.kind.String(), key.scope, key.group, key.name)
		}
		return id
	case len(fd.Covers) > 0: // it stands somewhere, and speaks for all
		return ""
	case fd.File != nil:
		return "file:" + f.PathOf(fd.File)
	}
	return ""
}

// Kin identifies what a finding says and of which rule, as its fingerprint
// does, but is the same for namesakes: rules of one kind and name, in groups of
// one name and one scope.
func (f *Facts) Kin(fd *Finding) string {
	return digest("kin", fd.Check, f.subject(fd, true), fd.Key)
}

// Trait tells namesakes apart by what they say, whatever their thresholds:
// their labels, and what they measure.
func (f *Facts) Trait(r *rules.Rule) string {
	return digest("trait", spell(r.StaticLabels()), signalText(r))[:8]
}
