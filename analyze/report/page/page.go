package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// bundled is how many alerts have their details in one block of data, which is
// read when the first of them is opened.
const bundled = 50

// fewRows is how many alerts stand in the page's own markup, for readers that
// run no scripts and for what is to be seen before they ran.
const fewRows = 25

// Write writes the page. Its errors are those of w, or of a model with numbers
// that are none.
func Write(w io.Writer, m *Model) error { return write(w, m, charts()) }

func write(w io.Writer, m *Model, charts string) error {
	v := view{Model: m, Style: template.CSS(style), App: template.JS(app), Charts: template.JS(charts)}
	v.Policy = policy(app, charts)
	v.Marked = charts != ""
	v.First = m.Rows[:min(fewRows, len(m.Rows))]
	var err error
	if v.Data, err = data(pageData{
		Columns: m.Columns, Rows: m.Rows, Bundled: bundled, Details: len(m.Details), Load: m.Load,
	}); err != nil {
		return err
	}
	for from := 0; from < len(m.Details); from += bundled {
		block, err := data(m.Details[from:min(from+bundled, len(m.Details))])
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, block)
	}
	var b bytes.Buffer
	if err := layout.Execute(&b, v); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// A view is what the layout is filled with.
type view struct {
	*Model
	Policy      string
	Style       template.CSS
	App, Charts template.JS
	Marked      bool // charts are drawn
	First       []Row
	Data        template.JS
	Blocks      []template.JS
}

// pageData is what the page's own script begins with.
type pageData struct {
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	Bundled int      `json:"bundled"`
	Details int      `json:"details"`
	Load    *Load    `json:"load,omitempty"`
}

// data is a value as JSON that may stand in a script element: encoding/json
// writes <, > and &, and the line separators of Unicode, as escapes.
func data(v any) (template.JS, error) {
	b, err := json.Marshal(v)
	return template.JS(b), err
}

// policy allows the page its own scripts, by what they hold, and no network at
// all. Styles may stand in the markup, since charts are drawn with them; without
// a network they can reach nothing.
func policy(scripts ...string) string {
	var allowed []string
	for _, s := range scripts {
		if s != "" {
			sum := sha256.Sum256([]byte(s))
			allowed = append(allowed, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		}
	}
	return fmt.Sprintf("default-src 'none'; script-src %s; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'", strings.Join(allowed, " "))
}
