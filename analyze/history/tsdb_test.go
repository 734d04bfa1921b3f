package history

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

const (
	minuteMS = int64(60_000)
	hourMS   = 60 * minuteMS
	t0       = 488_880 * hourMS // a multiple of two hours
)

func openDB(t *testing.T, dir string, change func(*tsdb.Options)) *tsdb.DB {
	o := tsdb.DefaultOptions()
	o.RetentionDuration = 0
	if change != nil {
		change(o)
	}
	db, err := tsdb.Open(dir, promslog.NewNopLogger(), nil, o, nil)
	require.NoError(t, err)
	db.DisableCompactions()
	return db
}

var staleNaN = math.Float64frombits(value.StaleNaN)

// put appends what happens at one evaluation. An alert is written as
// "name", or "name pending", with its ActiveAt; zero marks it stale.
func put(t *testing.T, db *tsdb.DB, ts int64, alerts map[string]int64) {
	app := db.Appender(context.Background())
	add := func(ts int64, v float64, l ...string) {
		_, err := app.Append(0, labels.FromStrings(l...), ts, v)
		require.NoError(t, err)
	}
	add(ts-1000, 1, "__name__", "up", "instance", "a")
	for name, active := range alerts {
		name, state, _ := strings.Cut(name, " ")
		if state == "" {
			state = "firing"
		}
		v, w := 1.0, float64(active/1000)
		if active == 0 {
			v, w = staleNaN, staleNaN
		}
		add(ts, v, "__name__", "ALERTS", "alertname", name, "alertstate", state)
		add(ts, w, "__name__", "ALERTS_FOR_STATE", "alertname", name)
	}
	require.NoError(t, app.Commit())
}

// listing is all of a directory: names, modes, sizes, times and contents.
func listing(t *testing.T, dir string) map[string]string {
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := e.Info()
		if err != nil {
			return err
		}
		sum := ""
		if fi.Mode().IsRegular() {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			sum = fmt.Sprintf("%x", sha256.Sum256(b))
		}
		out[p] = fmt.Sprint(fi.Mode(), fi.Size(), fi.ModTime(), sum)
		return nil
	}))
	return out
}

// read reads a directory and makes sure that nothing was written there.
func read(t *testing.T, dir string, opts ReadOptions) *History {
	before := listing(t, dir)
	h, err := ReadTSDB(context.Background(), dir, opts)
	require.NoError(t, err)
	require.Equal(t, before, listing(t, dir), "the data directory changed")
	return h
}

// flap writes an alert that is active for the first ten minutes of every
// half hour of [from, to), and one that is active all the time.
func flap(t *testing.T, db *tsdb.DB, from, to int64) {
	for ts := from; ts < to; ts += minuteMS {
		a := map[string]int64{"Always": t0}
		switch m := (ts - t0) / minuteMS % 30; {
		case m < 10:
			a["Flap"] = ts - m*minuteMS
		case m == 10:
			a["Flap"] = 0
		}
		put(t, db, ts, a)
	}
}

// flapped is what flap amounts to.
func flapped(from, to int64) []Episode {
	out := []Episode{{Instance: 0, End: EndOpen, ActiveAt: t0, FiredAt: t0, EndedAt: to - minuteMS}}
	for ts := from; ts < to; ts += 30 * minuteMS {
		e := Episode{Instance: 1, ActiveAt: ts, FiredAt: ts, EndedAt: ts + 10*minuteMS}
		if e.EndedAt >= to {
			e.End, e.EndedAt = EndOpen, to-minuteMS
		}
		out = append(out, e)
	}
	return out
}

