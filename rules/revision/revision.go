package revision

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/rules"
)

// A Place is where in the repository a file or folder lies: slash-separated,
// from the top on, "." for the top itself; ok is false outside of it.
type Place func(path string) (below string, ok bool)

// Before returns the rules as they were where the branch that is checked out in
// the work tree at top parted from a revision. Now are the rules as they are,
// read from the paths with the options. Files keep the paths that they have now,
// and those which did not change are the very same files. What is not versioned
// with the repository, such as files of a submodule, is taken not to have
// changed; files that git does not know at all are new.
//
// The error is about the revision, git or ctx.
func Before(ctx context.Context, top, rev string, now *rules.Set, paths []string, place Place, opts rules.Options) (*rules.Set, error) {
	files, err := Files(ctx, top, rev, now.Files, paths, place, opts, func(path string, src []byte, named bool) *rules.File {
		opts := opts
		opts.Named = named
		return rules.Parse(path, src, opts)
	})
	if err != nil {
		return nil, err
	}
	return rules.NewSet(files), nil
}

// Files is Before for files of any kind: parse makes one of the text that it
// had.
func Files(ctx context.Context, top, rev string, now []*rules.File, paths []string, place Place, opts rules.Options, parse func(path string, src []byte, named bool) *rules.File) ([]*rules.File, error) {
	g := git{top}
	commit, err := g.mergeBase(ctx, rev)
	if err != nil {
		return nil, err
	}
	tree, err := g.tree(ctx, commit)
	if err != nil {
		return nil, err
	}
	b := &before{tree: tree, top: top}
	b.changed(now, place)
	b.removed(paths, place, opts)
	return b.load(ctx, g, parse)
}

// before collects what the rules consisted of.
type before struct {
	tree map[string]object
	top  string

	same []*rules.File
	old  []oldFile
}

// An oldFile is one to read from git.
type oldFile struct {
	path  string // as it would be now
	hash  string
	named bool
}

// changed sorts the files of now into those that are the same and those that
// had another text; what git did not have is left out.
func (b *before) changed(now []*rules.File, place Place) {
	for _, f := range now {
		below, ok := place(f.Path)
		if !ok {
			b.same = append(b.same, f)
			continue
		}
		o, ok := b.follow(below)
		switch {
		case !ok && b.unversioned(below):
			b.same = append(b.same, f)
		case !ok:
		case f.Source != nil && blobHash(f.Source, len(o.hash)) == o.hash:
			b.same = append(b.same, f)
		default:
			b.old = append(b.old, oldFile{path: f.Path, hash: o.hash, named: f.Named})
		}
	}
}

// maxLinks bounds how many links are followed to a file.
const maxLinks = 10

// follow finds a file in the tree, through links to files.
func (b *before) follow(below string) (object, bool) {
	o, ok := b.tree[below]
	if !ok || o.mode == modeSubmodule {
		return object{}, false
	}
	// Where the link leads is read from the work tree: git's copy of it would
	// have to be fetched first, and a link that was moved as well is rare.
	for range maxLinks {
		if o.mode != modeLink {
			return o, true
		}
		target, err := os.Readlink(filepath.Join(b.top, filepath.FromSlash(below)))
		if err != nil || filepath.IsAbs(target) {
			return object{}, false
		}
		below = path.Join(path.Dir(below), filepath.ToSlash(target))
		if o, ok = b.tree[below]; !ok {
			return object{}, false
		}
	}
	return object{}, false
}

// unversioned reports whether the tree has the path, or a folder above it, but
// not its text: a link that leads out of the repository, a submodule.
func (b *before) unversioned(below string) bool {
	if o, ok := b.tree[below]; ok {
		return o.mode == modeLink
	}
	for dir := path.Dir(below); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if o, ok := b.tree[dir]; ok {
			return o.mode == modeSubmodule
		}
	}
	return false
}

// removed finds the files that are there no more, and that the paths would have
// led to.
func (b *before) removed(paths []string, place Place, opts rules.Options) {
	type folder struct{ path, below string }
	var folders []folder
	for _, p := range paths {
		info, err := os.Stat(p)
		if below, ok := place(p); ok && err == nil && info.IsDir() {
			folders = append(folders, folder{p, below})
		}
	}
	for _, below := range slices.Sorted(maps.Keys(b.tree)) {
		if o := b.tree[below]; o.mode == modeLink || o.mode == modeSubmodule {
			continue
		}
		for _, f := range folders {
			sub, ok := below, f.below == "."
			if !ok {
				sub, ok = strings.CutPrefix(below, f.below+"/")
			}
			if !ok {
				continue
			}
			if _, err := os.Lstat(filepath.Join(b.top, filepath.FromSlash(below))); err != nil && rules.WouldFind(f.path, sub, opts) {
				b.old = append(b.old, oldFile{path: filepath.ToSlash(filepath.Join(f.path, sub)), hash: b.tree[below].hash})
			}
			break
		}
	}
}

// load reads what is to be read.
func (b *before) load(ctx context.Context, g git, parse func(path string, src []byte, named bool) *rules.File) ([]*rules.File, error) {
	var hashes []string
	for _, f := range b.old {
		hashes = append(hashes, f.hash)
	}
	slices.Sort(hashes)
	texts, err := g.blobs(ctx, slices.Compact(hashes))
	if err != nil {
		return nil, err
	}
	files := b.same
	for _, f := range b.old {
		files = append(files, parse(f.path, texts[f.hash], f.named))
	}
	return files, nil
}

// blobHash is the name that git gives to a text, in so many hexadecimal digits.
func blobHash(text []byte, digits int) string {
	var h hash.Hash = sha1.New()
	if digits == hex.EncodedLen(sha256.Size) {
		h = sha256.New()
	}
	h.Write([]byte("blob " + strconv.Itoa(len(text)) + "\x00"))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}
