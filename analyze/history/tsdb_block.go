package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/index"
	"github.com/prometheus/prometheus/tsdb/tombstones"
)

// block is an open block and its readers.
type block struct {
	*tsdb.Block
	pool   chunkenc.Pool
	index  tsdb.IndexReader
	chunks tsdb.ChunkReader
	stones tombstones.Reader
}

func (b *block) close() {
	// Nothing was written; a failing close of a mapping loses nothing.
	if b.index != nil {
		b.index.Close()
	}
	if b.chunks != nil {
		b.chunks.Close()
	}
	if b.stones != nil {
		b.stones.Close()
	}
	b.Block.Close()
}

// openBlocks opens the blocks of a data directory that overlap the window, in
// the order of their time. A block that another one was compacted from is left
// out while both exist. As for what vanishes meanwhile, see logScan.readHead.
func openBlocks(dir string, window Interval, patient bool) (bs []*block, warnings []string, err error) {
	names, err := blockNames(dir)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			closeBlocks(bs)
			bs = nil
		}
	}()
	parents := map[string]bool{}
	failed := map[string]error{}
	pool := chunkenc.NewPool()
	for _, name := range names {
		b, err := openBlock(filepath.Join(dir, name), pool)
		if err != nil {
			failed[name] = err
			continue
		}
		for _, p := range b.Meta().Compaction.Parents {
			parents[p.ULID.String()] = true
		}
		bs = append(bs, b)
	}
	// A listing is no snapshot: one that is the same before and after is.
	if now, err := blockNames(dir); patient && (err != nil || !slices.Equal(names, now)) {
		return bs, nil, fmt.Errorf("blocks in %s: %w: others were written meanwhile", dir, fs.ErrNotExist)
	}
	for _, name := range names {
		switch ferr := failed[name]; {
		case ferr == nil || parents[name]:
		case errors.Is(ferr, fs.ErrNotExist) && patient:
			return bs, nil, ferr
		default:
			warnings = append(warnings, fmt.Sprintf("block %s: %v; it was left out", filepath.Join(dir, name), ferr))
		}
	}
	bs = slices.DeleteFunc(bs, func(b *block) bool {
		m := b.Meta()
		drop := parents[m.ULID.String()] || m.MinTime >= window.End || m.MaxTime <= window.Start
		if drop {
			b.close()
		}
		return drop
	})
	slices.SortFunc(bs, func(a, b *block) int {
		if c := a.Meta().MinTime - b.Meta().MinTime; c != 0 {
			return int(max(-1, min(1, c)))
		}
		return a.Meta().ULID.Compare(b.Meta().ULID)
	})
	return bs, warnings, nil
}

// blockNames lists the blocks in a data directory, in order.
func blockNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if e.IsDir() && blockName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// blockName says whether a directory is named like a block: by a ULID. Blocks
// that are being written or deleted carry a suffix.
func blockName(name string) bool {
	return len(name) == 26 && strings.Trim(name, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == ""
}

func closeBlocks(bs []*block) {
	for _, b := range bs {
		b.close()
	}
}

func openBlock(dir string, pool chunkenc.Pool) (*block, error) {
	pb, err := tsdb.OpenBlock(nil, dir, pool, nil)
	if err != nil {
		return nil, err
	}
	b := &block{Block: pb, pool: pool}
	if b.index, err = pb.Index(); err == nil {
		if b.chunks, err = pb.Chunks(); err == nil {
			b.stones, err = pb.Tombstones()
		}
	}
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// done gives a chunk back to the pool that it came from.
func (b *block) done(c chunkenc.Chunk) {
	// It refuses encodings that it does not know, which costs an allocation.
	_ = b.pool.Put(c)
}

// A blockSeries is one of an alert's series in one block.
type blockSeries struct {
	ref    storage.SeriesRef
	block  int32
	chunks []chunkRef
}

// A chunkRef is a chunk's place and time, without the pointer that chunks.Meta
// has room for: there may be millions of them.
type chunkRef struct {
	ref      chunks.ChunkRef
	from, to int64 // first and last sample
}

// alertSeries calls fn with each series of an alert in a block, and its chunks
// that overlap the window.
func (b *block) alertSeries(ctx context.Context, ids *identities, window Interval, fn func(id int32, k kind, ref storage.SeriesRef, chks []chunkRef)) error {
	var builder labels.ScratchBuilder
	var metas []chunks.Meta
	p, err := b.index.Postings(ctx, model.MetricNameLabel, alertsName, stateName)
	if err != nil {
		return err
	}
	for p.Next() {
		if err := b.index.Series(p.At(), &builder, &metas); err != nil {
			return err
		}
		l := builder.Labels()
		k := kindOf(l)
		if k == kindNone {
			continue
		}
		chks := make([]chunkRef, 0, len(metas))
		for _, c := range metas {
			if c.MinTime < window.End && c.MaxTime >= window.Start {
				chks = append(chks, chunkRef{c.Ref, c.MinTime, c.MaxTime})
			}
		}
		if len(chks) > 0 {
			fn(ids.of(l), k, p.At(), chks)
		}
	}
	return p.Err()
}

const (
	evidencePerBlock = 3   // series whose samples show when the server was alive
	evidenceRanked   = 256 // series that these are chosen from
)

// evidence decodes the times of the few series of a block that tell most about
// when the server was at work: those called up, which every scrape writes, or
// where there are none any others but the alerts' own; of these the ones with
// the most chunks, which are those that last and have short intervals. That
// samples were taken is taken to mean that rules were evaluated, too.
func (b *block) evidence(ctx context.Context, window Interval, fn func(runs)) error {
	up, err := b.index.Postings(ctx, model.MetricNameLabel, "up")
	if err != nil {
		return err
	}
	ranked, err := b.rank(up, window)
	if err == nil && len(ranked) == 0 {
		var all index.Postings
		name, val := index.AllPostingsKey()
		if all, err = b.index.Postings(ctx, name, val); err != nil {
			return err
		}
		ranked, err = b.rank(all, window)
	}
	if err != nil {
		return err
	}
	var it chunkenc.Iterator
	for _, r := range ranked[:min(len(ranked), evidencePerBlock)] {
		var rs runs
		for _, c := range r {
			chk, iter, err := b.chunks.ChunkOrIterable(c)
			if err != nil || iter != nil {
				continue // one source of evidence less
			}
			it, err = decodeChunk(chk, &rs, it)
			b.done(chk)
			if err != nil {
				break
			}
		}
		fn(rs)
	}
	return nil
}

// rank returns the chunks of the first series of p, most chunks first.
func (b *block) rank(p index.Postings, window Interval) ([][]chunks.Meta, error) {
	var ranked [][]chunks.Meta
	var builder labels.ScratchBuilder
	for len(ranked) < evidenceRanked && p.Next() {
		var chks []chunks.Meta
		if err := b.index.Series(p.At(), &builder, &chks); err != nil {
			if errors.Is(err, storage.ErrNotFound) {
				continue
			}
			return nil, err
		}
		l := builder.Labels()
		if n := l.Get(model.MetricNameLabel); n == alertsName || n == stateName {
			continue
		}
		chks = slices.DeleteFunc(chks, func(c chunks.Meta) bool {
			return c.MinTime >= window.End || c.MaxTime < window.Start
		})
		if len(chks) > 0 {
			ranked = append(ranked, chks)
		}
	}
	slices.SortStableFunc(ranked, func(a, b []chunks.Meta) int { return len(b) - len(a) })
	return ranked, p.Err()
}
