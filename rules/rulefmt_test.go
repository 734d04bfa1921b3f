package rules

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
)

// What Prometheus itself reads from a file, and whether it refuses it.
type reading struct {
	Refused bool
	Groups  []groupReading
}

type groupReading struct {
	Name                  string
	Interval, QueryOffset time.Duration
	Limit                 int
	Labels                map[string]string
	Rules                 []ruleReading
}

type ruleReading struct {
	Alert, Record, Expr string
	For, KeepFiringFor  time.Duration
	Labels, Annotations map[string]string
}

func readByPrometheus(src []byte) (out reading, errs []error) {
	defer func() {
		// It goes on decoding after an error, which makes the YAML package panic.
		if r := recover(); r != nil {
			out, errs = reading{Refused: true}, []error{fmt.Errorf("%v", r)}
		}
	}()
	p := parser.NewParser(parser.Options{
		EnableExperimentalFunctions: true, ExperimentalDurationExpr: true,
		EnableExtendedRangeSelectors: true, EnableBinopFillModifiers: true,
	})
	groups, errs := rulefmt.Parse(src, false, model.UTF8Validation, p, slog.New(slog.DiscardHandler))
	// Templates are not this package's to judge.
	var own []error
	for _, err := range errs {
		if !strings.Contains(err.Error(), ": template: __alert_") {
			own = append(own, err)
		}
	}
	if len(own) > 0 {
		return reading{Refused: true}, own
	}
	for _, g := range groups.Groups {
		gr := groupReading{Name: g.Name, Interval: time.Duration(g.Interval), Limit: g.Limit, Labels: notNil(g.Labels)}
		if g.QueryOffset != nil {
			gr.QueryOffset = time.Duration(*g.QueryOffset)
		}
		for _, r := range g.Rules {
			gr.Rules = append(gr.Rules, ruleReading{
				r.Alert, r.Record, r.Expr, time.Duration(r.For), time.Duration(r.KeepFiringFor), notNil(r.Labels), notNil(r.Annotations),
			})
		}
		out.Groups = append(out.Groups, gr)
	}
	return out, nil
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func (m Mapping) asMap() map[string]string {
	out := map[string]string{}
	for _, f := range m {
		out[f.Key.Text()] = f.Value.Text()
	}
	return out
}

func readByCrywolf(f *File) reading {
	for _, p := range f.Problems {
		switch p.Kind {
		case NoRules, IgnoredDocument: // Prometheus takes these without a word
		default:
			return reading{Refused: true}
		}
	}
	var out reading
	for _, g := range f.Groups {
		gr := groupReading{Name: g.Name(), Interval: g.Interval, QueryOffset: g.QueryOffset, Limit: g.Limit, Labels: g.Labels.asMap()}
		for _, r := range g.Rules {
			rr := ruleReading{
				Expr: r.ExprField.Value.Text(), For: r.For, KeepFiringFor: r.KeepFiringFor,
				Labels: r.Labels.asMap(), Annotations: r.Annotations.asMap(),
			}
			if r.Kind == Alerting {
				rr.Alert = r.Name()
			} else {
				rr.Record = r.Name()
			}
			gr.Rules = append(gr.Rules, rr)
		}
		out.Groups = append(out.Groups, gr)
	}
	return out
}

// compare reports where crywolf and Prometheus read a plain file differently.
func compare(src []byte) error {
	want, errs := readByPrometheus(src)
	f := Parse("rules.yml", bytes.Clone(src), Options{Named: true})
	if f.Shape == ShapeUnknown && len(f.Problems) == 1 && f.Problems[0].Kind == NoRules {
		// Not a rule file at all to crywolf, which says so; to Prometheus it is
		// either an empty one or one of unknown keys.
		if len(want.Groups) > 0 {
			return fmt.Errorf("not recognised:\n%s", src)
		}
		return nil
	}
	if len(f.Problems) == 1 && f.Problems[0].Kind == Limit {
		return nil // not read, and said so
	}
	if bad := firstInvalid(src); bad >= 0 && !want.Refused {
		// Behind the document that it reads, Prometheus may or may not come upon
		// the byte, by where its buffers end; crywolf always does.
		if before, _ := readByPrometheus(src[:bad]); cmp.Equal(want, before) && len(f.Problems) == 1 && f.Problems[0].Kind == BadYAML {
			return nil
		}
	}
	if f.mask != nil && want.Refused {
		return nil // a template, which Prometheus refuses before it is rendered
	}
	if f.Shape != ShapePlain && f.Shape != ShapeUnknown {
		// Rules in what is no rule file: a list of groups, groups further down.
		if !want.Refused && len(want.Groups) > 0 {
			return fmt.Errorf("not recognised as a rule file:\n%s", src)
		}
		return nil
	}
	if diff := cmp.Diff(want, readByCrywolf(f)); diff != "" {
		return fmt.Errorf("%s\nPrometheus: %v\ncrywolf: %+v\n%s", diff, errs, f.Problems, src)
	}
	if f.misread > 0 {
		return fmt.Errorf("misread: %q", src)
	}
	return nil
}

// firstInvalid is where the first byte that is not UTF-8 stands, or -1.
func firstInvalid(src []byte) int {
	for i := 0; i < len(src); {
		r, w := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && w == 1 {
			return i
		}
		i += w
	}
	return -1
}

func TestCorporaAsPrometheus(t *testing.T) {
	for _, name := range []string{"awesome", "mixins"} {
		t.Run(name, func(t *testing.T) {
			set, err := Load(context.Background(), []string{corpus(t, name)}, Options{})
			require.NoError(t, err)
			compared := 0
			for _, f := range set.Files {
				if f.Shape == ShapePlain {
					require.NoError(t, compare(f.Source), f.Path)
					compared++
				}
			}
			t.Logf("%d files", compared)
		})
	}
}

const wholesome = `# Rules of a shop.
defaults: &defaults
  severity: page
  team: till
groups:
  - name: till
    interval: 30s
    query_offset: 1m
    limit: 10
    labels:
      shop: north
    rules:
      - record: till:errors:rate5m
        expr: sum by (till) (rate(till_errors_total[5m]))
        labels:
          kind: ratio
      - alert: TillErrors
        expr: |
          till:errors:rate5m
            > 0.1
        for: 10m
        keep_firing_for: 5m
        labels: &page
          severity: page
          team: till
        annotations: &texts
          summary: "Till {{ $labels.till }} fails"
          description: >-
            One in ten
            sales fails.
      - alert: TillDown
        expr: up{job="till"} == 0
        labels:
          <<: *page
          severity: critical
        annotations:
          <<: [*texts, {runbook_url: https://wiki.example/till}]
  - name: doors
    rules:
      - alert: DoorStuck
        expr: 'door_stuck_seconds > 30'
        for: 1h30m
        labels: {severity: ticket, team: "doors"}
`

// mutate changes lines of a rule file in ways that people do, and worse.
func mutate(r *rand.Rand, lines []string) []string {
	i := r.IntN(len(lines))
	line := lines[i]
	indent := line[:len(line)-len(strings.TrimLeft(line, " -"))]
	key, _, hasValue := strings.Cut(strings.TrimLeft(line, " -"), ":")
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	insert := func(s string) []string {
		return append(append(append([]string{}, lines[:i+1]...), s), lines[i+1:]...)
	}
	blank := strings.Repeat(" ", len(indent))
	switch r.IntN(11) {
	case 0:
		return append(append([]string{}, lines[:i]...), lines[i+1:]...)
	case 1:
		return insert(line)
	case 2, 3, 4:
		if hasValue {
			line = indent + key + ": " + pick("", "~", "null", "no", "1", "0", "5", "-5m", "5m", "1m1h", "1.5", "1e3", "0x1f", "abc", `""`, "''", `"5m"`, "[a, b]", "{a: b}",
				"2020-01-01", "!!int 5", "!!int x", "!!str 5", "!!float 1", "!!binary aGk=", "!!binary /w==", "!!null x", "*page", "*texts", "*nowhere", "&x y", "up ==", "sum(up", "up{a=", "0s", "99999999999y",
				"[]", "{}", "!custom 5", "- a", "{{ x }}", "300y", ".inf", "<<", "'{x}'", "till:errors", "yes", "{1: a, <<: {1: b, 2: c}}", "{a: ~, b: , c: {}}", "{~: a, true: b}", "{a: 1, a: 2}")
		}
	case 5:
		line = indent + pick("alert", "record", "expr", "for", "labels", "annotations", "name", "rules", "groups", "interval", "limit", "query_offset", "fro", "Expr", "severity", "~", `""`, "<<", "1", "[a]", "{a: b}", "*page", `"for"`, "__name__", "'a b'", "!!binary Zm9y", "keep_firing_for") + line[len(indent)+min(len(key), len(line)-len(indent)):]
	case 6:
		return insert(blank + pick("for: 5m", "fro: 5m", "severity: x", "expr: up", "alert: B", "record: b", "- alert: C", "- ~", "- x", "<<: *page", "<<: [*page, *texts]", "<<: 5", "<<: [5]", "<<: ~", "node: x", "limit: 5", "labels: *page", "annotations: {}",
			"- *page", "{a: b}", "---", "...", "keep_firing_for: ~", "for:", "&k for: 5m", "*defaults : x", "? for"))
	case 7:
		if len(indent) > 0 {
			line = line[1:]
		}
	case 8:
		line = " " + line
	case 9:
		line = strings.Replace(line, pick("a", "e", ":", "-", "\"", "(", "5"), pick("", "b", "]", "'", "\t", "#"), 1)
	case 10:
		j := r.IntN(len(lines))
		out := append([]string{}, lines...)
		out[i], out[j] = out[j], out[i]
		return out
	}
	out := append([]string{}, lines...)
	out[i] = line
	return out
}

func TestMutationsAsPrometheus(t *testing.T) {
	base := strings.Replace(wholesome, "defaults: &defaults\n  severity: page\n  team: till\n", "", 1)
	base = strings.ReplaceAll(base, "*defaults", "*page")
	require.NoError(t, compare([]byte(base)))
	r := rand.New(rand.NewPCG(3, 4))
	refused := 0
	const files = 2500
	for range files {
		lines := strings.Split(base, "\n")
		for range 1 + r.IntN(5)/3 {
			lines = mutate(r, lines)
		}
		src := []byte(strings.Join(lines, "\n"))
		if err := compare(src); err != nil {
			t.Fatal(err)
		}
		if w, _ := readByPrometheus(src); w.Refused {
			refused++
		}
	}
	t.Logf("Prometheus refuses %d of %d", refused, files)
	require.Greater(t, refused, files/5)
	require.Less(t, refused, files*9/10)
}
