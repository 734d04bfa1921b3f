package history

import (
	"cmp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/crywolf-dev/crywolf/rules"
)

// An Attribution says which rule each instance of a history came from. An
// instance belongs to the rule of its name and static labels, then of what the
// rule's expression can return. One that fits several is ambiguous, one that
// fits none is foreign.
type Attribution struct {
	// Ambiguous are the different sets of rules that some instance could have
	// come from, as indices into the rules given, ascending; in ascending order
	// themselves.
	Ambiguous [][]int

	// Foreign are the alerts without a rule, in order of their names.
	Foreign []ForeignAlert

	rules int
	of    []int32 // per instance: a rule; beyond those, an entry of Ambiguous; or foreign
}

const foreign int32 = -1

// A ForeignAlert is an alert name some of whose instances no rule accounts
// for.
type ForeignAlert struct {
	Name string
	// NameKnown reports that there is a rule of this name, but with other
	// labels than these instances have.
	NameKnown bool

	Instances, Episodes, Firings int
}

// Rule returns the index of the rule that an instance came from; ok is false
// where that is ambiguous or the instance foreign.
func (a *Attribution) Rule(instance int32) (rule int, ok bool) {
	i := a.of[instance]
	return int(i), i != foreign && int(i) < a.rules
}

// Candidates returns the indices of all rules that an instance could have come
// from, ascending: none where it is foreign, one where it is not ambiguous.
func (a *Attribution) Candidates(instance int32) []int {
	switch i := int(a.of[instance]); {
	case a.of[instance] == foreign:
		return nil
	case i < a.rules:
		return []int{i}
	default:
		return a.Ambiguous[i-a.rules]
	}
}

// Attribute finds the rule of every instance of a history. The history need
// not be of the rules' present version: where the name and the static labels
// leave one rule, the expression is not asked. Instances may have labels that
// no rule gives them, such as the server's external ones.
func Attribute(rs []*rules.Rule, h *History) *Attribution {
	a := &attributor{
		byName: map[string][]*claimant{},
		sets:   map[string]int{},
	}
	for i, r := range rs {
		if r.Kind == rules.Alerting {
			a.byName[r.Name()] = append(a.byName[r.Name()], newClaimant(i, r))
		}
	}
	out := &Attribution{rules: len(rs), of: make([]int32, len(h.Instances))}
	for from, origin := range h.origins() {
		instances := h.Instances[from:origin.End]
		a.common = commonLabels(instances)
		for i, instance := range instances {
			out.of[int(from)+i] = a.attribute(instance, out)
		}
	}
	out.sortAmbiguous()
	out.countForeign(h, a.byName)
	return out
}

// attribute returns the entry of an instance in Attribution.of.
func (a *attributor) attribute(instance labels.Labels, out *Attribution) int32 {
	switch fit := a.fit(instance); len(fit) {
	case 0:
		return foreign
	case 1:
		return int32(fit[0].index)
	default:
		return int32(out.rules + a.set(fit, out))
	}
}

// sortAmbiguous makes the order of Ambiguous independent of that of instances.
func (a *Attribution) sortAmbiguous() {
	order := make([]int, len(a.Ambiguous))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, k int) int { return slices.Compare(a.Ambiguous[i], a.Ambiguous[k]) })
	sorted, place := make([][]int, len(order)), make([]int32, len(order))
	for to, from := range order {
		sorted[to], place[from] = a.Ambiguous[from], int32(to)
	}
	a.Ambiguous = sorted
	for i, v := range a.of {
		if v != foreign && int(v) >= a.rules {
			a.of[i] = int32(a.rules) + place[int(v)-a.rules]
		}
	}
}

func (a *Attribution) countForeign(h *History, known map[string][]*claimant) {
	index := map[string]int{}
	entry := make([]int, len(h.Instances)) // into Foreign
	for i, instance := range h.Instances {
		if a.of[i] != foreign {
			continue
		}
		name := instance.Get(labels.AlertName)
		at, ok := index[name]
		if !ok {
			at = len(a.Foreign)
			name = strings.Clone(name) // not to keep the text of its other labels
			index[name] = at
			a.Foreign = append(a.Foreign, ForeignAlert{Name: name, NameKnown: len(known[name]) > 0})
		}
		entry[i] = at
		a.Foreign[at].Instances++
	}
	for _, e := range h.Episodes {
		if a.of[e.Instance] != foreign {
			continue
		}
		f := &a.Foreign[entry[e.Instance]]
		f.Episodes++
		if e.Fired() {
			f.Firings++
		}
	}
	slices.SortFunc(a.Foreign, func(x, y ForeignAlert) int { return cmp.Compare(x.Name, y.Name) })
}
