package history

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLast narrows the window to the last of the data, in blocks as in the log.
func TestLast(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, nil)
	defer db.Close()
	flap(t, db, t0, t0+3*hourMS)
	all := read(t, dir, ReadOptions{}).Coverage.Window

	w := read(t, dir, ReadOptions{Last: hourMS}).Coverage.Window
	require.Equal(t, Interval{all.End - hourMS, all.End}, w)

	w = read(t, dir, ReadOptions{Last: 30 * 24 * hourMS}).Coverage.Window
	require.Equal(t, all, w, "there are no data before the first")

	w = read(t, dir, ReadOptions{Last: hourMS, Window: Interval{End: t0 + 2*hourMS}}).Coverage.Window
	require.Equal(t, Interval{t0 + hourMS, t0 + 2*hourMS}, w)

	w = read(t, dir, ReadOptions{Last: hourMS, Window: Interval{Start: t0 + 10*minuteMS}}).Coverage.Window
	require.Equal(t, t0+10*minuteMS, w.Start, "a start that is given counts")

	require.NoError(t, db.Compact(t.Context()))
	w = read(t, dir, ReadOptions{Last: hourMS}).Coverage.Window
	require.Equal(t, Interval{all.End - hourMS, all.End}, w)
}
