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

// Read reads the rule files at the paths that a command was given, else at the
// configured ones, else in the working directory, but for those that are to be
// ignored. Configured paths that name nothing make an error of type Invalid;
// other errors are those of rules.Load.
func (c *Config) Read(ctx context.Context, paths []string, opts rules.Options) (*rules.Set, error) {
	configured := len(paths) == 0 && c != nil && len(c.doc.Paths) > 0
	if configured {
		var err error
		if paths, err = c.folders(); err != nil {
			return nil, err
		}
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	set, err := rules.Load(ctx, paths, opts)
	if err != nil || c == nil || !configured && len(c.doc.Ignore) == 0 {
		return set, err
	}
	matched := make([]bool, len(c.doc.Paths))
	files := slices.DeleteFunc(slices.Clone(set.Files), func(f *rules.File) bool {
		rel, inside := c.relative(f.Path)
		if !inside {
			return false
		}
		keep := !configured
		if configured {
			for i, p := range c.doc.Paths {
				if match(p, rel) {
					keep, matched[i] = true, true
				}
			}
		}
		return !keep || matchAny(c.doc.Ignore, rel)
	})
	if configured {
		for i, p := range c.doc.Paths {
			if !matched[i] && isPattern(p) {
				return nil, c.invalid(p, "matches no rule file")
			}
		}
	}
	return rules.NewSet(files), nil
}

// folders are the files and folders, as seen from the working directory, that
// hold everything which the configured paths name.
func (c *Config) folders() ([]string, error) {
	here, err := filepath.Abs(".")
	if err != nil {
		return nil, err
	}
	top, err := filepath.EvalSymlinks(c.root)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range c.doc.Paths {
		base := p.pattern
		if isPattern(p) {
			base, _ = doublestar.SplitPattern(p.pattern)
		}
		full := filepath.Join(c.root, filepath.FromSlash(base))
		real, err := filepath.EvalSymlinks(full)
		switch {
		case os.IsNotExist(err):
			return nil, c.invalid(p, "is not there")
		case err != nil:
			return nil, err
		case !under(real, top):
			return nil, c.invalid(p, "is a link out of the folder of this file; a configuration speaks only of what lies under its own")
		}
		if rel, err := filepath.Rel(here, full); err == nil {
			full = rel
		}
		out = append(out, full)
	}
	return out, nil
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
