package historytest

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// DecodeAll decodes every sample of ALERTS and ALERTS_FOR_STATE in the blocks
// of a data directory with the library's iterators, and counts them: the
// floor that reading a history is measured against.
func DecodeAll(dir string) (samples int64, err error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*", "meta.json"))
	if err != nil {
		return 0, err
	}
	for _, p := range paths {
		n, err := decodeBlock(filepath.Dir(p))
		if err != nil {
			return samples, fmt.Errorf("decoding %s: %w", filepath.Dir(p), err)
		}
		samples += n
	}
	return samples, nil
}

func decodeBlock(dir string) (samples int64, err error) {
	b, err := tsdb.OpenBlock(nil, dir, nil, nil)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	ir, err := b.Index()
	if err != nil {
		return 0, err
	}
	defer ir.Close()
	cr, err := b.Chunks()
	if err != nil {
		return 0, err
	}
	defer cr.Close()
	p, err := ir.Postings(context.Background(), model.MetricNameLabel, "ALERTS", "ALERTS_FOR_STATE")
	if err != nil {
		return 0, err
	}
	var (
		builder labels.ScratchBuilder
		chks    []chunks.Meta
		it      chunkenc.Iterator
		sum     int64
	)
	for p.Next() {
		if err := ir.Series(p.At(), &builder, &chks); err != nil {
			return samples, err
		}
		for _, m := range chks {
			c, _, err := cr.ChunkOrIterable(m)
			if err != nil {
				return samples, err
			}
			it = c.Iterator(it)
			for it.Next() != chunkenc.ValNone {
				t, v := it.At()
				if v == 1 {
					sum += t // so that no sample goes unused
				}
				samples++
			}
			if err := it.Err(); err != nil {
				return samples, err
			}
		}
	}
	runtime.KeepAlive(sum)
	return samples, p.Err()
}
