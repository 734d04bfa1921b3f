package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// flags that lint and review share.
type flags struct {
	told
	enable, disable []string
	failOn          string
	format          string
	output          []string
	color           string
	verbose         bool
	now             string
	failUnder       float64
}

func (f *flags) register(fs *pflag.FlagSet, failOn string) {
	f.told.register(fs)
	fs.StringSliceVar(&f.enable, "enable", nil, "run only these checks (an id, or a quality for all of its checks)")
	fs.StringSliceVar(&f.disable, "disable", nil, "leave these checks out (an id, or a quality for all of its checks)")
	fs.StringVar(&f.failOn, "fail-on", failOn, "exit with 1 for findings of this severity and above: error, warning, info or never")
	fs.Float64Var(&f.failUnder, "fail-under", 0, "exit with 1 for a score below this, out of 100")
	f.registerReport(fs, report.Lint)
}

// registerReport registers what every command with a report has.
func (f *flags) registerReport(fs *pflag.FlagSet, command string) {
	formats := report.Names(command)
	fs.StringVar(&f.format, "format", formats[0], "what to print: "+strings.Join(formats, ", "))
	fs.StringArrayVar(&f.output, "output", nil, "write a further report to a file, as FORMAT=FILE; may be repeated")
	f.registerColor(fs)
	fs.StringVar(&f.now, "now", "", "take this for the present: a time or a day (default: the clock)")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "print everything, however much there is")
}

func (f *flags) registerColor(fs *pflag.FlagSet) {
	fs.StringVar(&f.color, "color", "auto", "colour the output: auto, always or never")
}

// checks chooses from the registry what the configuration leaves of it.
func (f *flags) checks(cfg *config.Config, all []*analyze.Check) ([]*analyze.Check, error) {
	known := func(name string) bool {
		return slices.ContainsFunc(all, func(c *analyze.Check) bool { return c.ID == name || string(c.Quality()) == name })
	}
	for _, name := range slices.Concat(f.enable, f.disable) {
		if !known(name) {
			return nil, noCheck("check or quality", name, all)
		}
	}
	named := func(list []string, c *analyze.Check) bool {
		return slices.Contains(list, c.ID) || slices.Contains(list, string(c.Quality()))
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(c *analyze.Check) bool {
		return cfg.Off(c.ID) || len(f.enable) > 0 && !named(f.enable, c) || named(f.disable, c)
	})
	if len(chosen) == 0 {
		return nil, usage("--enable, --disable and the configuration leave no check to run")
	}
	return chosen, nil
}

// noCheck is the mistake of naming a check that there is none of.
func noCheck(what, name string, all []*analyze.Check) error {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	meant := ""
	if best := nearest.To(name, ids); best != "" {
		meant = fmt.Sprintf("did you mean %s? ", best)
	}
	return usage("there is no %s %q; %s`crywolf explain` lists them", what, name, meant)
}

// threshold is the least severity that fails, 0 for none.
func (f *flags) threshold() (analyze.Severity, error) {
	for _, s := range []analyze.Severity{analyze.Info, analyze.Warning, analyze.Error} {
		if f.failOn == s.String() {
			return s, nil
		}
	}
	if f.failOn == "never" {
		return 0, nil
	}
	return 0, usage("--fail-on is %q; it must be error, warning, info or never", f.failOn)
}

// colored follows --color, else NO_COLOR and whether out is a terminal.
func (f *flags) colored(out io.Writer) (bool, error) {
	switch f.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		file, ok := out.(*os.File)
		return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, usage("--color is %q; it must be auto, always or never", f.color)
}

// width of the terminal in columns; 80 where there is none, so that what is
// piped is the same everywhere.
func width(out io.Writer) int {
	if file, ok := out.(*os.File); ok {
		if w, _, err := term.GetSize(int(file.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 80
}

// verdict is the exit that the findings and the score demand.
func verdict(r *report.Report, failUnder float64) error {
	if err := scoreVerdict(failUnder, r.Total); err != nil {
		return err
	}
	if r.Failing == 0 {
		return nil
	}
	if slices.ContainsFunc(r.Result.Findings, func(f analyze.Finding) bool { return f.Severity >= r.Failing }) {
		return &exit{code: exitFindings}
	}
	return nil
}

func usage(format string, args ...any) error {
	return &exit{code: exitUsage, err: fmt.Errorf(strings.TrimSpace(format), args...)}
}
