package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/checks"
)

// TestExplainFits: at any width and colour a page says the same words, its
// examples whole, in lines that fit.
func TestExplainFits(t *testing.T) {
	for _, c := range checks.All() {
		var page strings.Builder
		require.NoError(t, CheckPage(&page, c))
		for _, width := range []int{40, 60, 80, 200} {
			var plain, coloured bytes.Buffer
			require.NoError(t, Explain(&plain, c, Screen{Width: width}))
			require.NoError(t, Explain(&coloured, c, Screen{Width: width, Color: true}))
			require.Equal(t, plain.String(), colours.ReplaceAllString(coloured.String(), ""))
			require.Equal(t, strings.Fields(page.String()), strings.Fields(plain.String()))
			require.Contains(t, plain.String(), "\n"+c.Doc.Bad)
			require.Contains(t, plain.String(), "\n"+c.Doc.Good)
			prose := strings.NewReplacer(c.Doc.Bad, "", c.Doc.Good, "", c.Doc.SLOs, "", c.Doc.GoodSLOs, "").Replace(plain.String())
			for _, l := range strings.Split(prose, "\n") {
				if len(strings.Fields(l)) > 2 { // a bullet and an address
					require.LessOrEqual(t, columns(l), width, l)
				}
			}
		}
	}
}

func TestListFits(t *testing.T) {
	all := checks.All()
	for _, width := range []int{40, 60, 80, 200} {
		var out bytes.Buffer
		require.NoError(t, List(&out, all, Screen{Width: width}))
		words := strings.Fields(out.String())
		for _, c := range all {
			require.True(t, slices.Contains(words, c.ID))
		}
		for _, l := range strings.Split(out.String(), "\n") {
			require.LessOrEqual(t, columns(l), width, l)
		}
		if width == 200 {
			require.Equal(t, len(all), strings.Count(out.String(), "\n"), "a line each")
		}
	}
}
