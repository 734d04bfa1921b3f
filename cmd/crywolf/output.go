package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/crywolf-dev/crywolf/analyze/report"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// outputs are where the report of a run goes: one format to stdout, and others
// to files.
type outputs struct {
	out    io.Writer
	format report.Format
	files  []outputFile

	// summary is where GitHub Actions takes the summary of a job step from, ""
	// elsewhere or where its format was not asked for.
	summary string
	errs    io.Writer
}

type outputFile struct {
	path   string
	format report.Format
}

// outputs reads --format, --output and --color, and refuses what is wrong with
// them before any work is done.
func (f *flags) outputs(c *cobra.Command) (*outputs, error) {
	out := c.OutOrStdout()
	color, err := f.colored(out)
	if err != nil {
		return nil, err
	}
	choice, err := formatNamed(c.Name(), "--format", f.format)
	if err != nil {
		return nil, err
	}
	o := &outputs{out: out, errs: c.ErrOrStderr(), format: choice.New(report.Screen{Width: width(out), Color: color})}
	if f.format == "github" {
		o.summary = os.Getenv("GITHUB_STEP_SUMMARY")
	}
	named := map[string]string{} // what a file is, to the flag that named it
	for _, flag := range f.output {
		name, path, _ := strings.Cut(flag, "=")
		choice, err := formatNamed(c.Name(), "the format of --output", name)
		switch {
		case err != nil:
			return nil, err
		case path == "":
			return nil, usage("--output %s names no file; write --output %s=FILE", flag, name)
		case path == "-":
			return nil, usage("--output %s: stdout gets one report alone; ask for it with --format %s", flag, name)
		}
		is := identityOf(path)
		if first := named[is]; first != "" {
			return nil, usage("--output %s and --output %s name one file; each report needs its own", first, flag)
		}
		named[is] = flag
		o.files = append(o.files, outputFile{path, choice.New(report.Screen{Color: f.color == "always"})})
	}
	return o, nil
}

// spare refuses to write a report over what the run reads.
func (o *outputs) spare(set *rules.Set, others ...string) error {
	reads := map[string]bool{}
	for _, f := range set.Files {
		reads[identityOf(filepath.FromSlash(f.Path))] = true
	}
	for _, path := range others {
		if path != "" {
			reads[identityOf(path)] = true
		}
	}
	for _, f := range o.files {
		if reads[identityOf(f.path)] {
			return usage("--output %s is a file that the run reads; name another", f.path)
		}
	}
	return nil
}

func formatNamed(command, flag, name string) (report.Choice, error) {
	choice, ok := report.Named(command, name)
	if ok {
		return choice, nil
	}
	meant := ""
	if best := nearest.To(name, report.Names(command)); best != "" {
		meant = fmt.Sprintf("; did you mean %s?", best)
	}
	return choice, usage("%s is %q; it must be one of %s%s", flag, name, strings.Join(report.Names(command), ", "), meant)
}

// identityOf tells files apart, however they are named.
func identityOf(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	return target(path)
}

// target is the file that a path leads to; the path itself where there is none.
func target(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// write writes all the reports. One that cannot be written costs only itself.
func (o *outputs) write(r *report.Report) error {
	r.Locate = locator()
	var errs []error
	if err := o.format.Write(o.out, r); err != nil {
		errs = append(errs, err)
	}
	for _, f := range o.files {
		var b bytes.Buffer
		err := f.format.Write(&b, r)
		if err == nil {
			err = writeFile(f.path, b.Bytes())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("the report was not written: %w", err))
		}
	}
	if err := o.summarize(r); err != nil {
		// Nobody named that file: it is none of the command's own.
		fmt.Fprintln(o.errs, "crywolf: no job summary was written: "+err.Error())
	}
	if len(errs) > 0 {
		return &exit{code: exitUnfinished, err: errors.Join(errs...)}
	}
	o.lacks()
	return nil
}

// lacks says what the program was built without that some report would have had.
func (o *outputs) lacks() {
	formats := []report.Format{o.format}
	for _, f := range o.files {
		formats = append(formats, f.format)
	}
	for _, f := range formats {
		if f, ok := f.(interface{ Lacks() string }); ok && f.Lacks() != "" {
			fmt.Fprintln(o.errs, "crywolf: "+f.Lacks())
			return
		}
	}
}

// summarize appends a summary to those of the job step, as far as there is room.
func (o *outputs) summarize(r *report.Report) error {
	if o.summary == "" {
		return nil
	}
	var b bytes.Buffer
	most := report.MostSummary
	if info, err := os.Stat(o.summary); err == nil && info.Size() > 0 {
		b.WriteByte('\n') // ends whatever block stands there
		most -= int(min(info.Size(), int64(most)-1)) + 1
	}
	if err := (report.Markdown{Most: most}).Write(&b, r); err != nil {
		return err
	}
	if b.Len() > most+1 {
		return fmt.Errorf("%s has no room for it", o.summary)
	}
	file, err := os.OpenFile(o.summary, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(b.Bytes())
	return errors.Join(err, file.Close())
}

// writeFile replaces a file as a whole, so that nobody ever reads half a
// report. What is no plain file, such as a pipe or /dev/stderr, is written to.
func writeFile(path string, data []byte) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		return errors.Join(err, file.Close())
	}
	return maybe.WriteFile(target(path), data, 0o644)
}

// completeFormats lets a shell complete the names of formats.
func completeFormats(c *cobra.Command) {
	complete := func(suffix string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var out []cobra.Completion
			for _, choice := range report.For(c.Name()) {
				out = append(out, cobra.CompletionWithDesc(choice.Name+suffix, choice.Doc))
			}
			return out, directive
		}
	}
	for flag, f := range map[string]cobra.CompletionFunc{
		"format": complete("", cobra.ShellCompDirectiveNoFileComp),
		"output": complete("=", cobra.ShellCompDirectiveNoSpace),
	} {
		if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
			panic(err) // a flag that the command lacks
		}
	}
}
