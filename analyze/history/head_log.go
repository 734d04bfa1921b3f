package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/wlog"
)

// A logScan hands every record of a write-ahead log to whoever takes it, in
// order.
type logScan struct {
	take     func(rec []byte) error
	warnings []string
}

// readHead scans the checkpoint, the log and the out-of-order log of a data
// directory. An fs.ErrNotExist means that files vanished while it read: a
// running server truncates its log. With patient set it is returned, so that
// the caller can start again, else it becomes a warning.
func (l *logScan) readHead(ctx context.Context, dir string, patient bool) error {
	wal := filepath.Join(dir, "wal")
	if _, err := os.Stat(wal); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	first := -1
	checkpoint, index, err := lastCheckpoint(wal)
	if err != nil {
		return err
	}
	if checkpoint != "" {
		if err := l.readLog(ctx, checkpoint, -1, patient); err != nil {
			return err
		}
		first = index + 1
	}
	if err := l.readLog(ctx, wal, first, patient); err != nil {
		return err
	}
	// Segments are deleted one by one, once a new checkpoint stands for them:
	// without one none of those that were read can have been incomplete.
	if now, _, err := lastCheckpoint(wal); err != nil || now != checkpoint {
		if patient {
			return fmt.Errorf("%s: %w: another checkpoint was written meanwhile", wal, fs.ErrNotExist)
		}
		l.warn("%s: the log was truncated while it was being read: some of it may be missing", wal)
	}
	wbl := filepath.Join(dir, "wbl")
	if _, err := os.Stat(wbl); err != nil {
		return nil
	}
	return l.readLog(ctx, wbl, -1, patient)
}

// lastCheckpoint returns the path and number of the last checkpoint; the path
// is empty where there is none.
func lastCheckpoint(wal string) (string, int, error) {
	path, index, err := wlog.LastCheckpoint(wal)
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return "", 0, fmt.Errorf("looking for a checkpoint in %s: %w", wal, err)
	}
	return path, index, nil
}

// readLog reads the segments of a log from number first on, or all.
func (l *logScan) readLog(ctx context.Context, dir string, first int, patient bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var segments []int
	for _, e := range entries { // in the order of their names, which are padded numbers
		if n, err := strconv.Atoi(e.Name()); err == nil && n >= first && !e.IsDir() {
			segments = append(segments, n)
		}
	}
	for i, n := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		if lost := i > 0 && n != segments[i-1]+1 || i == 0 && first >= 0 && n != first; lost {
			if patient {
				return fmt.Errorf("%s: segments before %08d: %w", dir, n, fs.ErrNotExist)
			}
			l.warn("%s: segments before %08d are missing: what they held was not read", dir, n)
		}
		err := l.readSegment(wlog.SegmentName(dir, n), i == len(segments)-1)
		if errors.Is(err, fs.ErrNotExist) && !patient {
			l.warn("%v: the segment was deleted while it was being read", err)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *logScan) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

// readSegment reads one segment. Records never cross segments, so that damage
// costs the rest of this one only. A record that ends early at the end of the
// last segment is one that the server is about to finish, or never did.
func (l *logScan) readSegment(path string, last bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := wlog.NewReader(bufio.NewReaderSize(f, 1<<17))
	bad := 0
	for r.Next() {
		if err := l.take(r.Record()); err != nil {
			if bad++; bad == 1 {
				l.warn("%s: a record that ends at byte %d cannot be read: %v; it was skipped", path, r.Offset(), err)
			}
		}
	}
	err = r.Err()
	if err == nil {
		return nil
	}
	if fi, serr := f.Stat(); last && (errors.Is(err, io.ErrUnexpectedEOF) || serr == nil && r.Offset() >= fi.Size()) {
		return nil
	}
	l.warn("%s: damaged at byte %d: %v; the rest of the segment was not read", path, r.Offset(), err)
	return nil
}
