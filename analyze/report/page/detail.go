package page

// A Detail is what the panel of an alert shows. It is made when the panel is
// opened.
type Detail struct {
	Facts     []Pair     `json:"facts"`
	Losses    []Loss     `json:"losses,omitempty"`
	Findings  []Finding  `json:"findings,omitempty"` // those that have no line in the source
	Timeline  *Timeline  `json:"timeline,omitempty"`
	Heat      *Heat      `json:"heat,omitempty"`
	Durations *Histogram `json:"durations,omitempty"`
	Curve     *Curve     `json:"curve,omitempty"`
	Partners  []Partner  `json:"partners,omitempty"`
	PartnersS string     `json:"partners_say,omitempty"` // what the list counts
	SLIs      *Table     `json:"slis,omitempty"`
	Source    *Source    `json:"source,omitempty"`
}

// A Pair is a name with what it stands for.
type Pair struct {
	Name  string `json:"n"`
	Value string `json:"v"`
}

// A Loss is where points of the score went.
type Loss struct {
	Check  string `json:"c"`
	Points int    `json:"p"`
}

// A Finding is what a check says.
type Finding struct {
	Check    string `json:"c"`
	Severity string `json:"s"`
	Message  string `json:"m"`
	Advice   string `json:"a,omitempty"`
	Evidence string `json:"e,omitempty"`
	Link     string `json:"l,omitempty"` // to the reference
	From     int    `json:"f,omitempty"` // columns within the line, in UTF-16 code units
	To       int    `json:"t,omitempty"`
}

// A Timeline is when the instances of an alert were pending and firing.
type Timeline struct {
	Start   int64      `json:"start"`
	End     int64      `json:"end"`
	Gaps    [][2]int64 `json:"gaps,omitempty"`
	Changed int64      `json:"changed,omitempty"` // when the rule became what it is, 0 where that is not in the window
	Lanes   []Lane     `json:"lanes"`
	Says    string     `json:"says"`
	Folds   string     `json:"folds,omitempty"` // what was drawn as one, "" for nothing
}

// A Lane is one instance, or what is left of many.
type Lane struct {
	Name  string     `json:"n"`
	Marks [][4]int64 `json:"m"` // seconds since the timeline's start, seconds long, kind, episodes drawn as one
}

// Kinds of marks.
const (
	Pending = 0
	Firing  = 1
)

// A Heat is a number for each hour of the week, Monday's first hour first.
type Heat struct {
	Noun  string `json:"noun"`
	Zone  string `json:"zone"`
	Says  string `json:"says"`
	Hours []int  `json:"hours"` // 168
}

// A Histogram counts by classes.
type Histogram struct {
	Noun string   `json:"noun"`
	Says string   `json:"says"`
	Bins []string `json:"bins"`
	N    []int    `json:"n"`
}

// A Curve says what would have been left with other values of `for`.
type Curve struct {
	Noun   string       `json:"noun"`
	Says   string       `json:"says"`
	Now    float64      `json:"now"` // the rule's own, in seconds
	Points []CurvePoint `json:"points"`
}

// A CurvePoint is one value of `for`.
type CurvePoint struct {
	For  float64 `json:"f"` // seconds
	Name string  `json:"n"`
	Left int     `json:"l"`
	Cost string  `json:"c,omitempty"`
}

// A Partner is another alert that fires at the same time.
type Partner struct {
	Row  int    `json:"r"` // -1 where it has none
	Name string `json:"n"`
	Says string `json:"s"`
}

// A Source is the text of a rule, with what is found in it.
type Source struct {
	Place string `json:"place"`
	Lines []Line `json:"lines"`
	Cut   string `json:"cut,omitempty"` // what was left out
}

// A Line of a source.
type Line struct {
	N        int       `json:"n"`
	Text     string    `json:"t"`
	Findings []Finding `json:"f,omitempty"`
}
