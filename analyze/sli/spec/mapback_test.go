package spec_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec/spectest"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// generators are what Sloth calls its records and labels by; renamed, nothing
// but what the rules read tells which SLO they are of.
var generators = regexp.MustCompile(`\b(sloth_(id|slo|service|severity|window|version|mode|spec|objective)|slo:(\w+:\w+))\b`)

func renamed(src []byte) []byte {
	return generators.ReplaceAllFunc(src, func(name []byte) []byte {
		return []byte("x_" + strings.NewReplacer("sloth_", "", "slo:", "", "burn_rate", "br", "error_budget", "eb").Replace(string(name)))
	})
}

// The rules that Sloth writes map back to the SLO that they were written from
// and to no other: by its labels, and without them by what they read.
func TestSlothRulesMapBack(t *testing.T) {
	root := corpora.Dir()
	if root == "" {
		t.Skip(corpora.Missing)
	}
	root = filepath.Join(root, "slo-specs")
	files, err := filepath.Glob(filepath.Join(root, "sloth-generated", "*"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("NOT TESTED: no rules of Sloth's in the corpora")
	}
	var alerts, records mapped
	for _, path := range files {
		name := filepath.Base(path)
		own, err := spec.Load(t.Context(), []string{filepath.Join(root, "sloth", name)})
		require.NoError(t, err)
		catalog := beside(t, root, own)
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		for doc := range strings.SplitSeq(string(src), "\n---\n") {
			named := rules.NewSet([]*rules.File{rules.Parse(name, []byte(doc), rules.Options{Named: true})})
			bare := rules.NewSet([]*rules.File{rules.Parse(name, renamed([]byte(doc)), rules.Options{Named: true})})
			byName, byReading := sli.NewMapper(catalog, named.Recorders), sli.NewMapper(catalog, bare.Recorders)
			for i, r := range named.Rules() {
				id := slothID(r)
				ids := idsOf(byName.Map(r))
				want := ""
				for _, s := range own.SLIs {
					if s.Labels["sloth_id"] == id {
						want = s.ID
					}
				}
				if len(own.SLIs) == 0 {
					continue // refused, with a reason: TestCorpus
				}
				require.Equal(t, []string{want}, ids, "%s: %s", name, r.Name())
				stripped := bare.Rules()[i]
				got := idsOf(byReading.Map(stripped))
				count := &alerts
				if r.Kind == rules.Recording {
					count = &records
				}
				count.all++
				switch {
				case slices.Equal(got, []string{want}):
					count.own++
				case slices.Contains(got, want) && twins(own, got):
					count.twins++
				case len(got) == 0:
					if r.Kind == rules.Alerting || r.Selects() {
						t.Logf("%s: %s is not mapped by what it reads", name, r.Name())
					} else {
						count.all-- // a constant
					}
				default:
					t.Errorf("%s: %s of %s maps to %v by what it reads", name, r.Name(), want, got)
				}
			}
		}
	}
	t.Logf("by what they read, of %d alerts %d map back to their SLO alone and %d to it and its twin; of %d records %d and %d",
		alerts.all, alerts.own, alerts.twins, records.all, records.own, records.twins)
	require.GreaterOrEqual(t, float64(alerts.own+alerts.twins), 0.9*float64(alerts.all))
	require.GreaterOrEqual(t, float64(records.own+records.twins), 0.9*float64(records.all))
}

// mapped counts rules that map back: to their own SLO and to no other, and where
// some other of the same file counts the same events, to both.
type mapped struct{ all, own, twins int }

// slothID is the SLO that a rule is of: by its label, or by those that its
// expression selects.
func slothID(r *rules.Rule) string {
	if f, ok := r.Label("sloth_id"); ok {
		return f.Value.Text()
	}
	id := ""
	promexpr.EachSelector(r.Expr(), func(vs *parser.VectorSelector) {
		for _, m := range vs.LabelMatchers {
			if m.Name == "sloth_id" {
				id = m.Value
			}
		}
	})
	return id
}

func idsOf(matches []sli.Match, _ bool) []string {
	ids := map[string]bool{}
	for _, m := range matches {
		ids[m.SLI.ID] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// beside is a catalogue of some SLIs and of all others in the corpora that do
// not count the same events under another name: examples are made of each other.
// Of SLIs without queries nobody knows what they count, and they are alone.
func beside(t *testing.T, root string, own *sli.Catalog) *sli.Catalog {
	all, err := spec.Load(t.Context(), []string{filepath.Join(root, "sloth"), filepath.Join(root, "pyrra"), filepath.Join(root, "openslo")})
	require.NoError(t, err)
	out := &sli.Catalog{SLIs: slices.Clone(own.SLIs)}
	if slices.ContainsFunc(own.SLIs, func(s *sli.SLI) bool { return len(s.Queries()) == 0 }) {
		return out
	}
	for _, s := range all.SLIs {
		if !slices.ContainsFunc(own.SLIs, func(o *sli.SLI) bool { return o.ID == s.ID || alike(o, s) }) {
			out.SLIs = append(out.SLIs, s)
		}
	}
	return out
}

// twins reports SLIs of one catalogue that all count the same.
func twins(c *sli.Catalog, ids []string) bool {
	var some []*sli.SLI
	for _, s := range c.SLIs {
		if slices.Contains(ids, s.ID) {
			some = append(some, s)
		}
	}
	return len(some) == len(ids) && !slices.ContainsFunc(some, func(s *sli.SLI) bool { return !alike(s, some[0]) })
}

// alike reports two SLIs with the same total.
func alike(a, b *sli.SLI) bool {
	return a.Total != nil && b.Total != nil && selectors(a.Total) == selectors(b.Total)
}

func selectors(q *sli.Query) string {
	set := map[string]bool{}
	promexpr.EachSelector(q.Expr, func(vs *parser.VectorSelector) {
		set[promexpr.Canonical(&parser.VectorSelector{Name: vs.Name, LabelMatchers: vs.LabelMatchers})] = true
	})
	return strings.Join(slices.Sorted(maps.Keys(set)), "\n")
}

// The rules that Pyrra makes map back to the SLO that they are made from and to
// no other: by its labels, and without them by what they read.
func TestPyrraRulesMapBack(t *testing.T) {
	root := corpora.Dir()
	if root == "" {
		t.Skip(corpora.Missing)
	}
	dir := filepath.Join(root, "slo-specs", "pyrra")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("NOT TESTED: no SLOs of Pyrra's in the corpora")
	}
	catalog, err := spec.Load(t.Context(), []string{dir})
	require.NoError(t, err)
	var alerts, records mapped
	for _, s := range catalog.SLIs {
		src := spectest.PyrraRules(s)
		f := rules.Parse(s.Name+".yaml", src, rules.Options{Named: true})
		require.Empty(t, f.Problems, "%s", src)
		named := rules.NewSet([]*rules.File{f})
		byName := sli.NewMapper(catalog, named.Recorders)
		bare := rules.NewSet([]*rules.File{rules.Parse(s.Name+".yaml", stripped(src), rules.Options{Named: true})})
		byReading := sli.NewMapper(catalog, bare.Recorders)
		require.Len(t, bare.Rules(), len(named.Rules()))
		for i, r := range named.Rules() {
			require.Equal(t, []string{s.ID}, idsOf(byName.Map(r)), "%s: %s", s.ID, r.Name())
			count := &alerts
			if r.Kind == rules.Recording {
				count = &records
			}
			count.all++
			got := idsOf(byReading.Map(bare.Rules()[i]))
			switch {
			case slices.Equal(got, []string{s.ID}):
				count.own++
			case slices.Contains(got, s.ID) && twins(catalog, got):
				count.twins++
			case len(got) == 0:
				t.Logf("%s: %s is not mapped by what it reads: %s", s.ID, r.Name(), bare.Rules()[i].Expr())
			default:
				t.Errorf("%s: %s maps to %v by what it reads: %s", s.ID, r.Name(), got, bare.Rules()[i].Expr())
			}
		}
	}
	t.Logf("by what they read, of %d alerts %d map back to their SLO alone and %d to it and others with the same total; of %d records %d and %d",
		alerts.all, alerts.own, alerts.twins, records.all, records.own, records.twins)
	require.GreaterOrEqual(t, float64(alerts.own), 0.9*float64(alerts.all))
	require.GreaterOrEqual(t, float64(records.own+records.twins), 0.9*float64(records.all))
}

// stripped is a rule file of Pyrra's without its labels and without the names by
// which its records are known.
func stripped(src []byte) []byte {
	src = regexp.MustCompile(`\bslo(:|=)`).ReplaceAll(src, []byte("of$1"))
	return regexp.MustCompile(`:burnrate(\d)`).ReplaceAll(src, []byte(":br$1"))
}
