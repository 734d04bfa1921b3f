package rules

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignoreFiles say what is left out of a walk, in git's notation. The later one
// has the last word.
var ignoreFiles = []string{".gitignore", ".crywolfignore"}

// Bounds on ignore files; what goes over them is not looked at.
const (
	maxIgnoreFile = 256 << 10 // bytes
	maxIgnoreLine = 1 << 10   // bytes
	maxIgnores    = 5_000     // patterns in all
)

// ignoring is what the ignore files seen so far leave out.
type ignoring struct {
	patterns []ignorePattern
}

// above reads the ignore files of the folders above one, up to that of the git
// repository. Outside of a repository there is none that would count.
func (ig *ignoring) above(folder string) {
	var up []string
	for dir := folder; ; {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return
		}
		dir = parent
		up = append(up, dir)
	}
	for i := len(up) - 1; i >= 0; i-- {
		ig.in(up[i])
	}
	// Who names an ignored folder wants what is in it.
	for dir := folder; len(up) > 0 && dir != up[len(up)-1]; dir = filepath.Dir(dir) {
		if ig.match(dir, true) {
			ig.patterns = nil
			return
		}
	}
}

// in reads the ignore files of a folder.
func (ig *ignoring) in(folder string) {
	for _, name := range ignoreFiles {
		path := filepath.Join(folder, name)
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxIgnoreFile {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			if line == "" || line[0] == '#' || len(line) > maxIgnoreLine || len(ig.patterns) == maxIgnores {
				continue
			}
			if p, ok := readIgnore(line, folder); ok {
				ig.patterns = append(ig.patterns, p)
			}
		}
	}
}

// match reports whether a file or folder is left out: the last pattern that
// fits has the word.
func (ig *ignoring) match(path string, dir bool) bool {
	for i := len(ig.patterns) - 1; i >= 0; i-- {
		if p := &ig.patterns[i]; p.match(path, dir) {
			return !p.include
		}
	}
	return false
}

// An ignorePattern is one line of an ignore file.
type ignorePattern struct {
	folder  string // of the file, with a slash
	glob    string // for paths below the folder
	include bool   // it takes back what an earlier one left out
	dirOnly bool
}

// braces mean nothing to git, and alternatives to doublestar.
var braces = strings.NewReplacer("{", `\{`, "}", `\}`)

// readIgnore reads a pattern as gitignore(5) has it: one with a slash before
// its end counts from its folder, any other at every depth.
func readIgnore(line, folder string) (ignorePattern, bool) {
	p := ignorePattern{folder: strings.TrimSuffix(filepath.ToSlash(folder), "/") + "/"}
	line, p.include = strings.CutPrefix(line, "!")
	if !strings.HasSuffix(line, `\ `) {
		line = strings.TrimRight(line, " ")
	}
	line, p.dirOnly = strings.CutSuffix(line, "/")
	if !strings.Contains(line, "/") {
		line = "**/" + line
	}
	p.glob = braces.Replace(strings.TrimPrefix(line, "/"))
	return p, p.glob != "" && doublestar.ValidatePattern(p.glob)
}

func (p *ignorePattern) match(path string, dir bool) bool {
	below, ok := strings.CutPrefix(filepath.ToSlash(path), p.folder)
	if !ok || p.dirOnly && !dir {
		return false
	}
	if inside, all := strings.CutSuffix(p.glob, "/**"); all && doublestar.MatchUnvalidated(inside, below) {
		return false // what is in a folder is not the folder
	}
	return doublestar.MatchUnvalidated(p.glob, below)
}
