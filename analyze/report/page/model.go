// Package page writes the noise review as one HTML file that needs no network,
// no server and no storage. What it shows is a Model; package report makes one
// of a run.
//
// The texts of a model are shown as they are, as text. Whoever makes a model
// sees to it that they are fit to be shown, and of bounded length.
package page

// A Model is all that a page shows. Times are Unix milliseconds, lengths of
// time seconds.
type Model struct {
	Tool   string // name and version
	Title  string
	Span   string // the window in words
	Source string // what the history was read from
	Cover  string // what of the window had data, "" for all of it

	Score   *Score // nil where there is no alert
	Grades  []Count
	Figures []Figure
	Load    *Load // nil where it is not known

	Since  []string // what changed since the review before: a heading, then lines
	Groups *Table   // by the label that was asked for, nil for none

	Changes []Change
	More    int // changes beyond those that are listed

	Columns []Column
	Rows    []Row // worst first
	Details []Detail
	Left    int // alerts whose details were left out for the size of the file

	SLIs    *Table  // nil where none are declared
	SLINote string  // what to do about that
	Others  []Other // findings that are about no alert
	Unsaid  int     // further ones
	Notes   []Note
}

// A Score is the month's grade and what it is a mean over.
type Score struct {
	Grade, Value, Over string // "C", "63", "over what fired"
	Also               string // the other mean, in words
	Before             string // against the window before, "" where that is not known
}

// A Count is a number of things of one kind.
type Count struct {
	Name string
	N    int
}

// A Figure is one number of the month. Tone is "good", "bad" or "".
type Figure struct {
	Name, Value, Note string
	Before            string // against the window before, "" where that is not known
	Tone              string
}

// A Load is what reached people, by shift.
type Load struct {
	Noun   string     `json:"noun"` // what is counted first, in the plural
	Zone   string     `json:"zone"` // the clock that shifts go by
	Most   float64    `json:"most"` // per shift that people can bear, 0 where nobody says
	Says   string     `json:"-"`    // the chart in a sentence
	Parts  []string   `json:"-"`    // what is counted; the first is drawn
	Start  int64      `json:"start"`
	End    int64      `json:"end"`
	Gaps   [][2]int64 `json:"gaps,omitempty"` // without data
	Shifts []Shift    `json:"shifts"`         // those with data
}

// A Shift is one stretch of on-call duty.
type Shift struct {
	Start int64  `json:"t"`
	End   int64  `json:"e"`
	Name  string `json:"n"`
	Parts []int  `json:"v"` // by the parts of the Load
}

// A Change is one thing to do.
type Change struct {
	Row     int // of the alert, -1 for none
	Name    string
	Saves   string
	Costs   string // "" where it costs nothing that is known
	Because string
	Do      string
	Check   string
	Place   string
}

// A Column of the table of alerts. Its cells are sorted by number where it is
// Numeric, else by the number's rank, so that the page never compares texts.
type Column struct {
	Key   string `json:"k"`
	Title string `json:"t"`
	Help  string `json:"h,omitempty"` // what is meant, in a sentence
	Right bool   `json:"r,omitempty"` // numbers, to be right-aligned; the greatest first
	Wide  int    `json:"w,omitempty"` // 0 always shown, 1 not on a phone, 2 on wide screens only
}

// A Row is one alert. Cells and Sort go by the columns after the first.
type Row struct {
	ID      string     `json:"i"`
	Name    string     `json:"n"`
	Under   string     `json:"u,omitempty"` // where it is
	Grade   string     `json:"g"`
	Urgency string     `json:"p"`
	Owner   string     `json:"o,omitempty"`
	State   string     `json:"a"` // "fired", "silent"
	Cells   []string   `json:"c"`
	Sort    []*float64 `json:"s"`           // nil sorts last
	Spark   []int      `json:"k,omitempty"` // firings begun by day; -1 without data
	Also    string     `json:"x,omitempty"` // further words to be found by
}

// A Table of texts.
type Table struct {
	Caption string     `json:"t"`
	Head    []string   `json:"h"`
	Right   []bool     `json:"r,omitempty"` // columns of numbers
	Rows    [][]string `json:"b"`
	Marks   []string   `json:"m,omitempty"` // by row: "bad" or ""
}

// An Other is a finding with its place.
type Other struct {
	Finding
	Place string
}

// A Note is something the report rests on.
type Note struct{ Kind, Text string }