// A running server: a head that was cut into blocks and truncated more than
// once, with a checkpoint, chunks_head, and a log that is appended to.
func TestRunningServer(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, func(o *tsdb.Options) { o.WALSegmentSize = 1 << 15; o.MaxBlockDuration = 6 * hourMS })
	defer func() { require.NoError(t, db.Close()) }()
	ever := t.TempDir() // every block there ever was
	end := t0
	for i := range 6 {
		next := t0 + int64(i+1)*3*hourMS + 5*minuteMS
		flap(t, db, end, next)
		end = next
		h := read(t, dir, ReadOptions{})
		require.Empty(t, h.Warnings)
		require.Equal(t, flapped(t0, end), h.Episodes, "before compaction %d", i)
		require.Empty(t, h.Coverage.Gaps)
		require.NoError(t, db.Compact(context.Background()))
		for _, b := range db.Blocks() {
			if to := filepath.Join(ever, filepath.Base(b.Dir())); os.Mkdir(to, 0o777) == nil {
				require.NoError(t, os.CopyFS(to, os.DirFS(b.Dir())))
			}
		}
		h = read(t, dir, ReadOptions{})
		require.Empty(t, h.Warnings)
		require.Equal(t, flapped(t0, end), h.Episodes, "after compaction %d", i)
		require.Empty(t, h.Coverage.Gaps)
	}
	// Chunks are mapped to chunks_head once a minute, or when a server stops.
	require.NoError(t, db.Close())
	db = openDB(t, dir, nil)
	h := read(t, dir, ReadOptions{})
	require.Empty(t, h.Warnings)
	require.Equal(t, flapped(t0, end), h.Episodes)
	for _, must := range []string{"wal/checkpoint.*", "chunks_head/*", "*/meta.json"} {
		found, err := filepath.Glob(filepath.Join(dir, must))
		require.NoError(t, err)
		require.NotEmpty(t, found, "%s: the test does not test what it should", must)
	}

	t.Run("blocks alone", func(t *testing.T) {
		only := t.TempDir()
		var to int64
		for _, b := range db.Blocks() {
			require.NoError(t, os.CopyFS(filepath.Join(only, filepath.Base(b.Dir())), os.DirFS(b.Dir())))
			to = max(to, b.MaxTime())
		}
		require.Equal(t, flapped(t0, to), read(t, only, ReadOptions{}).Episodes)
	})
	t.Run("log alone", func(t *testing.T) {
		only := t.TempDir()
		require.NoError(t, os.CopyFS(filepath.Join(only, "wal"), os.DirFS(filepath.Join(dir, "wal"))))
		h := read(t, only, ReadOptions{})
		require.Equal(t, end-minuteMS, h.Episodes[0].EndedAt)
		require.Equal(t, t0, h.Episodes[0].ActiveAt)
		require.Greater(t, len(h.Episodes), 2)
	})
	t.Run("blocks twice", func(t *testing.T) {
		both := t.TempDir()
		require.NoError(t, os.CopyFS(both, os.DirFS(dir)))
		for i, b := range db.Blocks() {
			to := filepath.Join(both, fmt.Sprintf("01TWYCE%019d", i))
			require.True(t, blockName(filepath.Base(to)))
			require.NoError(t, os.CopyFS(to, os.DirFS(b.Dir())))
		}
		require.Equal(t, flapped(t0, end), read(t, both, ReadOptions{}).Episodes)
	})
	t.Run("parents that are still there", func(t *testing.T) {
		entries, err := os.ReadDir(ever)
		require.NoError(t, err)
		require.Greater(t, len(entries), len(db.Blocks()), "nothing was compacted")
		for _, e := range entries {
			if _, err := os.Stat(filepath.Join(dir, e.Name())); err != nil {
				continue
			}
			require.NoError(t, os.RemoveAll(filepath.Join(ever, e.Name())))
		}
		require.NoError(t, os.CopyFS(ever, os.DirFS(dir)))
		require.Equal(t, flapped(t0, end), read(t, ever, ReadOptions{}).Episodes)
		entries, err = os.ReadDir(ever)
		require.NoError(t, err)
		for _, e := range entries { // a parent that is half deleted does not matter
			if _, err := os.Stat(filepath.Join(dir, e.Name())); err != nil {
				require.NoError(t, os.Remove(filepath.Join(ever, e.Name(), "index")))
			}
		}
		h := read(t, ever, ReadOptions{})
		require.Empty(t, h.Warnings)
		require.Equal(t, flapped(t0, end), h.Episodes)
	})
	t.Run("deleted samples", func(t *testing.T) {
		m := labels.MustNewMatcher(labels.MatchEqual, "alertname", "Flap")
		require.NoError(t, db.Delete(context.Background(), t0, t0+2*hourMS-1, m))
		require.NoError(t, db.Delete(context.Background(), end-hourMS, end, m))
		h := read(t, dir, ReadOptions{})
		want := flapped(t0, end)
		require.Equal(t, want[:1], h.Episodes[:1])
		require.Equal(t, t0+2*hourMS, h.Episodes[1].ActiveAt)
		require.Less(t, h.Episodes[len(h.Episodes)-1].ActiveAt, end-hourMS)
	})
}

