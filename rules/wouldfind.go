package rules

import (
	"path/filepath"
	"strings"
)

// WouldFind reports whether Load, given a folder, would come upon a file in it,
// were it there: for files that were there once. The path is slash-separated,
// from the folder on.
func WouldFind(folder, below string, opts Options) bool {
	if !hasRuleExtension(below) {
		return false
	}
	w := walker{root: folder, real: realPath(folder), skip: opts.Skip}
	w.ignore.above(w.real)
	w.ignore.in(w.real)
	parts := strings.Split(below, "/")
	for i := 1; i <= len(parts); i++ {
		sub, dir := filepath.Join(parts[:i]...), i < len(parts)
		real := filepath.Join(w.real, sub)
		if dir && strings.HasPrefix(parts[i-1], ".") || w.leavesOut(filepath.ToSlash(filepath.Join(folder, sub)), real, dir) {
			return false
		}
		if dir {
			w.ignore.in(real)
		}
	}
	return true
}
