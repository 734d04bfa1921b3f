package actionable

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The quick looks agree with the expressions that they spare.
func TestQuickPlaceholders(t *testing.T) {
	parts := []string{"to", "-", "do", "TBD", "tba", "fix", "me", "xxx", "n/a", "N", "na", "none", "null", "nil", "placeholder", "coming soon",
		"change", "to be ", "done", "not yet", "none available", " ", "<", "[", "\"", "#", ".", "?", "_", "https://", "http://", "HTTP://", "!", ")", "todo:", "a",
		"example", ".com", ".example", "EXAMPLE", ".org", "invalid", ".invalid", "wiki", "/", "runbooks", "Playbook\u017f", "index.html", "\u212a", "docs", "\n", "\x0b", "\u0130"}
	r := rand.New(rand.NewPCG(5, 5))
	matched := 0
	for range 300_000 {
		var b strings.Builder
		for range r.IntN(5) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		if fillers.MatchString(text) {
			matched++
		}
		require.Equal(t, fillers.MatchString(text), fills(text), "%q", text)
		require.Equal(t, reserved.MatchString(text), isReserved(text), "%q", text)
		require.Equal(t, roots.MatchString(text), isRoot(text), "%q", text)
	}
	require.Greater(t, matched, 1000)
}
