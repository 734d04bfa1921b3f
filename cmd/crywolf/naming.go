package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// A naming gives files and folders the paths by which findings about them are
// identified: relative to the top of their git repository, so that they are the
// same whatever folder crywolf was started in and however the path was written.
// What lies in no repository is named relative to the working directory. It is
// for one goroutine.
type naming struct {
	top    string             // of the working directory, or itself
	known  map[string]located // folders as written
	places map[string]located // paths as written
}

// located is where a folder really lies, absolute, and in which repository; ""
// for none.
type located struct{ dir, top string }

func newNaming() *naming {
	return &naming{top: repositoryRoot(), known: map[string]located{}, places: map[string]located{}}
}

func (n *naming) locate(dir string) located {
	if l, ok := n.known[dir]; ok {
		return l
	}
	l := located{dir: dir}
	if abs, err := filepath.Abs(dir); err == nil {
		l.dir = target(abs)
		l.top = gitTop(l.dir)
	}
	n.known[dir] = l
	return l
}

// place is where a path really lies, absolute. A link to a file is a file of
// its own, in the folder that it stands in.
func (n *naming) place(path string) located {
	if l, ok := n.places[path]; ok {
		return l
	}
	l := n.find(path)
	n.places[path] = l
	return l
}

func (n *naming) find(path string) located {
	if path == "-" {
		path = rules.Stdin
	}
	path = filepath.FromSlash(path)
	dir, base := path, ""
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		dir, base = filepath.Split(path)
	}
	if dir == "" {
		dir = "."
	}
	l := n.locate(dir)
	l.dir = filepath.Join(l.dir, base)
	return l
}

// name is the path by which findings about a file or folder are identified,
// slash-separated; "." is the top of the repository.
func (n *naming) name(path string) string {
	l := n.place(path)
	top := l.top
	if top == "" {
		top = n.top
	}
	rel, err := filepath.Rel(top, l.dir)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// names of paths.
func (n *naming) names(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = n.name(p)
	}
	return out
}

// under returns what tells whether a file lies in one of the paths or is one.
func (n *naming) under(paths []string) func(*rules.File) bool {
	return func(f *rules.File) bool { return n.within(n.place(f.Path).dir, paths) }
}

// within reports whether a place lies in one of the paths or is one.
func (n *naming) within(place string, paths []string) bool {
	const separator = string(filepath.Separator)
	return slices.ContainsFunc(paths, func(p string) bool {
		at := n.place(p).dir
		return place == at || strings.HasPrefix(place, strings.TrimSuffix(at, separator)+separator)
	})
}

// gitTop is the nearest folder, from dir up, that holds a git repository or is
// the top of a work tree; "" where there is none.
func gitTop(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
