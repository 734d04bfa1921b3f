package sli

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"unicode/utf8"

	"github.com/grafana/regexp"
)

// Bounds of what may be declared of metrics: as much as anybody writes by hand.
const (
	MaxClasses = 500 // classes that a Judger takes; it leaves out any more
	MaxPattern = 500 // characters of a regular expression
	MaxWhat    = 200 // bytes of Class.What
	maxProgram = 5000
)

// A Class is what somebody knows of their own metrics: the verdict on alerts
// that read them.
type Class struct {
	Names string // a regular expression that matches the whole name of a metric, or of what records it

	// Label and Values narrow the class to selectors with a matcher on that
	// label that admits only values of this kind, a regular expression too.
	// Without Values it admits any but none.
	Label, Values string

	Verdict Verdict
	What    string // what such a metric tells of, as the end of "`x` tells of …"; may be empty
}

// Validate says what is wrong with a class.
func (c Class) Validate() error {
	if err := ValidPattern(c.Names); err != nil {
		return fmt.Errorf("names %w", err)
	}
	switch {
	case c.Values != "" && c.Label == "":
		return errors.New("values are given, and no label whose values they are")
	case len(c.What) > MaxWhat:
		return fmt.Errorf("what has more than %d bytes", MaxWhat)
	case c.Verdict > Meta:
		return fmt.Errorf("there is no verdict %d", c.Verdict)
	}
	if c.Values == "" {
		return nil
	}
	if err := ValidPattern(c.Values); err != nil {
		return fmt.Errorf("values %w", err)
	}
	return nil
}

// ValidPattern says what is wrong with a regular expression of a class, as the
// end of a sentence that names it.
func ValidPattern(re string) error {
	if re == "" {
		return errors.New("is empty")
	}
	if n := utf8.RuneCountInString(re); n > MaxPattern {
		return fmt.Errorf("has %d characters, more than %d; write several", n, MaxPattern)
	}
	parsed, err := syntax.Parse(re, syntax.Perl)
	if err == nil {
		var prog *syntax.Prog
		if prog, err = syntax.Compile(parsed.Simplify()); err == nil && len(prog.Inst) > maxProgram {
			return errors.New("repeats more than can be matched quickly")
		}
	}
	if err == nil {
		_, err = regexp.Compile(whole(re))
	}
	if err != nil {
		return fmt.Errorf("is no regular expression: %w", err)
	}
	return nil
}

// declaredRows makes rows of the classes that are valid. It is nil for none, so
// that nobody else waits for it.
func declaredRows(extra []Class) *[256][]*row {
	var table []class
	for _, c := range extra[:min(len(extra), MaxClasses)] {
		if c.Validate() != nil {
			continue
		}
		own := class{names: c.Names, label: c.Label, values: c.Values, reads: declared, verdict: c.Verdict, what: c.What}
		if own.label != "" && own.values == "" {
			own.values = ".*"
		}
		if own.what == "" {
			own.what = "what the configuration says it does"
		}
		table = append(table, own)
	}
	if table == nil {
		return nil
	}
	rows := compile(table)
	return &rows
}
