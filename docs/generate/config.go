package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
)

// generatedFrom is the line of docs/configuration.md after which the page comes
// from the code.
const generatedFrom = `<!-- What follows is generated from the code by "make generate". -->`

// configPages are the files of a folder that come from the types of the
// configuration, by their names: its schema, and its page with the reference
// made anew. What a person wrote above that stays.
func configPages(dir string) (map[string]string, error) {
	const page = "configuration.md"
	text, err := os.ReadFile(filepath.Join(dir, page))
	if err != nil {
		return nil, err
	}
	guide, _, ok := strings.Cut(string(text), generatedFrom)
	if !ok {
		return nil, fmt.Errorf("%s has no line %q", page, generatedFrom)
	}
	schema, err := config.Schema(checks.All())
	return map[string]string{
		page:                         guide + generatedFrom + "\n\n" + config.Reference(checks.All()),
		"crywolf-config.schema.json": string(schema),
	}, err
}
