package logfile

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// IsLines reports whether the first line of a file is a JSON text of its own, so
// that the file is to be read line by line.
func IsLines(ctx context.Context, path, format string) (bool, error) {
	var unheard Problems
	whole := false
	err := unheard.Lines(ctx, path, format, func(_ int, line []byte) error {
		whole = !unheard.Any(path) && json.Valid(line)
		return ErrStop
	})
	return whole, err
}

// Document hands over what a file of JSON has in lists, of which any may stand
// at the top, as a list or under one of the names given; and objects at the top
// that have no such list, less their lists. What take returns is written down as
// what is wrong and does not stop the reading. No element may be longer than
// LineMost. It reads what is not written line by line.
func (l *Problems) Document(ctx context.Context, path, format string, lists []string, take func(list string, text []byte) error) error {
	f, err := Open(path, format)
	if err != nil {
		return err
	}
	defer f.Close()
	in := &bounded{in: bufio.NewReaderSize(f, bufferSize)}
	d := document{Decoder: json.NewDecoder(in), in: in, lists: lists, take: func(list string, text []byte) {
		if err := take(list, text); err != nil {
			l.Add(path, 0, err)
		}
	}}
	for err == nil && ctx.Err() == nil {
		err = d.value(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		l.Add(path, 0, fmt.Errorf("at byte %d: %w; the rest of the file", d.InputOffset(), err))
	}
	return nil
}

type document struct {
	*json.Decoder
	in    *bounded
	lists []string
	take  func(list string, text []byte)
}

// value reads what stands at the top next.
func (d *document) value(ctx context.Context) error {
	d.in.since = 0
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return within(d.list(ctx, ""))
	case json.Delim('{'):
		return within(d.object(ctx))
	}
	return fmt.Errorf("%.40v is neither an object nor a list", t)
}

// within makes of an end of the file one that should not be there.
func within(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (d *document) list(ctx context.Context, name string) error {
	for d.More() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d.in.since = 0
		var text json.RawMessage
		if err := d.Decode(&text); err != nil {
			return err
		}
		d.take(name, text)
	}
	_, err := d.Token()
	return err
}

func (d *document) object(ctx context.Context) error {
	rest := map[string]json.RawMessage{}
	d.in.since = 0
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		var text json.RawMessage
		listed := false
		for _, l := range d.lists {
			listed = listed || l == name
		}
		if !listed {
			if err := d.Decode(&text); err != nil {
				return err
			}
			rest[name] = text
			continue
		}
		t, err := d.Token()
		if err != nil {
			return err
		}
		if t != json.Delim('[') {
			if _, nested := t.(json.Delim); nested {
				return fmt.Errorf("%q is an object; expected a list", name)
			}
			continue // null
		}
		if err := d.list(ctx, name); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	text, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	d.take("", text)
	return nil
}

// bounded reads no more than so much for one element.
type bounded struct {
	in    io.Reader
	since int // bytes since the last element
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.since > LineMost {
		return 0, fmt.Errorf("something is longer than %d MB", LineMost>>20)
	}
	n, err := b.in.Read(p)
	b.since += n
	return n, err
}
