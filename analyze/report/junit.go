package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
)

// JUnit writes test results, as most servers that run tests read them: a suite
// for each file with rules, a failed test case for each finding that fails the
// run, a skipped one for each other finding, and a passed one for a file
// without findings.
type JUnit struct{}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Failure *junitResult `xml:"failure"`
	Skipped *junitResult `xml:"skipped"`
}

type junitResult struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Write implements Format.
func (JUnit) Write(w io.Writer, r *Report) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(junitOf(r)); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func junitOf(r *Report) junitSuites {
	found := map[*rules.File][]*analyze.Finding{}
	for _, f := range shown(r) {
		file := r.home(f)
		found[file] = append(found[file], f)
	}
	all := junitSuites{Name: "crywolf " + r.Command}
	for _, f := range r.Result.Set.Files {
		if len(found[f]) > 0 || holdsRules(f) {
			all.add(r, sanitize(r.pathIn(f)), found[f])
			delete(found, f)
		}
	}
	// What is left is in files that hold no rules, such as specifications of SLOs.
	for _, f := range shown(r) {
		if file := r.home(f); len(found[file]) > 0 {
			path := "crywolf"
			if file != nil {
				path = sanitize(r.pathIn(file))
			}
			all.add(r, path, found[file])
			delete(found, file)
		}
	}
	if len(all.Suites) == 0 { // a run without test cases counts as broken
		all.add(r, "crywolf", nil)
	}
	return all
}

// add adds the suite of a file.
func (all *junitSuites) add(r *Report, path string, fs []*analyze.Finding) {
	s := junitSuite{Name: path}
	if len(fs) == 0 {
		s.Cases = []junitCase{{Name: "no findings", Class: path}}
	}
	named := map[string]int{}
	for _, f := range fs {
		// Servers follow a test by its name from run to run: it holds no line.
		name := f.Check
		if f.Rule != nil {
			name += ": " + clip(sanitize(f.Rule.Name()), 200)
		}
		if named[name]++; named[name] > 1 {
			name += fmt.Sprintf(" (%d)", named[name])
		}
		c := junitCase{Name: name, Class: path}
		res := &junitResult{Type: f.Severity.String(), Message: said(f), Text: fmt.Sprintf("%s:%d\n%s", path, f.Position().Line, pageOf(f.Check))}
		if r.Failing != 0 && f.Severity >= r.Failing {
			c.Failure = res
			s.Failures++
		} else {
			c.Skipped = res
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests = len(s.Cases)
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
}
