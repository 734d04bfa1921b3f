package config

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Write writes a configuration that holds what a run inferred, each line with
// its reason: a run with it judges the same alerts alike, and infers nothing
// any more. Paths are those that the run read, relative to the folder that the
// file is meant for, as are those of its files and of Alertmanager's
// configuration, "" where there was none.
func Write(facts *analyze.Facts, paths []string, alertmanager string) ([]byte, error) {
	w := &writer{facts: facts}
	top := mapping()
	w.paths(top, paths)
	w.variants(top)
	w.urgency(top)
	if alertmanager != "" {
		add(top, "alertmanager", commented(alertmanager, "given to crywolf init"), "What tells the urgency of alerts whose severity does not.")
	}
	w.style(top)
	doc := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{top}, HeadComment: fmt.Sprintf(
		"# yaml-language-server: $schema=%s\n# What crywolf inferred from %s in %s, and why. With this file nothing is\n# inferred any more: change what is not so.", SchemaURL,
		count(len(facts.Alerts), "alert"), count(w.files(), "file"))}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	return spaced(out.Bytes()), enc.Close()
}

// spaced puts a blank line before every comment that starts a part of the file.
func spaced(text []byte) []byte {
	var out []byte
	before := []byte("#")
	for line := range bytes.Lines(text) {
		if line[0] == '#' && before[0] != '#' && before[0] != '\n' {
			out = append(out, '\n')
		}
		out, before = append(out, line...), line
	}
	return out
}

type writer struct{ facts *analyze.Facts }

// files that hold alerts.
func (w *writer) files() int {
	n := 0
	for i, a := range w.facts.Alerts {
		if i == 0 || a.Rule.File() != w.facts.Alerts[i-1].Rule.File() {
			n++
		}
	}
	return n
}

func (w *writer) paths(top *yaml.Node, paths []string) {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, p := range paths {
		list.Content = append(list.Content, commented(p, "given to crywolf init"))
	}
	if len(paths) == 0 {
		list.Content = append(list.Content, commented(".", "everything under this folder, as crywolf init was given no path"))
	}
	add(top, "paths", list, "What is read where a command is given no path.")
}

func (w *writer) variants(top *yaml.Node) {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range w.facts.Variants() {
		paths := &yaml.Node{Kind: yaml.SequenceNode}
		for _, f := range v.Files {
			paths.Content = append(paths.Content, scalarNode(escape(f.Path)))
		}
		item := mapping()
		add(item, "paths", paths, "")
		item.HeadComment = fmt.Sprintf("# %d of %d names of alerts are the same", v.Common, v.Of)
		list.Content = append(list.Content, item)
	}
	if len(list.Content) == 0 {
		list.Style = yaml.FlowStyle
		list.LineComment = "# no two files alert on things of the same names"
	}
	add(top, "variants", list, "Files to choose from, whose rules are not compared with each other.")
}

func (w *writer) urgency(top *yaml.Node) {
	by := mapping()
	var unsaid, mixed []string
	for _, s := range w.facts.Severities() {
		switch {
		case s.Word == "":
			unsaid = append(unsaid, fmt.Sprintf("%s without a severity: tickets, unless Alertmanager says else.", count(s.Alerts, "alert")))
		case s.Urgency == "":
			mixed = append(mixed, fmt.Sprintf("%s of severity %s are sent to different ends: Alertmanager decides, and where it is not clear they are tickets.", count(s.Alerts, "alert"), oneLine(s.Word)))
		default:
			add(by, s.Word, commented(string(s.Urgency), count(s.Alerts, "alert")+why(s, w.facts.UrgencyInferred())), "")
		}
	}
	if len(by.Content) == 0 {
		by.Style = yaml.FlowStyle
		by.LineComment = "# no alert carries a severity that decides"
	}
	add(top, "urgency", by, strings.Join(append(append([]string{"What each severity does to a person."}, mixed...), unsaid...), "\n"))
}

// why a severity is of an urgency.
func why(s analyze.SeverityUse, inferred bool) string {
	switch {
	case s.Routed:
		return "; by where Alertmanager sends them"
	case s.Urgency == analyze.UrgencyPage && inferred:
		return "; nothing says page, so this does, by the mixins' convention"
	case s.Urgency == analyze.UrgencyPage:
		return "; it says so"
	case analyze.KnownSeverity(s.Word):
		return "; by what the word usually means"
	}
	return "; a word that is not known notifies someone, and nothing says that it wakes them"
}

func (w *writer) style(top *yaml.Node) {
	style := mapping()
	for _, c := range analyze.Concerns() {
		item := mapping()
		used := w.facts.KeysInUse(c)
		keys := &yaml.Node{Kind: yaml.SequenceNode}
		for _, u := range used {
			keys.Content = append(keys.Content, commented(u.Key, use(u)))
		}
		if len(used) == 0 {
			keys.Content = append(keys.Content, commented(c.UsualKey(), "what is usual; no alert carries anything known for it"))
		}
		add(item, "keys", keys, "")
		required, because := w.required(c)
		list := flow(required)
		list.LineComment = "# " + because
		add(item, "required", list, "")
		add(style, string(c), item, "")
	}
	add(top, "style", style, "Which labels or annotations carry what an alert has to say, the one to use first,\nand of which urgency every alert must say it: where at least two thirds do.")
}

// required is of which urgency all alerts are held to the concern, and why.
func (w *writer) required(c analyze.Concern) (list []string, because string) {
	if c == analyze.ConcernSeverity {
		usage := w.facts.SeverityUsage()
		if usage.Expected() {
			list = words(c.AskedOf())
		}
		return list, fmt.Sprintf("%s alerts carry one", usage) + tooFew(usage)
	}
	var shares []string
	for _, u := range c.AskedOf() {
		usage := w.facts.Style.Usage(c, u)
		if usage.Of == 0 {
			continue
		}
		if usage.Expected() {
			list = append(list, string(u))
		}
		shares = append(shares, fmt.Sprintf("%s %ss have one%s", usage, u, tooFew(usage)))
	}
	if shares == nil {
		return nil, "there are no alerts to ask it of"
	}
	return list, strings.Join(shares, ", ")
}

func tooFew(u analyze.Usage) string {
	if u.Of < analyze.HouseLeast {
		return " (too few to tell)"
	}
	return ""
}

// use says how many alerts carry a key, and as what.
func use(u analyze.KeyUse) string {
	var parts []string
	if u.Labels > 0 {
		parts = append(parts, "label of "+count(u.Labels, "alert"))
	}
	if u.Annotations > 0 {
		parts = append(parts, "annotation of "+count(u.Annotations, "alert"))
	}
	if u.Brought > 0 {
		parts = append(parts, "brought along by the expression of "+count(u.Brought, "alert"))
	}
	return strings.Join(parts, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// escape makes a path a pattern that fits it alone.
func escape(p string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `{`, `\{`).Replace(p)
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func scalarNode(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func commented(s, comment string) *yaml.Node {
	n := scalarNode(s)
	n.LineComment = "# " + oneLine(comment)
	return n
}

func flow(list []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range list {
		n.Content = append(n.Content, scalarNode(s))
	}
	return n
}

// add appends a key to a mapping, with a comment above it.
func add(to *yaml.Node, key string, value *yaml.Node, above string) {
	k := scalarNode(key)
	if above != "" {
		k.HeadComment = "# " + strings.ReplaceAll(above, "\n", "\n# ")
	}
	to.Content = append(to.Content, k, value)
}

// oneLine makes text of a rule file harmless in a comment.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFEFF {
			return '?'
		}
		return r
	}, s)
}