// Reading goes on while another goroutine appends and compacts: whatever
// moment is caught, what was there before the reading began is there.
func TestReadingWhileFilesVanish(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, func(o *tsdb.Options) { o.WALSegmentSize = 1 << 15; o.MaxBlockDuration = 6 * hourMS })
	defer db.Close()
	flap(t, db, t0, t0+2*hourMS)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := int64(2); i < 30; i++ {
			flap(t, db, t0+i*hourMS, t0+(i+1)*hourMS)
			if err := db.Compact(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}()
	reads := 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
		require.NoError(t, err)
		require.Empty(t, h.Warnings)
		require.GreaterOrEqual(t, len(h.Episodes), 5)
		for i, e := range h.Episodes[1:] {
			require.Equal(t, t0+int64(i)*30*minuteMS, e.ActiveAt)
		}
		reads++
	}
	require.Equal(t, flapped(t0, t0+30*hourMS), read(t, dir, ReadOptions{}).Episodes)
	t.Logf("%d reads", reads)
}

func TestOtherEncodings(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, func(o *tsdb.Options) { o.FloatChunkEncoding = chunkenc.EncXOR2 })
	defer db.Close()
	flap(t, db, t0, t0+7*hourMS)
	require.NoError(t, db.Compact(context.Background()))
	require.Equal(t, flapped(t0, t0+7*hourMS), read(t, dir, ReadOptions{}).Episodes)
}

func TestOutOfOrderSamples(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, func(o *tsdb.Options) { o.OutOfOrderTimeWindow = 6 * hourMS })
	defer db.Close()
	flap(t, db, t0, t0+hourMS)
	flap(t, db, t0+2*hourMS, t0+3*hourMS)
	flap(t, db, t0+hourMS, t0+2*hourMS) // as a replica that caught up would write it
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "wbl"), func(string, fs.DirEntry, error) error { return nil }))
	require.Equal(t, flapped(t0, t0+3*hourMS), read(t, dir, ReadOptions{}).Episodes)
	require.NoError(t, db.CompactOOOHead(context.Background()))
	require.Equal(t, flapped(t0, t0+3*hourMS), read(t, dir, ReadOptions{}).Episodes)
}

