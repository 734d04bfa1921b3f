package history

import (
	"errors"
	"fmt"

	"github.com/prometheus/prometheus/tsdb/encoding"
	"github.com/prometheus/prometheus/tsdb/record"
)

// Records of the write-ahead log are decoded by hand, since the library builds
// the labels of every series and a slice of all samples; here, all but a few
// belong to series that nobody asked for. The formats are those of
// record.Decoder.

// nameLabel is the label that holds a series's metric name.
var nameLabel = []byte("__name__")

// eachSeries calls fn with every series of a series record: its reference, its
// name and its labels, still encoded. The slices are only valid during the call.
func eachSeries(rec []byte, fn func(ref uint64, name, encoded []byte)) error {
	dec := encoding.Decbuf{B: rec}
	if record.Type(dec.Byte()) != record.Series {
		return errors.New("not a series record")
	}
	for len(dec.B) > 0 && dec.Err() == nil {
		ref := dec.Be64()
		start := dec.B
		var name []byte
		for n := dec.Uvarint64(); n > 0 && dec.Err() == nil; n-- {
			// Labels are ordered, but some sort before __name__: upper-case ones.
			l, v := lengthBytes(&dec), lengthBytes(&dec)
			if string(l) == string(nameLabel) {
				name = v
			}
		}
		if dec.Err() != nil {
			return fmt.Errorf("series record: %w", dec.Err())
		}
		fn(ref, name, start[:len(start)-len(dec.B)])
	}
	if dec.Err() != nil {
		return fmt.Errorf("series record: %w", dec.Err())
	}
	return nil
}

// eachLabel calls fn with the labels of a series as eachSeries passes them.
func eachLabel(encoded []byte, fn func(name, value []byte)) {
	dec := encoding.Decbuf{B: encoded}
	for n := dec.Uvarint64(); n > 0 && dec.Err() == nil; n-- {
		l, v := lengthBytes(&dec), lengthBytes(&dec)
		if dec.Err() == nil {
			fn(l, v)
		}
	}
}

// lengthBytes reads bytes that follow their length. Decbuf.UvarintBytes panics
// where a broken length does not fit into an int.
func lengthBytes(dec *encoding.Decbuf) []byte {
	n := dec.Uvarint64()
	if dec.E != nil {
		return nil
	}
	if n > uint64(len(dec.B)) {
		dec.E = encoding.ErrInvalidSize
		return nil
	}
	b := dec.B[:n]
	dec.B = dec.B[n:]
	return b
}

// eachSample calls fn with every sample of a record of float samples.
func eachSample(rec []byte, fn func(ref uint64, t int64, bits uint64)) error {
	dec := encoding.Decbuf{B: rec}
	switch typ := record.Type(dec.Byte()); typ {
	case record.Samples:
		samplesV1(&dec, fn)
	case record.SamplesV2:
		samplesV2(&dec, fn)
	default:
		return fmt.Errorf("record of type %s where samples were expected", typ)
	}
	if dec.Err() != nil {
		return fmt.Errorf("samples record: %w", dec.Err())
	}
	return nil
}

// samplesV1 reads references and times as differences to the first ones.
func samplesV1(dec *encoding.Decbuf, fn func(ref uint64, t int64, bits uint64)) {
	if dec.Len() == 0 {
		return
	}
	ref, t := int64(dec.Be64()), dec.Be64int64()
	for dec.Len() > 0 && dec.Err() == nil {
		dref, dt, bits := dec.Varint64(), dec.Varint64(), dec.Be64()
		if dec.Err() == nil {
			fn(uint64(ref+dref), t+dt, bits)
		}
	}
}

// samplesV2 reads references as differences to the sample before, times as
// differences to the first sample, and start times, which alerts have none of.
func samplesV2(dec *encoding.Decbuf, fn func(ref uint64, t int64, bits uint64)) {
	if dec.Len() == 0 {
		return
	}
	ref, t0 := dec.Varint64(), dec.Varint64()
	dec.Varint64() // start time
	bits := dec.Be64()
	if dec.Err() == nil {
		fn(uint64(ref), t0, bits)
	}
	for dec.Len() > 0 && dec.Err() == nil {
		ref += dec.Varint64()
		t := t0 + dec.Varint64()
		if marker := dec.Byte(); marker != noStartTime && marker != sameStartTime {
			dec.Varint64()
		}
		bits := dec.Be64()
		if dec.Err() == nil {
			fn(uint64(ref), t, bits)
		}
	}
}

// How a sample of a SamplesV2 record gives its start time; any other byte is
// followed by a difference.
const (
	noStartTime   = 0
	sameStartTime = 1
)
