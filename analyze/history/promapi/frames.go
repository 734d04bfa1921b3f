package promapi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// frameMost is the largest frame that is taken for one. Prometheus sends about
// a megabyte (--storage.remote.read-max-bytes-in-frame), and takes 50 MB itself.
const frameMost = 50_000_000

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frames are those of streamed remote read: the length as an unsigned varint, a
// CRC-32 of Castagnoli's polynomial, most significant byte first, and so many
// bytes. Prometheus's own reader (remote.ChunkedReader) takes a stream that
// is cut short behind a length for one that is over; and its package brings half
// of Prometheus along.
type frames struct {
	r    *bufio.Reader
	data []byte
}

func newFrames(r io.Reader) *frames { return &frames{r: bufio.NewReaderSize(r, 64<<10)} }

// next is the next frame, to be used before the one after it is asked for. It
// returns io.EOF only where one could begin.
func (f *frames) next() ([]byte, error) {
	if _, err := f.r.Peek(1); err != nil {
		return nil, err
	}
	size, err := binary.ReadUvarint(f.r)
	if err != nil {
		return nil, short(err)
	}
	if size > frameMost {
		return nil, fmt.Errorf("a frame of %d bytes is announced, and %d is the most: %w", size, frameMost, errStream)
	}
	var sum [4]byte
	if _, err := io.ReadFull(f.r, sum[:]); err != nil {
		return nil, short(err)
	}
	if err := f.fill(int(size)); err != nil {
		return nil, short(err)
	}
	if crc32.Checksum(f.data, castagnoli) != binary.BigEndian.Uint32(sum[:]) {
		return nil, fmt.Errorf("a frame's checksum is wrong: %w", errStream)
	}
	return f.data, nil
}

// fill reads a frame's bytes. Memory is not taken for more than have come.
func (f *frames) fill(size int) error {
	f.data = f.data[:0]
	for len(f.data) < size {
		n := min(size-len(f.data), max(1<<20, len(f.data)))
		at := len(f.data)
		if cap(f.data) < at+n {
			f.data = append(make([]byte, 0, at+n), f.data...)
		}
		f.data = f.data[:at+n]
		if _, err := io.ReadFull(f.r, f.data[at:]); err != nil {
			return err
		}
	}
	return nil
}

var errStream = errors.New("the stream is damaged, or the server wrote an error into it")

func short(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
