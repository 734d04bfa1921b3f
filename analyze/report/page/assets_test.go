package page

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	importing = regexp.MustCompile(`(?m)^import (.*)\n`)
	imported  = regexp.MustCompile(`^\{ ([\w, ]+) \} from "\./(\w+)\.js";$`)
	exported  = regexp.MustCompile(`(?m)^export (?:function|const|let|class) (\w+)`)
	topLevel  = regexp.MustCompile(`(?m)^(?:export )?(?:function|const|let|class) (\{[^}]*\}|\w+)((?:[^;\n]*, \w+)*)`)
)

// TestModulesLink: what the page's own scripts import stands in a module before
// them, and no name is taken twice, so that they can be one script.
func TestModulesLink(t *testing.T) {
	files, err := fs.Glob(own, "ui/app/*.js")
	require.NoError(t, err)
	var listed []string
	for _, m := range modules {
		listed = append(listed, "ui/app/"+m+".js")
	}
	slices.Sort(listed)
	require.Equal(t, files, listed)

	given := map[string][]string{} // by module
	owner := map[string]string{}   // of a name
	for _, m := range modules {
		src := text(own, "ui/app/"+m+".js")
		require.NotContains(t, src, "import(")
		require.NotContains(t, src, "export default")
		for _, line := range importing.FindAllStringSubmatch(src, -1) {
			found := imported.FindStringSubmatch(line[1])
			require.NotNil(t, found, "%s: %q is no import that can be linked", m, line[0])
			for _, name := range strings.Split(found[1], ", ") {
				require.Contains(t, given[found[2]], name, "%s imports it from %s, which does not give it or comes later", m, found[2])
			}
		}
		for _, found := range exported.FindAllStringSubmatch(src, -1) {
			given[m] = append(given[m], found[1])
		}
		for _, found := range topLevel.FindAllStringSubmatch(src, -1) {
			name := found[1]
			require.Empty(t, owner[name], "%s has a %s of its own, and so has %s", m, name, owner[name])
			owner[name] = m
		}
	}
	require.NotRegexp(t, `(?m)^(import|export) `, app)
}

// TestScriptsEndNowhere: nothing in a script ends the element that it stands in.
func TestScriptsEndNowhere(t *testing.T) {
	for name, script := range map[string]string{"app": app, "charts": charts(), "style": style} {
		lower := strings.ToLower(script)
		require.NotContains(t, lower, "</script", name)
		require.NotContains(t, lower, "</style", name)
		require.NotContains(t, lower, "<!--", name)
	}
	for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage", "sessionStorage", "fetch(", "XMLHttpRequest"} {
		require.NotContains(t, app, forbidden, "of the page's own scripts")
	}
	if !HasCharts() {
		t.Skip("NOT TESTED: the bundled charts. built/charts.js is not there: make assets")
	}
	require.Contains(t, charts()[:200], "Charts are drawn by these libraries")
	require.Contains(t, charts(), "@observablehq/plot ")
}

// TestNoRegistryIsNamed: where packages come from is for whoever installs them
// to say.
func TestNoRegistryIsNamed(t *testing.T) {
	require.Equal(t, "ui", path.Dir("ui/package-lock.json"))
	require.NotContains(t, lock, "\"resolved\"")
	require.NotContains(t, lock, "https://registry")
}