func TestProbes(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, nil)
	defer db.Close()
	flap(t, db, t0, t0+4*hourMS)
	app := db.Appender(context.Background())
	_, err := app.Append(0, labels.FromStrings("__name__", "late", "Zone", "a"), t0+4*hourMS-minuteMS, 1)
	require.NoError(t, err)
	require.NoError(t, app.Commit())
	require.NoError(t, db.Compact(context.Background()))

	eq := func(n, v string) *labels.Matcher { return labels.MustNewMatcher(labels.MatchEqual, n, v) }
	re := func(n, v string) *labels.Matcher { return labels.MustNewMatcher(labels.MatchRegexp, n, v) }
	probes := [][]*labels.Matcher{
		{eq("__name__", "up")},
		{eq("__name__", "up"), eq("instance", "b")},
		{eq("__name__", "late"), re("Zone", "a|b")},
		{re("__name__", "la.*")},
		{eq("Zone", "a")},
		{eq("__name__", "nowhere")},
		{eq("__name__", "late"), eq("Zone", "")},
	}
	h := read(t, dir, ReadOptions{Probes: probes})
	require.Equal(t, []bool{true, false, true, true, true, false, false}, h.Probed)
	h = read(t, dir, ReadOptions{Probes: probes, Window: Interval{t0 - 2*hourMS, t0 - hourMS}})
	require.Equal(t, make([]bool, len(probes)), h.Probed)
	blocks := t.TempDir()
	for _, b := range db.Blocks() {
		require.NoError(t, os.CopyFS(filepath.Join(blocks, filepath.Base(b.Dir())), os.DirFS(b.Dir())))
	}
	h = read(t, blocks, ReadOptions{Probes: probes})
	require.Equal(t, []bool{true, false, false, false, false, false, false}, h.Probed)
	require.Nil(t, read(t, dir, ReadOptions{}).Probed)
}

func TestCoverage(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, dir, nil)
	defer db.Close()
	for ts := t0; ts < t0+3*hourMS; ts += minuteMS { // nothing fires
		if ts < t0+hourMS || ts >= t0+2*hourMS {
			put(t, db, ts, nil)
		}
	}
	h := read(t, dir, ReadOptions{})
	require.Empty(t, h.Episodes)
	require.Equal(t, Coverage{
		Window: Interval{t0 - 1000, t0 + 3*hourMS - minuteMS - 1000 + 1},
		Gaps:   []Interval{{t0 + hourMS - minuteMS - 1000, t0 + 2*hourMS - 1000}},
	}, h.Coverage)
	h = read(t, dir, ReadOptions{Window: Interval{t0 - hourMS, t0 + 4*hourMS}})
	require.Equal(t, []Interval{
		{t0 - hourMS, t0 - 1000},
		{t0 + hourMS - minuteMS - 1000, t0 + 2*hourMS - 1000},
		{t0 + 3*hourMS - minuteMS - 1000, t0 + 4*hourMS},
	}, h.Coverage.Gaps)
	h = read(t, dir, ReadOptions{Window: Interval{t0 + 10*hourMS, t0 + 11*hourMS}})
	require.Equal(t, []Interval{{t0 + 10*hourMS, t0 + 11*hourMS}}, h.Coverage.Gaps, "no data at all is not silence")
}

func TestReadTSDBErrors(t *testing.T) {
	ctx := context.Background()
	_, err := ReadTSDB(ctx, filepath.Join(t.TempDir(), "nowhere"), ReadOptions{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = ReadTSDB(ctx, t.TempDir(), ReadOptions{})
	require.ErrorContains(t, err, "no blocks and no wal folder")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err = ReadTSDB(ctx, file, ReadOptions{})
	require.ErrorContains(t, err, "is a file")
	_, err = ReadTSDB(ctx, t.TempDir(), ReadOptions{Window: Interval{7, 5}})
	require.ErrorContains(t, err, "not after its start")

	dir := t.TempDir()
	db := openDB(t, dir, nil)
	defer db.Close()
	flap(t, db, t0, t0+8*hourMS)
	require.NoError(t, db.Compact(ctx))
	cancelled, cancel := context.WithTimeout(ctx, time.Nanosecond)
	defer cancel()
	<-cancelled.Done()
	_, err = ReadTSDB(cancelled, dir, ReadOptions{})
	require.ErrorIs(t, err, context.DeadlineExceeded)

	// A block that cannot be opened is named and left out.
	require.NoError(t, os.WriteFile(filepath.Join(db.Blocks()[0].Dir(), "meta.json"), []byte("{"), 0o666))
	h, err := ReadTSDB(ctx, dir, ReadOptions{})
	require.NoError(t, err)
	require.Len(t, h.Warnings, 1)
	require.Contains(t, h.Warnings[0], filepath.Base(db.Blocks()[0].Dir()))
	require.NotEmpty(t, h.Episodes)
}
