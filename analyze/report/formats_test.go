package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze"
)

func TestFormatsGolden(t *testing.T) {
	for _, name := range []string{"github", "markdown", "gitlab", "junit"} {
		c, ok := Named(Lint, name)
		require.True(t, ok)
		for _, of := range []string{"few", "nothing"} {
			golden(t, filepath.Join("testdata", of+"."+name+".golden"), []byte(write(t, c.New(Screen{}), reports(t)[of])))
		}
	}
}

// TestFormatsAreDeterministic: the same rules give the same bytes.
func TestFormatsAreDeterministic(t *testing.T) {
	first, second := reports(t), reports(t)
	for _, c := range Formats() {
		for name, r := range first {
			require.Equal(t, write(t, c.New(Screen{}), r), write(t, c.New(Screen{}), second[name]), "%s of %s", c.Name, name)
		}
	}
}

func TestFormatsAreNamed(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Formats() {
		require.Regexp(t, `^[a-z]+$`, c.Name)
		require.NotEmpty(t, c.Doc)
		require.False(t, seen[c.Name])
		seen[c.Name] = true
	}
	_, ok := Named(Lint, "yaml")
	require.False(t, ok)
}

// TestGitHubIsCut: the worst of each kind are annotated, and the rest is
// counted.
func TestGitHubIsCut(t *testing.T) {
	r := reports(t)["many"]
	all := counted(shown(r))
	lines := strings.Split(strings.TrimSuffix(write(t, GitHub{}, r), "\n"), "\n")
	require.Len(t, lines, 10+10+1+1, "ten errors, ten warnings, the one notice, the last line")
	require.True(t, strings.HasPrefix(lines[0], "::error "))
	require.True(t, strings.HasPrefix(lines[10], "::warning "))
	require.True(t, strings.HasPrefix(lines[20], "::notice "))
	require.Contains(t, lines[21], fmt.Sprintf("%d errors, %d warnings, 1 info; annotated are the worst 21", all[analyze.Error], all[analyze.Warning]))
	r.Verbose = true
	require.Equal(t, len(shown(r))+1, strings.Count(write(t, GitHub{}, r), "\n"))
}

// TestMarkdownFits: a summary stays within its bytes, cut at a row and counted.
func TestMarkdownFits(t *testing.T) {
	r := reports(t)["many"]
	all := write(t, Markdown{}, r)
	require.Equal(t, len(shown(r))+1, strings.Count(all, "<tr>"))
	for _, most := range []int{len(all) - 1, len(all) / 2, 3000} {
		got := write(t, Markdown{Most: most}, r)
		require.LessOrEqual(t, len(got), most)
		rows := strings.Count(got, "<tr>") - 1
		require.Contains(t, got, fmt.Sprintf("\n%s more, less severe", count(len(shown(r))-rows, "finding")))
		require.Equal(t, strings.Count(got, "<tr>"), strings.Count(got, "</tr>\n"))
		require.True(t, strings.HasPrefix(all, got[:strings.Index(got, "</table>")]), "the same as far as it goes")
	}
}

// TestJUnitCounts: what fails the run is a failure, the rest is skipped.
func TestJUnitCounts(t *testing.T) {
	for _, least := range []analyze.Severity{0, analyze.Info, analyze.Warning, analyze.Error} {
		r := reports(t)["many"]
		r.Failing = least
		s := junitOf(r)
		require.Equal(t, r.failures(), s.Failures)
		skipped, passed := 0, 0
		for _, suite := range s.Suites {
			skipped += suite.Skipped
			passed += suite.Tests - suite.Skipped - suite.Failures
		}
		require.Equal(t, len(shown(r))-r.failures(), skipped)
		require.Zero(t, passed)
	}
	require.Equal(t, 1, junitOf(reports(t)["nothing"]).Tests)
	require.Equal(t, 1, junitOf(reports(t)["empty"]).Tests)
}
