package config

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Selection is which rule files a run reads.
type Selection struct {
	Paths   []string // files and folders to judge, as seen from the working directory
	Context []string // files and folders to read besides

	config     *Config
	configured bool // Paths are those of the configuration, whose patterns choose among what they hold
}

// Select chooses what a run reads: the paths that a command was given, else the
// configured ones, else the working directory; and what it was given as
// context. Configured paths that name nothing make an error of type Invalid.
func (c *Config) Select(paths, context []string) (*Selection, error) {
	s := &Selection{Paths: paths, Context: context, config: c}
	if len(paths) == 0 && c != nil && len(c.doc.Paths) > 0 {
		var err error
		s.configured = true
		s.Paths, err = c.folders()
		return s, err
	}
	if len(paths) == 0 {
		s.Paths = []string{"."}
	}
	return s, nil
}

// Whole reports that all rules are read that the configuration is about: those
// under its paths, else under its folder. What is read otherwise may be a part.
func (s *Selection) Whole() bool {
	if s.configured || s.config == nil {
		return true
	}
	all := []string{s.config.root}
	if len(s.config.doc.Paths) > 0 {
		var err error
		if all, err = s.config.folders(); err != nil {
			return false
		}
	}
	var read []string
	for _, p := range slices.Concat(s.Paths, s.Context) {
		if real, err := realPath(p); err == nil {
			read = append(read, real)
		}
	}
	return !slices.ContainsFunc(all, func(p string) bool {
		real, err := realPath(p)
		return err != nil || !slices.ContainsFunc(read, func(r string) bool { return under(real, r) })
	})
}

// realPath is where a path leads, absolute.
func realPath(path string) (string, error) {
	real, err := filepath.EvalSymlinks(filepath.FromSlash(path))
	if err != nil {
		return "", err
	}
	return filepath.Abs(real)
}

// Read reads the rule files at paths, which cover Paths and Context. A
// configured pattern that no file fits makes an error of type Invalid; other
// errors are those of rules.Load.
func (s *Selection) Read(ctx context.Context, paths []string, opts rules.Options) (*rules.Set, error) {
	set, err := rules.Load(ctx, paths, s.Options(opts))
	if err != nil || !s.configured {
		return s.Keep(set), err
	}
	matched := make([]bool, len(s.config.doc.Paths))
	for _, f := range set.Files {
		if rel, inside := s.config.relative(f.Path); inside {
			for i, p := range s.config.doc.Paths {
				matched[i] = matched[i] || match(p, rel)
			}
		}
	}
	for i, p := range s.config.doc.Paths {
		if !matched[i] && isPattern(p) {
			return nil, s.config.invalid(p, "matches no rule file")
		}
	}
	return s.Keep(set), nil
}

// Options leaves out of walks what is not read.
func (s *Selection) Options(opts rules.Options) rules.Options {
	if s.chooses() {
		opts.Skip = func(path string, dir bool) bool { return !s.keeps(path, dir) }
	}
	return opts
}

// Keep leaves out of a set what is not read though a command names it.
func (s *Selection) Keep(set *rules.Set) *rules.Set {
	if set == nil || !s.chooses() {
		return set
	}
	files := slices.DeleteFunc(slices.Clone(set.Files), func(f *rules.File) bool { return !s.keeps(f.Path, false) })
	if len(files) == len(set.Files) {
		return set
	}
	return rules.NewSet(files)
}

func (s *Selection) chooses() bool {
	return s.config != nil && (s.configured || len(s.config.doc.Ignore) > 0)
}

func (s *Selection) keeps(path string, dir bool) bool {
	rel, inside := s.config.relative(path)
	switch {
	case !inside:
		return true
	case matchAny(s.config.doc.Ignore, rel):
		return false
	case !s.configured || dir || matchAny(s.config.doc.Paths, rel):
		return true
	}
	full, err := filepath.Abs(path)
	return err == nil && slices.ContainsFunc(s.Context, func(p string) bool {
		folder, err := filepath.Abs(p)
		return err == nil && under(full, folder)
	})
}

// folders are the files and folders, as seen from the working directory, that
// hold everything which the configured paths name.
func (c *Config) folders() ([]string, error) {
	var out []string
	for _, p := range c.doc.Paths {
		base := p.pattern
		if isPattern(p) {
			base, _ = doublestar.SplitPattern(p.pattern)
		}
		path, err := c.locate(p, base)
		if err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

// Alertmanager is where the configuration says that Alertmanager's is, as seen
// from the working directory; "" where it says nothing of it.
func (c *Config) Alertmanager() (string, error) {
	if c == nil || c.doc.Alertmanager.pattern == "" {
		return "", nil
	}
	return c.locate(c.doc.Alertmanager.glob, c.doc.Alertmanager.pattern)
}

// locate finds what a path of the configuration names, under its folder, as
// seen from the working directory.
func (c *Config) locate(p glob, base string) (string, error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	top, err := filepath.EvalSymlinks(c.root)
	if err != nil {
		return "", err
	}
	full := filepath.Join(c.root, filepath.FromSlash(base))
	real, err := filepath.EvalSymlinks(full)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err == nil {
		top, err = filepath.Abs(top)
	}
	switch {
	case os.IsNotExist(err):
		return "", c.invalid(p, "is not there")
	case err != nil:
		return "", err
	case !under(real, top):
		return "", c.invalid(p, "is a link out of the folder of this file; a configuration speaks only of what lies under its own")
	}
	if rel, err := filepath.Rel(here, full); err == nil {
		full = rel
	}
	return full, nil
}

func (c *Config) invalid(p glob, why string) error {
	return &Invalid{Path: c.Path, Problems: []Problem{{p.at.line, p.at.column, "the path " + join("", p.pattern) + " " + why}}}
}

// relative is the path of a file within the folder of the configuration; ok is
// false for one that lies elsewhere.
func (c *Config) relative(path string) (rel string, ok bool) {
	full, err := filepath.Abs(filepath.FromSlash(path))
	if err != nil {
		return "", false
	}
	root, err := filepath.Abs(c.root)
	if err != nil {
		return "", false
	}
	if !under(full, root) {
		// One of the two may have been named through a link.
		var errs [2]error
		full, errs[0] = filepath.EvalSymlinks(full)
		root, errs[1] = filepath.EvalSymlinks(root)
		if errs[0] != nil || errs[1] != nil || !under(full, root) {
			return "", false
		}
	}
	rel, err = filepath.Rel(root, full)
	return filepath.ToSlash(rel), err == nil
}

// under reports whether a path is a folder or lies in it; both are absolute.
func under(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func isPattern(p glob) bool { return strings.ContainsAny(p.pattern, `*?[{\`) }

// match reports whether a pattern fits a path or a folder that it lies in.
func match(p glob, path string) bool {
	return p.pattern == "." || doublestar.MatchUnvalidated(p.pattern, path) || doublestar.MatchUnvalidated(p.pattern+"/**", path)
}

func matchAny(list []glob, path string) bool {
	return slices.ContainsFunc(list, func(p glob) bool { return match(p, path) })
}
