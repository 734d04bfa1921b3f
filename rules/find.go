package rules

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stdin is the path of what is read from standard input.
const Stdin = "<stdin>"

// A found file is one to read.
type found struct {
	path   string // as the user would write it, slash-separated
	real   string // where it is, links resolved
	named  bool   // the user named it
	link   bool
	passed string // why it is not read, "" for those that are
}

// A FoundFile is one of those that Find lists.
type FoundFile struct {
	Path   string // as the user would write it, slash-separated
	Named  bool   // the user named this very file rather than a folder
	Passed string // why it is not to be read, "" for one that is
}

// Find lists the files that Load reads, in its order. The error is about a path
// that does not exist or ctx.
func Find(ctx context.Context, paths []string, opts Options) ([]FoundFile, error) {
	list, err := find(ctx, paths, opts)
	if err != nil {
		return nil, err
	}
	out := make([]FoundFile, 0, len(list))
	for _, f := range list {
		out = append(out, FoundFile{f.path, f.named, f.passed})
	}
	return out, nil
}

// find lists the files to read, in order of their paths.
func find(ctx context.Context, paths []string, opts Options) ([]found, error) {
	var all []found
	var roots []string // folders that are walked
	for _, p := range paths {
		if p == "-" {
			all = append(all, found{path: Stdin, real: Stdin, named: true})
			continue
		}
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			all = append(all, found{path: filepath.ToSlash(filepath.Clean(p)), real: realPath(p), named: true})
			continue
		}
		w := walker{ctx: ctx, root: p, real: realPath(p), skip: opts.Skip}
		if at, err := os.Lstat(filepath.Clean(p)); err == nil {
			w.link = at.Mode()&fs.ModeSymlink != 0
		}
		roots = append(roots, w.real)
		w.ignore.above(w.real)
		// Through DirFS a link to a folder is walked when it is the argument.
		if err := fs.WalkDir(os.DirFS(p), ".", w.visit); err != nil {
			return nil, fmt.Errorf("under %s: %w", p, err)
		}
		all = append(all, w.found...)
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.passed != "" && slices.Contains(roots, f.real) })
	return once(all), nil
}

// realPath resolves links as far as they can be.
func realPath(p string) string {
	if abs, err := filepath.Abs(p); err == nil {
		p = abs
	}
	if resolved, err := filepath.EvalSymlinks(p); err == nil {
		p = resolved
	}
	return p
}

// once keeps one name of each file: one that the user gave before others, a
// name of its own before a link, then the first by the alphabet.
func once(all []found) []found {
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(strings.Compare(a.real, b.real), compareBool(b.named, a.named), compareBool(a.link, b.link), strings.Compare(a.path, b.path))
	})
	all = slices.CompactFunc(all, func(a, b found) bool { return a.real == b.real })
	slices.SortFunc(all, func(a, b found) int { return strings.Compare(a.path, b.path) })
	return all
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// A walker lists the rule files under a folder.
type walker struct {
	ctx    context.Context
	root   string
	real   string
	link   bool // the root is one
	skip   func(path string, dir bool) bool
	ignore ignoring
	found  []found
}

func (w *walker) visit(sub string, d fs.DirEntry, err error) error {
	full := filepath.ToSlash(filepath.Join(w.root, sub))
	real := filepath.Join(w.real, filepath.FromSlash(sub))
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case err != nil && d != nil && d.IsDir():
		if sub == "." {
			return err
		}
		w.found = append(w.found, found{path: full, real: real}) // read will say why it can't be
		return fs.SkipDir
	case err != nil:
		return err
	case sub == ".":
		w.ignore.in(real)
		return nil
	case w.leavesOut(full, real, d.IsDir()):
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case d.IsDir() && strings.HasPrefix(d.Name(), "."):
		return fs.SkipDir
	case d.IsDir():
		w.ignore.in(real)
		return nil
	}
	w.file(full, real, d)
	return nil
}

// leavesOut reports whether the options or an ignore file leave a path out.
func (w *walker) leavesOut(full, real string, dir bool) bool {
	return w.skip != nil && w.skip(full, dir) || w.ignore.match(real, dir)
}

// file adds what is no folder. Links to folders are not followed: they may
// lead anywhere, in circles too.
func (w *walker) file(full, real string, d fs.DirEntry) {
	if d.Type()&fs.ModeSymlink == 0 {
		if d.Type().IsRegular() && hasRuleExtension(full) {
			w.found = append(w.found, found{path: full, real: real, link: w.link})
		}
		return
	}
	info, err := os.Stat(filepath.FromSlash(full))
	switch {
	case err == nil && info.IsDir():
		w.found = append(w.found, found{path: full, real: realPath(real), link: true,
			passed: "a link to a folder, which is not followed; name it to have it read"})
	case hasRuleExtension(full) && (err != nil || info.Mode().IsRegular()):
		w.found = append(w.found, found{path: full, real: realPath(real), link: true})
	}
}
