//go:build linux

package history

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadOnlyMount(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, nil)
	flap(t, db, t0, t0+5*hourMS)
	require.NoError(t, db.Compact(context.Background()))
	require.NoError(t, db.Close())

	at := t.TempDir()
	if err := syscall.Mount(dir, at, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("SKIPPED: reading on a read-only mount is not tested, since mounting is not permitted here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(at, syscall.MNT_DETACH)) })
	require.NoError(t, syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""))
	require.Error(t, os.WriteFile(filepath.Join(at, "probe"), nil, 0o666))

	h := read(t, at, ReadOptions{})
	require.Empty(t, h.Warnings)
	require.Equal(t, flapped(t0, t0+5*hourMS), h.Episodes)
}
