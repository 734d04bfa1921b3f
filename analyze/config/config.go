// Package config reads .crywolf.yaml, which says what a run need not infer:
// strictly, with every mistake at its place. It also writes one from what was
// inferred.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// Name is what the file is called.
const Name = ".crywolf.yaml"

// MaxSize is the largest configuration, in bytes, that is read.
const MaxSize = 1 << 20

// A Config is a configuration that was read without a mistake. A nil Config
// says nothing: everything is inferred.
type Config struct {
	Path string // as the user would write it

	root   string // folder that paths are relative to, absolute
	doc    document
	file   *rules.File // its text
	checks []*analyze.Check
}

// Find looks for the configuration from a folder upwards, and no further than
// the top of a git checkout. It returns "" where there is none.
func Find(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for up := dir; ; up, abs = filepath.Join(up, ".."), filepath.Dir(abs) {
		name := filepath.Join(up, Name)
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return name, nil
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("looking for the configuration: %w", err)
		}
		if _, err := os.Lstat(filepath.Join(up, ".git")); err == nil || filepath.Dir(abs) == abs {
			return "", nil
		}
	}
}

// Load reads the file at a path. Options that it sets of checks are set in
// those given, which are the whole registry, fresh. Mistakes in the file make
// an error of type Invalid.
func Load(path string, checks []*analyze.Check) (*Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	c, err := Parse(path, src, checks)
	if err != nil {
		return nil, err
	}
	c.root, err = filepath.Abs(filepath.Dir(path))
	return c, err
}

// Parse reads the text of a configuration; see Load. Paths in it are relative
// to the working directory.
func Parse(path string, src []byte, checks []*analyze.Check) (*Config, error) {
	c := &Config{Path: filepath.ToSlash(path), root: ".", file: rules.Text(filepath.ToSlash(path), src), checks: checks}
	d := &decoder{file: c.file, lines: lines(src), checks: checks, budget: maxNodes}
	if n := d.parse(c.Path, src); n != nil {
		d.value(n, reflect.ValueOf(&c.doc).Elem(), "")
		d.judge(&c.doc)
	}
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b Problem) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, &Invalid{Path: c.Path, Problems: d.problems}
	}
	for _, check := range checks {
		o := c.doc.Checks[checkID(check.ID)]
		if o.Severity.Severity != 0 {
			check.Severity = o.Severity.Severity
		}
		if o.Points.set {
			check.Points = o.Points.n
			if check.PointsMost > 0 {
				check.PointsMost = o.Points.n
			}
		}
	}
	return c, nil
}

// lines of a text as editors count them; there is one at least.
func lines(src []byte) []string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(src))
	return strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n")
}

// parse is the node of the file's one document; nil where it is empty, or not
// YAML, which it reports.
func (d *decoder) parse(path string, src []byte) *yaml.Node {
	if len(src) > MaxSize {
		d.reportAt(position{1, 1}, "the file has more than %d bytes", MaxSize)
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var n, more yaml.Node
	err := dec.Decode(&n)
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			d.report(&more, "a second document is not read; write everything into one")
			return nil
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		d.notYAML(path, src, err)
		return nil
	}
	if len(n.Content) == 0 || n.Content[0].ShortTag() == "!!null" {
		return nil
	}
	return n.Content[0]
}

// notYAML reports an error of the YAML package where the reader of rule files,
// who knows what its errors are about, finds it.
func (d *decoder) notYAML(path string, src []byte, err error) {
	for _, p := range rules.Parse(path, src, rules.Options{Named: true}).Problems {
		if p.Kind == rules.BadYAML {
			at := position{min(p.Span.Start.Line, len(d.lines)), p.Span.Start.Column}
			d.reportAt(position{max(at.line, 1), max(at.column, 1)}, "%s", strings.TrimSpace(p.Message+" "+p.Hint))
			return
		}
	}
	d.reportAt(position{1, 1}, "not valid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
}

// judge reports what no key can be wrong with by itself.
func (d *decoder) judge(doc *document) {
	names := map[string]bool{}
	for i, s := range doc.Scopes {
		if s.Name.value != "" && names[s.Name.value] {
			d.reportAt(s.Name.at, "scopes[%d].name is %q, which an earlier scope is called", i, shorten(s.Name.value))
		}
		names[s.Name.value] = true
	}
	for name, c := range doc.Style {
		if len(c.Keys) == 0 && len(c.Required) > 0 {
			d.reportAt(c.at, "style.%s requires what has no keys; name a label or annotation that carries it", name)
		}
	}
	d.judgeSLIs(doc.SLIs)
	for i, m := range doc.Metrics {
		switch {
		case m.Values.value != "" && m.Label.value == "":
			d.reportAt(m.Values.at, "metrics[%d].values are those of no label; name it under label", i)
		case len(m.What.value) > sli.MaxWhat:
			d.reportAt(m.What.at, "metrics[%d].what has more than %d bytes; it is the end of a sentence", i, sli.MaxWhat)
		case i == sli.MaxClasses:
			d.reportAt(m.at, "there are more than %d metrics; write their names together", sli.MaxClasses)
		}
	}
	for i, o := range doc.Overrides {
		if o.Paths == nil && o.Labels == nil {
			d.reportAt(o.at, "overrides[%d] names neither paths nor labels; what holds everywhere belongs under checks", i)
		}
	}
}
