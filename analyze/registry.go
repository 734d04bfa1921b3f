package analyze

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var checkID = regexp.MustCompile(`^([a-z]+)/[a-z]+(-[a-z]+)*$`)

// Validate reports everything that is wrong with a list of checks: a missing
// part of the doc, an id that is malformed or taken, a settled check that does
// not exist.
func Validate(checks []*Check) error {
	var errs []error
	seen := map[string]bool{}
	for _, c := range checks {
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("check %q: %s", c.ID, fmt.Sprintf(format, args...)))
		}
		m := checkID.FindStringSubmatch(c.ID)
		switch {
		case m == nil:
			bad("id is not quality/name")
		case !slices.Contains(Qualities(), Quality(m[1])):
			bad("no such quality as %q", m[1])
		case seen[c.ID]:
			bad("id is taken")
		}
		seen[c.ID] = true
		if c.Run == nil {
			bad("no Run")
		}
		if c.Severity < Info || c.Severity > Error {
			bad("no severity")
		}
		for what, text := range map[string]string{
			"title": c.Doc.Title, "why": c.Doc.Why, "text": c.Doc.Text, "bad example": c.Doc.Bad, "good example": c.Doc.Good,
		} {
			if strings.TrimSpace(text) == "" {
				bad("doc has no %s", what)
			}
		}
		if strings.Contains(c.Doc.Why, "\n") || strings.Contains(c.Doc.Title, "\n") {
			bad("title and why must be one line each")
		}
	}
	for _, c := range checks {
		for _, id := range c.Settles {
			if !seen[id] {
				errs = append(errs, fmt.Errorf("check %q settles %q, which does not exist", c.ID, id))
			}
		}
	}
	return errors.Join(errs...)
}
