package report

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// CheckPage writes the page of one check, in Markdown that reads well as text.
func CheckPage(w io.Writer, c *analyze.Check) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s. %s\n\n%s\n\n", c.ID, capital(c.Doc.Title), c.Doc.Why, c.Doc.Text)
	needs := "rule files"
	if c.Needs&analyze.NeedsHistory != 0 {
		needs = "rule files and history"
	}
	if c.Needs&analyze.NeedsSamples != 0 {
		needs = "rule files, SLO specifications, history and stored samples"
	}
	fmt.Fprintf(&b, "Severity: %s. Costs: %s. Needs: %s.\n\n", c.Severity, Costs(c), needs)
	if c.Doc.Fixes != "" {
		fmt.Fprintf(&b, "Fixed by `crywolf lint --fix`: %s.\n\n", c.Doc.Fixes)
	}
	if options := Options(c); len(options) > 0 {
		b.WriteString("Thresholds:\n\n")
		for _, o := range options {
			fmt.Fprintf(&b, "- `%s` = %s: %s\n", o.Name, o.Default, o.Doc)
		}
		b.WriteByte('\n')
	}
	example := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s:\n\n```yaml\n%s```\n\n", title, text)
		}
	}
	if c.Doc.GoodSLOs == "" {
		example("Where these SLOs are declared", c.Doc.SLOs)
		example("Avoid", c.Doc.Bad)
	} else {
		example("Avoid", c.Doc.SLOs)
		example("Beside", c.Doc.Bad)
	}
	example("Prefer", c.Doc.GoodSLOs)
	if c.Doc.Good != c.Doc.Bad {
		example("Prefer", c.Doc.Good)
	}
	if len(c.Doc.References) > 0 {
		b.WriteString("See also:\n\n")
		for _, ref := range c.Doc.References {
			fmt.Fprintf(&b, "- <%s>\n", ref)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

// Costs says in words what a finding of the check costs an alert.
func Costs(c *analyze.Check) string {
	switch {
	case c.Fails:
		return "grade F"
	case c.Points == 0:
		return "nothing"
	case c.PointsMost > 0:
		return fmt.Sprintf("%d to %d points", c.Points, c.PointsMost)
	}
	return fmt.Sprintf("%d points", c.Points)
}

// An Option is one threshold of a check.
type Option struct{ Name, Default, Doc string }

// Options reads the settings struct of a check: its fields in order, with
// their yaml names, current values and doc tags.
func Options(c *analyze.Check) []Option {
	if c.Options == nil {
		return nil
	}
	var out []Option
	v := reflect.ValueOf(c.Options).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		out = append(out, Option{Name: f.Tag.Get("yaml"), Default: fmt.Sprint(v.Field(i).Interface()), Doc: f.Tag.Get("doc")})
	}
	return out
}
