package rules

import "github.com/crywolf-dev/crywolf/rules/promexpr"

// Shape is the kind of document in which rules were found.
type Shape int

const (
	ShapeUnknown        Shape = iota // no rules in it
	ShapePlain                       // groups: at the top
	ShapePrometheusRule              // monitoring.coreos.com PrometheusRule objects, also within a List
	ShapeVMRule                      // VictoriaMetrics's objects of the kind
	ShapeConfigMap                   // rule files as the values of a Kubernetes ConfigMap
	ShapeGroups                      // a list of groups at the top
	ShapeEmbedded                    // groups: within another document, such as Helm values
	ShapeTests                       // unit tests for promtool
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
	Passed   []Problem // what was not read because it is not for crywolf, and why; Detail tells of a rule what its expression is made of
	Comments []Comment
	Tests    []Scalar // alerts that the file tests, where it holds unit tests
	Origin   *Origin  // what the file was generated from; nil for files that people edit

	view       []byte        // Source as YAML is read from it, of the same length
	mask       *mask         // how view came to be; nil unless the file is a template
	text       string        // Source, for strings that point into it
	decoded    []decodedText // texts of the scalars that are not in text as they are
	lines      []int32       // offsets of line starts
	vmalert    bool          // some group has keys that only vmalert knows
	logQL      bool          // some expression is LogQL
	namespaces []string      // of Mimir's rule files, so far
	shared     *shared       // nil once it is loaded
	slab       *slab         // likewise
	matchers   *matcherPool

	experimental map[*Rule][]promexpr.Use // of rules that have any

	anchored []span // values with an anchor

	misread int // scalars whose parts can't be told apart; Sub gives the whole
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
	PassedOver                             // not for crywolf to judge; no fault of the file
)

// A Problem is something wrong with a file, at its place.
type Problem struct {
	Kind    ProblemKind
	Span    Span
	Message string // what was found and what was expected
	Hint    string // what to do, "" where the message says it
	Detail  string // kind-specific: the unknown key, the field
	Rule    *Rule  // nil where it concerns no single rule
	Fix     *Fix   // what was meant, nil unless that is beyond doubt
}

// A Comment is one comment, from its '#' to the end of its line: of the YAML
// file, or within a PromQL expression.
type Comment struct {
	Span Span
	Text string // without the '#', trimmed
	// Own reports that nothing but white space precedes it on its line.
	Own bool
}
