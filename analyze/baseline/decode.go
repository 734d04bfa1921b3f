package baseline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// version of the format.
const version = 1

// A baseline may come with somebody else's change: bounds on the memory that
// reading one takes. Each sign that can start a YAML node costs some 200 bytes.
const (
	maxSize  = 16 << 20
	maxMarks = 2 << 20
)

// fields of an entry, in the order in which they are written.
var fields = []struct {
	key  string
	of   func(*Entry) *string
	must bool
}{
	{"file", func(e *Entry) *string { return &e.File }, false},
	{"alert", func(e *Entry) *string { return &e.Alert }, false},
	{"record", func(e *Entry) *string { return &e.Record }, false},
	{"check", func(e *Entry) *string { return &e.Check }, true},
	{"id", func(e *Entry) *string { return &e.ID }, true},
	{"variant", func(e *Entry) *string { return &e.Variant }, false},
}

// Read reads the baseline at a path; its errors name file, line and column.
func Read(path string) (*Baseline, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	return Decode(path, src)
}

// Decode reads a baseline, strictly: what it does not know it refuses. The name
// is that of the file, for errors.
func Decode(name string, src []byte) (*Baseline, error) {
	d := decoder{name: name}
	if len(src) > maxSize {
		return nil, fmt.Errorf("%s: the baseline is larger than %d MiB", name, maxSize>>20)
	}
	marks := 0
	for _, c := range src {
		if bytes.IndexByte([]byte(":,[{-?&*!"), c) >= 0 {
			marks++
		}
	}
	if marks > maxMarks {
		return nil, fmt.Errorf("%s: the baseline has %d signs that can start a YAML node; at most %d are read", name, marks, maxMarks)
	}
	root, err := parse(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d.baseline(root)
}

// parse reads the one document of the source.
func parse(src []byte) (root *yaml.Node, err error) {
	// The YAML package has panicked on hostile input before.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; `crywolf baseline` writes one")
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the first YAML document")
	}
	return doc.Content[0], nil
}

type decoder struct{ name string }

func (d decoder) bad(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s", d.name, n.Line, n.Column, fmt.Sprintf(format, args...))
}

func (d decoder) baseline(root *yaml.Node) (*Baseline, error) {
	b := &Baseline{}
	known := []string{"version", "paths", "findings"}
	at, err := d.mapping(root, "a baseline", known)
	if err != nil {
		return nil, err
	}
	switch v := at["version"]; {
	case v == nil:
		return nil, d.bad(root, "a baseline needs a version")
	case v.Kind != yaml.ScalarNode || v.Value != strconv.Itoa(version):
		return nil, d.bad(v, "the version of the baseline is not %d: write it anew with `crywolf baseline`, or use the crywolf that wrote it", version)
	}
	if n := at["paths"]; n != nil {
		if err := d.list(n, "paths", func(n *yaml.Node) error {
			text, err := d.text(n, "a path")
			b.Paths = append(b.Paths, text)
			return err
		}); err != nil {
			return nil, err
		}
	}
	n := at["findings"]
	if n == nil {
		return nil, d.bad(root, "a baseline needs findings, be it an empty list")
	}
	err = d.list(n, "findings", func(n *yaml.Node) error {
		e, err := d.entry(n)
		b.Entries = append(b.Entries, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (d decoder) entry(n *yaml.Node) (Entry, error) {
	var e Entry
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.key
	}
	at, err := d.mapping(n, "a finding", known)
	if err != nil {
		return e, err
	}
	for _, f := range fields {
		v := at[f.key]
		if v == nil {
			if f.must {
				return e, d.bad(n, "a finding needs %s", f.key)
			}
			continue
		}
		text, err := d.text(v, f.key)
		if err != nil {
			return e, err
		}
		if f.must && text == "" {
			return e, d.bad(v, "a finding needs %s", f.key)
		}
		*f.of(&e) = text
	}
	return e, nil
}

// mapping reads a mapping of known keys.
func (d decoder) mapping(n *yaml.Node, what string, known []string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, d.bad(n, "%s must be a mapping", what)
	}
	at := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(known, key.Value):
			return nil, d.bad(key, "unknown key %.40q in %s; there are %s", key.Value, what, known)
		case at[key.Value] != nil:
			return nil, d.bad(key, "key %q is already set", key.Value)
		}
		at[key.Value] = n.Content[i+1]
	}
	return at, nil
}

func (d decoder) list(n *yaml.Node, what string, each func(*yaml.Node) error) error {
	if n.Kind != yaml.SequenceNode {
		return d.bad(n, "%s must be a list", what)
	}
	for _, c := range n.Content {
		if err := each(c); err != nil {
			return err
		}
	}
	return nil
}

func (d decoder) text(n *yaml.Node, what string) (string, error) {
	var text string
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Decode(&text) != nil {
		return "", d.bad(n, "%s must be text", what)
	}
	return text, nil
}
