// Package spec reads the specifications of SLOs: OpenSLO's, Sloth's and
// Pyrra's, with the exact place of every mistake in them.
package spec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// MaxSize is the largest file, in bytes, that is read. Specifications are
// written by hand, a few kilobytes at a time.
const MaxSize = 1 << 20

// Load reads the specifications at the paths: files, and folders with every
// .yaml and .yml file under them, walked as rules.Load does. The order of the
// SLIs is that of the paths of their files. In a folder, files that hold no
// specification are passed over in silence; one that the user named is a
// Problem.
//
// The error is about a path that does not exist or ctx; what is wrong with a
// file is among the Problems, and costs nothing but the document it is in.
func Load(ctx context.Context, paths []string) (*sli.Catalog, error) {
	files, err := Files(ctx, paths)
	if err != nil {
		return nil, err
	}
	return Read(files), nil
}

// A File is one that may hold specifications.
type File struct {
	*rules.File        // no more than its text
	Unread      string // why it could not be read, "" where it could
}

// Files returns what Load reads, in its order.
func Files(ctx context.Context, paths []string) ([]File, error) {
	if slices.Contains(paths, "-") {
		return nil, errors.New("reading SLO specifications: they are not read from standard input; name a file or a folder")
	}
	list, err := rules.Find(ctx, paths, rules.Options{})
	if err != nil {
		return nil, fmt.Errorf("reading SLO specifications: %w", err)
	}
	var out []File
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if f.Passed != "" || !f.Named && !hasExtension(f.Path) {
			continue
		}
		src, err := read(f.Path)
		if err == nil && !f.Named && !mentionsSLOs(src) {
			continue
		}
		file := File{File: rules.Text(f.Path, src)}
		if file.Named = f.Named; err != nil {
			file.Unread = err.Error()
		}
		out = append(out, file)
	}
	return out, nil
}

// Read reads the specifications in files.
func Read(files []File) *sli.Catalog {
	l := newLoader()
	for _, f := range files {
		switch {
		case f.Unread != "":
			l.problem(sli.Problem{File: f.File, Message: "the file can't be read: " + f.Unread})
		case f.Named || hasExtension(f.Path):
			l.file(f.Path, f.Source, f.Named)
		}
	}
	return l.catalog()
}

// Parse reads one file that is in memory already, and keeps src. named says
// that the user named the file, so that holding no SLO is a Problem.
func Parse(path string, src []byte, named bool) *sli.Catalog {
	l := newLoader()
	l.file(filepath.ToSlash(path), src, named)
	return l.catalog()
}

func hasExtension(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yml", ".yaml":
		return true
	}
	return false
}

func read(path string) ([]byte, error) {
	file, err := os.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, MaxSize+1))
}

// marks are what every specification has one of, and most other files none.
var marks = []string{"openslo", "sloth.slok.dev/", "prometheus/v1", "pyrra.dev/"}

func mentionsSLOs(src []byte) bool {
	return slices.ContainsFunc(marks, func(mark string) bool { return bytes.Contains(src, []byte(mark)) })
}

// A loader gathers the documents of all files before it reads them, since an
// SLO of OpenSLO may name an indicator of any file.
type loader struct {
	documents  []func()                    // to be called in order
	indicators map[string]*sharedIndicator // OpenSLO's SLI objects by name
	sources    map[string]string           // OpenSLO's data sources: their types by name

	slis             []*found
	problems, passed []sli.Problem
}

// A found SLI, with what tells it from another of the same ID.
type found struct {
	*sli.SLI
	namespace string // of the Kubernetes object, "" where there is none
	order     int    // of its document
}

func newLoader() *loader {
	return &loader{indicators: map[string]*sharedIndicator{}, sources: map[string]string{}}
}

func (l *loader) problem(p sli.Problem) { l.problems = append(l.problems, p) }

// file finds the documents of one file.
func (l *loader) file(path string, src []byte, named bool) {
	if !named && !mentionsSLOs(src) {
		return
	}
	if len(src) > MaxSize {
		l.leave(named, sli.Problem{File: rules.Text(path, nil), Message: fmt.Sprintf("the file is larger than %d MiB, and not read", MaxSize>>20), Hint: "Split the file."})
		return
	}
	f, roots := rules.ReadYAML(path, src)
	for _, p := range f.Problems {
		said := sli.Problem{File: f, Span: p.Span, Message: p.Message, Hint: p.Hint}
		if p.Kind == rules.Limit {
			l.leave(named, said)
		} else {
			l.problem(said)
		}
	}
	r := newReader(l, f, roots)
	known := false
	for _, root := range roots {
		known = r.objects(root, 0) || known
	}
	if named && !known && len(f.Problems) == 0 {
		l.problem(sli.Problem{File: f, Span: f.Span(0, 0), Message: "no SLO specification in the file",
			Hint: "SLOs are read from files of OpenSLO, Sloth and Pyrra."})
	}
}

// leave says what is not read: to the user who named the file as a problem.
func (l *loader) leave(named bool, p sli.Problem) {
	if named {
		l.problem(p)
	} else {
		l.passed = append(l.passed, p)
	}
}
