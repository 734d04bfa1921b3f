package rules

// Shape is the kind of document in which rules were found.
type Shape int

const (
	ShapeUnknown        Shape = iota // no rules in it
	ShapePlain                       // groups: at the top
	ShapePrometheusRule              // monitoring.coreos.com PrometheusRule objects, also within a List
)

// A File is one source file with all that was found in it. What could not be
// read is in Problems; the rest of the file stands.
type File struct {
	Path     string // as the user would write it, slash-separated
	Named    bool   // the user named this very file rather than a folder
	Source   []byte // not to be changed; nil for a file with nothing to do with rules
	Shape    Shape
	Groups   []*Group
	Problems []Problem
	Comments []Comment

	text    string  // Source, for strings that point into it
	lines   []int32 // offsets of line starts
	misread int     // scalars whose parts can't be told apart; Sub gives the whole
}

// ProblemKind says what sort of trouble a Problem is; checks choose by it.
type ProblemKind int

const (
	BadYAML         ProblemKind = iota + 1 // not YAML, or refused for its size or depth
	BadField                               // unknown key, missing key, wrong type
	DuplicateKey                           // one key twice in a mapping
	BadValue                               // a duration, number, name or label that Prometheus refuses
	BadExpr                                // PromQL that does not parse
	IgnoredDocument                        // a YAML document after the first of a plain file
	NoRules                                // looks like rules, or was named, and holds none
	Unreadable                             // the file could not be read at all
	Limit                                  // past a bound of crywolf's own: not read, whatever Prometheus does
)

// A Problem is something wrong with a file, at its place.
type Problem struct {
	Kind    ProblemKind
	Span    Span
	Message string // what was found and what was expected
	Hint    string // what to do, "" where the message says it
	Detail  string // kind-specific: the unknown key, the field
	Rule    *Rule  // nil where it concerns no single rule
}

// A Comment is one comment, from its '#' to the end of its line: of the YAML
// file, or within a PromQL expression.
type Comment struct {
	Span Span
	Text string // without the '#', trimmed
	// Own reports that nothing but white space precedes it on its line.
	Own bool
}
