package main

import (
	"os"
	"path/filepath"
	"strings"
)

// locator finds the paths of files within the repository that the working
// directory belongs to, or within that directory where there is no repository.
// Code hosts know files by these paths, and by what links lead to.
func locator() func(string) (string, bool) {
	root := repositoryRoot()
	known := map[string]string{} // a folder as written, to what it is
	return func(path string) (string, bool) {
		abs, err := filepath.Abs(filepath.FromSlash(path))
		if err != nil {
			return path, false
		}
		// Folders hold many files; only the last part is looked up for each.
		dir, ok := known[filepath.Dir(abs)]
		if !ok {
			dir = target(filepath.Dir(abs))
			known[filepath.Dir(abs)] = dir
		}
		abs = filepath.Join(dir, filepath.Base(abs))
		if info, err := os.Lstat(abs); err == nil && info.Mode()&os.ModeSymlink != 0 {
			abs = target(abs)
		}
		rel, err := filepath.Rel(root, abs)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return filepath.ToSlash(abs), false
		}
		return filepath.ToSlash(rel), true
	}
}

// repositoryRoot is the nearest folder with a .git (a folder, or the file that
// a worktree or submodule has in its place), from the working directory up.
func repositoryRoot() string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	here = target(here)
	if top := gitTop(here); top != "" {
		return top
	}
	return here
}
