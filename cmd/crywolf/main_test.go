package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"crywolf": func() { os.Exit(run(os.Args[1:])) },
	})
}

// TestScripts runs the command lines of fixtures/cli, with the files that
// stand beside them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../fixtures/cli",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
