package analyze

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// digest hashes parts to a short, stable, printable name. Parts are set apart
// by their lengths, so that no two lists of parts run together.
func digest(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	sum := sha256.Sum256([]byte(b.String()))
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
