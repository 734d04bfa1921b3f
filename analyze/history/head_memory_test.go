//go:build linux

package history

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/crywolf-dev/crywolf/analyze/history/historytest"
	"github.com/stretchr/testify/require"
)

// readDirEnv makes TestReadDirHelper read a data directory.
const readDirEnv = "CRYWOLF_TEST_READ_DIR"

// TestReadDirHelper is what TestMillionForeignSeries runs in a process of its
// own: it reads a directory and prints its peak memory in kilobytes.
func TestReadDirHelper(t *testing.T) {
	dir := os.Getenv(readDirEnv)
	if dir == "" {
		t.Skip("only of use to TestMillionForeignSeries")
	}
	h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
	require.NoError(t, err)
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	fmt.Printf("read %d %d\n", len(h.Episodes), u.Maxrss)
}

// A head with a million series that nobody asked for must not need more than
// 300 MB, all told.
func TestMillionForeignSeries(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("SKIPPED: memory with a million foreign series is only measured without -short and -race")
	}
	dir := t.TempDir()
	require.NoError(t, historytest.GenerateForeignHead(dir, 1_000_000, 4))
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestReadDirHelper$")
	cmd.Env = append(os.Environ(), readDirEnv+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var episodes, kb int
	_, err = fmt.Sscanf(string(out), "read %d %d\n", &episodes, &kb)
	require.NoError(t, err)
	require.Equal(t, 1, episodes)
	t.Logf("peak memory %d MB", kb/1024)
	require.LessOrEqual(t, kb, 300*1024)
}

// BenchmarkMillionForeign reads the same head as TestMillionForeignSeries.
func BenchmarkMillionForeign(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, historytest.GenerateForeignHead(dir, 1_000_000, 4))
	for b.Loop() {
		h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
		require.NoError(b, err)
		require.Len(b, h.Episodes, 1)
	}
}
