// Package rules reads Prometheus rule files of every shape, with the exact
// place in the source of everything it finds.
package rules

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/grafana/dskit/concurrency"
)

// Load reads the rule files at the paths: files, and folders with everything
// under them that ends in .yml, .yaml or .rules, except hidden folders. A file
// named outright is read whatever it is called. The order of the set's files
// is that of their paths, whatever that of the arguments.
//
// The error is about a path that does not exist or ctx; what is wrong with a
// file is among its own Problems, and costs nothing but that file.
func Load(ctx context.Context, paths []string, opts Options) (*Set, error) {
	named, err := find(ctx, paths)
	if err != nil {
		return nil, err
	}
	list := make([]string, 0, len(named))
	for p := range named {
		list = append(list, p)
	}
	slices.Sort(list)

	jobs := opts.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	files := make([]*File, len(list))
	err = concurrency.ForEachJob(ctx, len(list), jobs, func(ctx context.Context, i int) error {
		opts := opts
		opts.Named = named[list[i]]
		files[i] = read(list[i], opts)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	return NewSet(files), nil
}

// find lists the files to read, and which of them were named.
func find(ctx context.Context, paths []string) (map[string]bool, error) {
	named := map[string]bool{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("reading rules: %w", err)
		}
		if !info.IsDir() {
			named[filepath.ToSlash(filepath.Clean(p))] = true
			continue
		}
		// Through DirFS a link to a folder is walked when it is the argument.
		err = fs.WalkDir(os.DirFS(p), ".", func(sub string, d fs.DirEntry, err error) error {
			full := filepath.ToSlash(filepath.Join(p, sub))
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil && d != nil && d.IsDir():
				if sub == "." {
					return err
				}
				if !named[full] {
					named[full] = false // read will say why it can't be
				}
				return fs.SkipDir
			case err != nil:
				return err
			case d.IsDir() && sub != "." && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			case d.IsDir() || !hasRuleExtension(sub):
				return nil
			}
			if d.Type()&fs.ModeSymlink != 0 {
				if info, err := os.Stat(full); err == nil && !info.Mode().IsRegular() {
					return nil
				}
			} else if !d.Type().IsRegular() {
				return nil
			}
			if !named[full] {
				named[full] = false
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("reading rules under %s: %w", p, err)
		}
	}
	return named, nil
}

func hasRuleExtension(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yml", ".yaml", ".rules":
		return true
	}
	return false
}

// read reads one file; what fails is the file's problem.
func read(path string, opts Options) *File {
	src, err := readBounded(filepath.FromSlash(path))
	if err != nil {
		return &File{Path: path, Named: opts.Named, lines: []int32{0}, Problems: []Problem{{
			Kind: Unreadable, Message: "the file can't be read: " + err.Error(),
		}}}
	}
	return Parse(path, src, opts)
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 { // pipes, /proc
		return io.ReadAll(io.LimitReader(file, MaxFileSize+1))
	}
	src := make([]byte, min(info.Size(), MaxFileSize+1))
	n, err := io.ReadFull(file, src)
	if err == io.ErrUnexpectedEOF { // it shrank
		err = nil
	}
	return src[:n], err
}
