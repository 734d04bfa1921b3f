package report

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t testing.TB, f Format, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f.Write(&b, r))
	return b.String()
}

func TestTerminalGolden(t *testing.T) {
	for name, r := range reports(t) {
		if name == "verbose" {
			continue
		}
		for _, width := range []int{80, 200} {
			t.Run(fmt.Sprintf("%s-%d", name, width), func(t *testing.T) {
				got := write(t, Terminal{Width: width}, r)
				golden(t, filepath.Join("testdata", fmt.Sprintf("%s-%d.golden", name, width)), []byte(got))
			})
		}
	}
	t.Run("colour", func(t *testing.T) {
		got := write(t, Terminal{Width: 80, Color: true}, reports(t)["few"])
		golden(t, filepath.Join("testdata", "few-80-colour.golden"), []byte(got))
	})
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestColourIsAllThatColourAdds: the text is the same with and without.
func TestColourIsAllThatColourAdds(t *testing.T) {
	for name, r := range reports(t) {
		for _, width := range []int{40, 60, 80, 133} {
			plain := write(t, Terminal{Width: width}, r)
			require.Equal(t, plain, colours.ReplaceAllString(write(t, Terminal{Width: width, Color: true}, r), ""), name)
			require.NotContains(t, plain, "\x1b", name)
		}
	}
}

func TestLinesFit(t *testing.T) {
	for name, r := range reports(t) {
		for _, width := range []int{40, 47, 53, 60, 80, 100, 200} {
			for _, l := range strings.Split(write(t, Terminal{Width: width}, r), "\n") {
				if len(strings.Fields(l)) == 1 {
					continue // a path, which is of no use when cut
				}
				require.LessOrEqual(t, columns(l), width, "%s: %s", name, l)
			}
		}
	}
}

func TestManyFindingsFitTwoScreens(t *testing.T) {
	got := write(t, Terminal{Width: 80}, reports(t)["many"])
	require.LessOrEqual(t, strings.Count(got, "\n"), 80)
}

func TestVerboseShowsEveryFinding(t *testing.T) {
	r := reports(t)["verbose"]
	got := write(t, Terminal{Width: 80}, r)
	for i := range r.Result.Findings {
		require.Contains(t, got, place(&r.Result.Findings[i]))
	}
}
