package analyze_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/fixtures/corpora"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// A draft is a rule that can be written in many ways.
type draft struct {
	name, labels, notes string
	expr                []string // tokens; # stands for the threshold
	threshold           int
	hold                string
}

var expressions = []string{
	"shop_load > #", "# < shop_load", "sum ( rate ( errors_total { job = \"a\" } [5m] ) ) > #", "sum ( rate ( errors_total [5m] ) )",
	"up { job = \"shop\" } == 0", "max by ( job ) ( lag_seconds ) > # and on ( job ) up == 1", "rate ( x_total [5m] ) > > 1",
	"irate ( y_total [5m] ) >= #",
}

// drafts of one group, in which names, labels and expressions come back.
func drafts(r *rand.Rand) (out []draft) {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for range 1 + r.IntN(8) {
		out = append(out, draft{
			name:      pick("Load", "Errors", "Down", "Lag"),
			labels:    pick("", "severity: warning", "severity: critical, team: a", "team: a, severity: critical", "team: '{{ .Nope'"),
			notes:     pick("", "summary: x", "summary: '{{ $labels.pod }}', runbook_url: TODO"),
			expr:      strings.Fields(pick(expressions...)),
			threshold: 1 + r.IntN(4),
			hold:      pick("", "5m"),
		})
	}
	return out
}

// write a group; what varies is all that should not matter.
func write(r *rand.Rand, ds []draft, tune int) string {
	indent := strings.Repeat(" ", r.IntN(4))
	var b strings.Builder
	fmt.Fprintf(&b, "groups:\n%s- rules:\n", indent)
	for _, d := range ds {
		expr := ""
		for i, token := range d.expr {
			if token == "#" {
				token = strconv.Itoa(d.threshold*10 + tune)
			}
			if i > 0 {
				expr += " "
			}
			expr += strings.Repeat(" ", r.IntN(2)) + token
		}
		if r.IntN(3) == 0 {
			b.WriteString("# a comment\n\n")
		}
		fmt.Fprintf(&b, "%s  - alert: %s\n", indent, d.name)
		fields := []string{"expr: '" + expr + "'", "labels: {" + d.labels + "}", "annotations: {" + d.notes + "}"}
		if r.IntN(2) == 0 {
			fields[0] = "expr: |\n" + indent + "        " + expr
		}
		if d.hold != "" {
			fields = append(fields, "for: "+d.hold)
		}
		r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		for _, f := range fields {
			fmt.Fprintf(&b, "%s    %s\n", indent, f)
		}
	}
	fmt.Fprintf(&b, "%s  name: shop\n", indent)
	return b.String()
}

// identities of the findings of a run, in no order: fingerprints, and what tells
// them apart in a baseline.
func identities(res *analyze.Result) []string {
	var out []string
	for i := range res.Findings {
		f := &res.Findings[i]
		trait := ""
		if r := f.Subject(); r != nil {
			trait = res.Trait(r)
		}
		out = append(out, strings.Join([]string{f.Check, f.Fingerprint, res.Kin(f), trait}, " "))
	}
	slices.Sort(out)
	return out
}

// TestIdentitySurvivesEdits that do not change what rules say: their order in
// the group, layout, spelling and thresholds, also where several rules go by one
// name.
func TestIdentitySurvivesEdits(t *testing.T) {
	found := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 31))
		ds := drafts(r)
		before := write(r, ds, 0)
		want := identities(run(t, parse("a.yml", before)))
		found += len(want)
		for range 3 {
			r.Shuffle(len(ds), func(i, j int) { ds[i], ds[j] = ds[j], ds[i] })
			after := write(r, ds, 1+r.IntN(5))
			if diff := cmp.Diff(want, identities(run(t, parse("a.yml", after)))); diff != "" {
				t.Fatalf("seed %d: %s\nbefore:\n%s\nafter:\n%s", seed, diff, before, after)
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d findings to test with", found)
	}
}

// TestIdentitySurvivesEditsOfRealRules: as above, by edits of their text.
func TestIdentitySurvivesEditsOfRealRules(t *testing.T) {
	root := corpora.Dir()
	if root == "" {
		t.Skip(corpora.Missing)
	}
	for _, name := range []string{"awesome", "kube-prometheus", "mixins"} {
		dir := filepath.Join(root, name)
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			set, err := rules.Load(t.Context(), []string{dir}, rules.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := identities(run(t, set.Files...))
			for what, edit := range map[string]func(*rules.File) []byte{
				"indented": indented, "reversed": reversed, "tuned": tuned,
			} {
				edited, files := 0, []*rules.File{}
				for _, f := range set.Files {
					if len(f.Groups) > 0 {
						again := rules.Parse(f.Path, edit(f), rules.Options{Named: f.Named})
						if len(again.Problems) == len(f.Problems) && len(again.Groups) == len(f.Groups) {
							f = again
							edited++
						}
					}
					files = append(files, f)
				}
				if edited < 5 {
					t.Errorf("%s: only %d files could be edited", what, edited)
				}
				if diff := cmp.Diff(want, identities(run(t, files...))); diff != "" {
					t.Errorf("%s: %s", what, diff)
				}
			}
		})
	}
}

// indented puts everything two columns further in.
func indented(f *rules.File) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(f.Source)) {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "%") {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

// reversed puts the rules of each group in the opposite order.
func reversed(f *rules.File) []byte {
	out := ""
	at := 0
	for _, g := range f.Groups {
		text := func(r *rules.Rule) string {
			return strings.TrimRight(string(f.Source[r.Node().Start.Offset:r.Node().End.Offset]), " \n")
		}
		for i, r := range g.Rules {
			if r.Node().Start.Offset < at {
				return f.Source // brought by an alias
			}
			out += string(f.Source[at:r.Node().Start.Offset]) + text(g.Rules[len(g.Rules)-1-i])
			at = r.Node().Start.Offset + len(text(r))
		}
	}
	return []byte(out + string(f.Source[at:]))
}

// tuned moves every threshold by a hundredth.
func tuned(f *rules.File) []byte {
	type edit struct {
		at   rules.Span
		text string
	}
	var edits []edit
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			if r.Expr() == nil || r.Kind != rules.Alerting {
				continue
			}
			for _, c := range promexpr.Comparisons(r.Expr()) {
				n, ok := c.Limit.(*parser.NumberLiteral)
				if !ok || c.Bool || n.Val <= 1 && n.Val >= -1 {
					continue // 0 and 1 are states as often as thresholds
				}
				edits = append(edits, edit{r.NodeSpan(n.PosRange), strconv.FormatFloat(n.Val*1.01, 'f', -1, 64)})
			}
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.at.Start.Offset - a.at.Start.Offset })
	out := string(f.Source)
	for _, e := range edits {
		out = out[:e.at.Start.Offset] + e.text + out[e.at.End.Offset:]
	}
	return []byte(out)
}
