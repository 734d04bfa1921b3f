// Package rules reads Prometheus rule files of every shape, with the exact
// place in the source of everything it finds.
package rules

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/grafana/dskit/concurrency"
)

// Load reads the rule files at the paths: files, and folders with everything
// under them that ends in .yml, .yaml, .rules or .alerts, except hidden folders
// and what .gitignore and .crywolfignore leave out. A file named outright is
// read whatever it is called, and "-" is opts.Stdin. A file that several names
// lead to is read once. The order of the set's files is that of their paths,
// whatever that of the arguments.
//
// The error is about a path that does not exist or ctx; what is wrong with a
// file is among its own Problems, and costs nothing but that file.
func Load(ctx context.Context, paths []string, opts Options) (*Set, error) {
	list, err := find(ctx, paths, opts)
	if err != nil {
		return nil, fmt.Errorf("reading rules: %w", err)
	}
	jobs := opts.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	opts.shared = &shared{}
	files := make([]*File, len(list))
	err = concurrency.ForEachJob(ctx, len(list), jobs, func(ctx context.Context, i int) error {
		opts := opts
		opts.Named = list[i].named
		switch {
		case list[i].passed != "":
			files[i] = unlookedAt(list[i])
		default:
			files[i] = read(list[i].path, opts)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	opts.shared.settle(files)
	return NewSet(files), nil
}

func unlookedAt(found found) *File {
	return &File{Path: found.path, lines: []int32{0}, Passed: []Problem{{Kind: PassedOver, Message: found.passed}}}
}

func hasRuleExtension(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yml", ".yaml", ".rules", ".alerts":
		return true
	}
	return false
}

// read reads one file; what fails is the file's problem.
func read(path string, opts Options) *File {
	src, err := source(path, opts)
	if err != nil {
		return &File{Path: path, Named: opts.Named, lines: []int32{0}, Problems: []Problem{{
			Kind: Unreadable, Message: "the file can't be read: " + err.Error(),
		}}}
	}
	return Parse(path, src, opts)
}

func source(path string, opts Options) ([]byte, error) {
	if path != Stdin {
		return readBounded(filepath.FromSlash(path))
	}
	if opts.Stdin == nil {
		return nil, errors.New("there is no standard input")
	}
	return io.ReadAll(io.LimitReader(opts.Stdin, MaxFileSize+1))
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
