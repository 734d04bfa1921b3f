package logfile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/history"
)

func TestTimes(t *testing.T) {
	for text, want := range map[string]int64{
		`"2026-11-23T09:30:00.25Z"`:       1795426200250,
		`"2026-11-23T10:30:00.25+01:00"`:  1795426200250,
		`1795426200.25`:                   1795426200250,
		`"1795426200"`:                    1795426200000,
		`1795426200250`:                   1795426200250,
		`"0001-01-01T00:00:00Z"`:          history.NoTime,
		`"0001-01-01T01:00:00.000+01:00"`: history.NoTime,
	} {
		got, err := AnyTime(json.RawMessage(text))
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{`"yesterday"`, `{}`, `1e300`, `-5`, `"99999-01-01T00:00:00Z"`, `"1999-12-31T23:59:59Z"`, `NaN`} {
		_, err := AnyTime(json.RawMessage(text))
		require.Error(t, err, text)
	}
	far, err := EndTime("9999-01-01T00:00:00Z")
	require.NoError(t, err)
	require.Equal(t, Latest, far)
}

func TestLines(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("y", LineMost+10)
	text := "{}\n\n  {\"a\":1}  \r\n" + long + "\nlast"
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, data := range map[string][]byte{"plain": []byte(text), "zipped": zipped.Bytes()} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o644))
		var p Problems
		var got []string
		require.NoError(t, p.Lines(t.Context(), path, "a log", func(n int, line []byte) error {
			got = append(got, string(line))
			if string(line) == "last" {
				return os.ErrInvalid // not whole, and not reported
			}
			return nil
		}))
		require.Equal(t, []string{"{}", `{"a":1}`, "last"}, got)
		require.Equal(t, []string{path + ":4: the line is longer than 32 MB; it was left out"}, p.Warnings())
	}
}

func TestShapes(t *testing.T) {
	s := Shapes([]byte(`{"@timestamp":"t","data":{"notification":{"alerts":[{"hash":"1"`))[0]
	require.True(t, s.Has("@timestamp", "data.notification.alerts"))
	require.Equal(t, "t", s["@timestamp"])
	require.Equal(t, "incident", Shapes([]byte(`[{"type":"incident"},`))[0]["[].type"])
	require.Empty(t, Shapes([]byte("\x1f\x8bnot zipped")))
}
