package main

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// BenchmarkLint lints the real rule files, or the demo's where there are none.
// `make profile` runs it for the profile that builds are optimised with.
func BenchmarkLint(b *testing.B) {
	args := []string{"lint", "--fail-on", "never"}
	if dir := corpora.Dir(); dir != "" {
		args = append(args, filepath.Join(dir, "awesome"), filepath.Join(dir, "mixins"))
	} else {
		args = append(args, "../../fixtures/demo/rules")
	}
	for b.Loop() {
		root := command()
		root.SetOut(io.Discard)
		root.SetErr(io.Discard)
		root.SetArgs(args)
		if err := root.ExecuteContext(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
