package analyze

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
	"sync"
)

// A hasher has what takes memory about hashing a short text, to be used again.
type hasher struct {
	text  []byte
	state hash.Hash
	out   [sha256.Size]byte
}

var hashers = sync.Pool{New: func() any { return &hasher{state: sha256.New()} }}

// sum is the SHA-256 of the text, until the next one.
func (h *hasher) sum() []byte {
	h.state.Reset()
	h.state.Write(h.text)
	return h.state.Sum(h.out[:0])
}

// digest hashes parts to a short, stable, printable name. Parts are set apart
// by their lengths, so that no two lists of parts run together.
func digest(parts ...string) string {
	h := hashers.Get().(*hasher)
	defer hashers.Put(h)
	h.text = h.text[:0]
	for _, p := range parts {
		h.text = strconv.AppendInt(h.text, int64(len(p)), 10)
		h.text = append(h.text, ':')
		h.text = append(h.text, p...)
	}
	sum := h.sum()
	return hex.EncodeToString(sum[:8])
}

// alertID names an alert by where it lives and what it is called, never by its
// place in a file.
func alertID(scope, group, name string, ordinal int) string {
	return digest("alert", scope, group, name, strconv.Itoa(ordinal))
}

// fingerprint names a finding so that it survives moved lines and tuned
// thresholds: by check, the alert's identity (or the file's path where it
// concerns no rule) and the check's own key.
func fingerprint(f *Finding, subject string) string {
	return digest("finding", f.Check, subject, f.Key)
}
