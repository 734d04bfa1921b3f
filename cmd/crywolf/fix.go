package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/renameio/v2/maybe"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/fix"
)

// mending are the flags of fixes.
type mending struct{ fix, diff bool }

func (m *mending) register(fs *pflag.FlagSet) {
	fs.BoolVar(&m.fix, "fix", false, "write the fixes of the findings that have one, and report what is left")
	fs.BoolVar(&m.diff, "diff", false, "print what --fix would change as a unified diff, write nothing, and exit with 1 if there is any")
}

// check refuses what does not go together, before any work is done.
func (m *mending) check(c *cobra.Command, paths []string) error {
	switch {
	case m.fix && m.diff:
		return usage("--fix writes and --diff only shows: leave one out")
	case m.fix && slices.Contains(paths, "-"):
		return usage("--fix can't write to standard input; name the file, or use --diff")
	}
	for _, flag := range []string{"format", "output"} {
		if m.diff && c.Flags().Changed(flag) {
			return usage("--diff prints a diff in place of a report: leave out --%s", flag)
		}
	}
	return nil
}

// A linting is a run whose files may be fixed.
type linting struct {
	set       *rules.Set
	concerned func(*rules.File) bool // may it be written to?
	judge     func(set *rules.Set, notes io.Writer) (*analyze.Result, error)
}

// maxRounds bounds how often files are judged again because a fix has brought
// about another.
const maxRounds = 10

// A mended file is one with its fixes, in memory.
type mended struct {
	was, is *rules.File
	fixes   int
}

// mend makes the fixes of all findings that the run would report, in memory, and
// those of what then turns up, until there is none left. It returns what was
// found in the end.
func (l *linting) mend(notes io.Writer) (all []*mended, res *analyze.Result, err error) {
	var refused bytes.Buffer
	for range maxRounds {
		refused.Reset()
		if res, err = l.judge(l.set, io.Discard); err != nil {
			return nil, nil, err
		}
		changed := false
		files := slices.Clone(l.set.Files)
		fixes := l.fixes(res)
		for i, f := range files {
			if len(fixes[f]) == 0 {
				continue
			}
			out := fix.Apply(f, fixes[f])
			for _, r := range out.Refused {
				fmt.Fprintf(&refused, "crywolf: %s:%d: not fixed (%s): %s\n", quotedPath(f.Path), r.Fix.Edits[0].Span.Start.Line, r.Fix.Message, r.Reason)
			}
			if out.File == f {
				continue
			}
			changed = true
			files[i] = out.File
			if j := slices.IndexFunc(all, func(m *mended) bool { return m.is == f }); j >= 0 {
				all[j].is = out.File
				all[j].fixes += len(out.Done)
			} else {
				all = append(all, &mended{was: f, is: out.File, fixes: len(out.Done)})
			}
		}
		if !changed {
			break
		}
		l.set = rules.NewSet(files)
	}
	if _, err := notes.Write(refused.Bytes()); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(all, func(a, b *mended) int { return strings.Compare(a.was.Path, b.was.Path) })
	return slices.DeleteFunc(all, func(m *mended) bool { return bytes.Equal(m.was.Source, m.is.Source) }), res, nil
}

// fixes of the findings of a run, by files that may be written to.
func (l *linting) fixes(res *analyze.Result) map[*rules.File][]*rules.Fix {
	out := map[*rules.File][]*rules.Fix{}
	for i := range res.Findings {
		if f := &res.Findings[i]; f.Fix != nil {
			out[f.File] = append(out[f.File], f.Fix)
		}
	}
	for f := range out {
		if f.Path != rules.Stdin && !l.concerned(f) {
			delete(out, f)
		}
	}
	return out
}

// fix writes the fixed files. What could not be written stays as it was, for
// the report too, and is the error unwritten.
func (l *linting) fix(notes io.Writer) (unwritten, err error) {
	all, _, err := l.mend(notes)
	if err != nil {
		return nil, err
	}
	var failed []error
	fixes, files := 0, 0
	for _, m := range all {
		if err := overwrite(m.was.Path, m.was.Source, m.is.Source); err != nil {
			failed = append(failed, fmt.Errorf("%s was not fixed: %w", quotedPath(m.was.Path), err))
			l.put(m.is, m.was)
			continue
		}
		fixes, files = fixes+m.fixes, files+1
	}
	if files > 0 {
		fmt.Fprintf(notes, "crywolf: fixed %s in %s\n", number(fixes, "finding"), number(files, "file"))
	}
	if len(failed) > 0 {
		unwritten = &exit{code: exitUnfinished, err: errors.Join(failed...)}
	}
	return unwritten, nil
}

// put puts one file in the place of another.
func (l *linting) put(old, file *rules.File) {
	files := slices.Clone(l.set.Files)
	files[slices.Index(files, old)] = file
	l.set = rules.NewSet(files)
}

// diff prints what fix would write.
func (l *linting) diff(out, notes io.Writer) error {
	all, res, err := l.mend(notes)
	if err != nil {
		return err
	}
	fixes := 0
	for _, m := range all {
		fixes += m.fixes
		patch := diff.Diff(patchName("a", m.was.Path), m.was.Source, patchName("b", m.was.Path), m.is.Source)
		_, patch, _ = bytes.Cut(patch, []byte("\n")) // "diff a b", which is no part of the format
		if _, err := out.Write(patch); err != nil {
			return &exit{code: exitUnfinished, err: err}
		}
	}
	if err := unread(res.Set); err != nil {
		return err
	}
	if len(all) > 0 {
		return &exit{code: exitFindings, err: fmt.Errorf("--fix would fix %s in %s", number(fixes, "finding"), number(len(all), "file"))}
	}
	return nil
}

// patchName is a file's name in a patch: patch -p1 and git apply take the
// first folder off. What would break the line is quoted as git does.
func patchName(side, path string) string {
	if path == rules.Stdin {
		path = "stdin"
	}
	if !filepath.IsAbs(path) {
		path = side + "/" + path
	}
	return quotedPath(path)
}

// quotedPath is a path in a line of text, in quotes where it could break out of
// it.
func quotedPath(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool { return !strconv.IsPrint(r) || r == '"' }) {
		return strconv.QuoteToASCII(path)
	}
	return path
}

// overwrite replaces what a file holds, if it is still what was read. Links
// stay, and so does the file's mode.
func overwrite(path string, was, is []byte) error {
	path = target(path)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is no plain file")
	case info.Mode().Perm()&0o200 == 0:
		return errors.New("it is read-only")
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	now, err := io.ReadAll(io.LimitReader(file, rules.MaxFileSize+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if !bytes.Equal(now, was) {
		return errors.New("it changed while it was being read; run the command again")
	}
	if err := maybe.WriteFile(path, is, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chmod(path, info.Mode().Perm()) // whatever the umask left of it
}

func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
