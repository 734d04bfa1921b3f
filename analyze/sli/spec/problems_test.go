package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// said is a problem as a line, with what is lost for it.
func said(p sli.Problem) string {
	s := strings.TrimSpace(fmt.Sprintf("%d:%d: %s %s", p.Span.Start.Line, p.Span.Start.Column, p.Message, p.Hint))
	if p.ID != "" {
		s += " [" + p.ID + "]"
	}
	return s
}

// Every mistake is reported at its place, and costs no more than it must.
func TestMistakes(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			got := Parse("f", []byte(c.src), true)
			var lines []string
			for _, p := range got.Problems {
				lines = append(lines, said(p))
			}
			for _, p := range got.Passed {
				lines = append(lines, "passed "+said(p))
			}
			for _, s := range got.SLIs {
				lines = append(lines, s.ID)
			}
			require.Equal(t, c.want, lines)
		})
	}
}
