// Package e2e runs real servers through one scripted stretch of trouble, and
// holds against each other what the sources of history tell of it. crywolf is a
// black box here: its command is run, its packages are never imported.
package e2e

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	keep  = flag.String("keep", "", "folder to leave all that was recorded in; it must not exist")
	hold  = flag.Duration("hold", 0, "how long to leave the servers running in the end, for trying things out by hand")
	again = flag.String("again", "", "folder that an earlier run was left in, to compare once more; with its servers where it holds them")
)

func TestOneRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	for _, folder := range []*string{keep, again} {
		if *folder != "" {
			var err error
			dir, err = filepath.Abs(*folder)
			require.NoError(t, err)
		}
	}
	var b *Bed
	var truthA, truthB *Truth
	if *again != "" {
		b = Recorded(t, dir)
		truthA, truthB = b.truth(b.A), b.truth(b.B)
	} else {
		require.NoDirExists(t, dir)
		for attempt := 1; b == nil; attempt++ {
			require.NoError(t, os.Mkdir(dir, 0o755))
			b = NewBed(t, dir)
			truthA, truthB = b.truth(b.A), b.truth(b.B)
			why := cmp.Or(truthA.Disturbed(), truthB.Disturbed())
			if why == "" {
				break
			}
			require.Less(t, attempt, 2, "this machine is too busy for the run: %s", why)
			t.Logf("run once more, since this machine was too busy: %s", why)
			b.Stop()
			require.NoError(t, os.RemoveAll(dir))
			b = nil
		}
	}
	t.Logf("%d activations from %s on, in %s", len(b.Script), b.Start.UTC().Format(time.RFC3339), dir)

	t.Run("truth of A", func(t *testing.T) { b.checkTruth(t, b.A, truthA) })
	t.Run("truth of B", func(t *testing.T) { b.checkTruth(t, b.B, truthB) })
	t.Run("logs", func(t *testing.T) { b.checkLogs(t, truthA, truthB) })
	for _, s := range sources(t, b, truthA, truthB) {
		t.Run(s.name, func(t *testing.T) { s.check(t, b) })
	}

	if *hold > 0 && b.Running && *again == "" {
		t.Logf("holding for %v; %s says where the servers are", *hold, b.Path(recordName))
		time.Sleep(*hold)
	}
}

// truth is what a replica's samples say, and the record keeps it.
func (b *Bed) truth(r Replica) *Truth {
	tr := newTruth(b.t, b.Path(r.Blocks), b.Since.UnixMilli(), b.Until.UnixMilli())
	b.Keep("truth-"+r.Name+".json", tr.Episodes(b.Script, b.Start.UnixMilli()))
	return tr
}
