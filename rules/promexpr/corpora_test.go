package promexpr

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	fixtures "github.com/crywolf-dev/crywolf/fixtures/corpora"
)

// corpora returns every distinct expression of the real rule files that lie
// next to the module in shared/corpora, if they do.
func corpora(t testing.TB) []string {
	t.Helper()
	exprs, err := readCorpora()
	if err != nil {
		t.Fatal(err)
	}
	if exprs == nil {
		t.Skip(fixtures.Missing)
	}
	return exprs
}

var readCorpora = sync.OnceValues(func() ([]string, error) {
	root := fixtures.Dir()
	if root == "" {
		return nil, nil
	}
	var out []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".yml") && !strings.HasSuffix(p, ".yaml") {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		var doc yaml.Node
		if yaml.Unmarshal(src, &doc) == nil {
			out = append(out, ruleExprs(&doc)...)
		}
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out), err
})

// ruleExprs finds the expressions of rules anywhere in a document.
func ruleExprs(n *yaml.Node) []string {
	var out []string
	if n.Kind == yaml.MappingNode {
		expr, rule := "", false
		for i := 0; i+1 < len(n.Content); i += 2 {
			switch n.Content[i].Value {
			case "expr":
				expr = n.Content[i+1].Value
			case "alert", "record":
				rule = true
			}
		}
		if rule && expr != "" {
			if _, err := Parse(expr); err == nil {
				out = append(out, expr)
			}
		}
	}
	for _, c := range n.Content {
		out = append(out, ruleExprs(c)...)
	}
	return out
}
