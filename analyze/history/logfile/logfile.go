// Package logfile reads files of JSON that are written line by line, however
// large they are and whatever is in them.
package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

const (
	// LineMost is the longest line that is read, in bytes; longer ones are passed
	// over. A notification about 20,000 alerts still fits.
	LineMost = 32 << 20

	bufferSize = 1 << 18
)

// errLong is what is wrong with a line that is longer than LineMost.
var errLong = fmt.Errorf("the line is longer than %d MB", LineMost>>20)

// Paths are the files given, each once, in an order of their own.
func Paths(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = filepath.Clean(p)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Open opens a file, unzipping what is zipped. Format says what was expected of
// it.
func Open(path, format string) (io.ReadCloser, error) {
	if fi, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("reading %s: %w", format, err)
	} else if !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is not a file; expected %s", path, format)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", format, err)
	}
	in := bufio.NewReaderSize(f, bufferSize)
	if head, _ := in.Peek(2); !bytes.Equal(head, gzipMagic) {
		return file{in, f}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: is zipped, but not as gzip does: %w", path, err)
	}
	return file{z, f}, nil
}

var gzipMagic = []byte{0x1f, 0x8b}

type file struct {
	io.Reader
	io.Closer
}

// Lines hands over the lines of a file with their numbers, from 1, without the
// line break; empty ones are passed over. The line is only valid until take
// returns. What take returns is written down as what is wrong with the line and
// does not stop the reading; ErrStop does. A last line without a line break is
// one that is being written: where it is no JSON, what take has against it is
// passed over in silence.
func (l *Problems) Lines(ctx context.Context, path, format string, take func(number int, line []byte) error) error {
	f, err := Open(path, format)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, bufferSize)
	var long []byte
	for number := 1; ; number++ {
		if number%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, err := readLine(ctx, in, &long)
		whole := err == nil
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLong) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			l.Add(path, number, fmt.Errorf("%w; the rest of the file was left out", err))
			return nil
		}
		if errors.Is(err, errLong) {
			l.Add(path, number, err)
			continue
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			switch err := take(number, line); {
			case errors.Is(err, ErrStop):
				return nil
			case err != nil && (whole || json.Valid(line)):
				l.Add(path, number, err)
			}
		}
		if !whole {
			return nil
		}
	}
}

// ErrStop stops the reading of a file.
var ErrStop = errors.New("enough")

// readLine reads to the next line break. At the end of the file it gives the
// rest with io.EOF. Of lines that are too long nothing is kept.
func readLine(ctx context.Context, in *bufio.Reader, long *[]byte) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	*long = append((*long)[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line, err = in.ReadSlice('\n')
		if len(*long) <= LineMost {
			*long = append(*long, line...)
		}
	}
	if len(*long) > LineMost {
		*long = nil
		if err == nil || errors.Is(err, io.EOF) {
			return nil, errLong // the next line is the end, if this was the last
		}
	}
	return *long, err
}
