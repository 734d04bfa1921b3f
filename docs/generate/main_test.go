package main

import (
	"os"
	"testing"
)

// TestChecksPageIsFresh fails when docs/checks.md is not what the registry says.
func TestChecksPageIsFresh(t *testing.T) {
	want, err := checksPage()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../checks.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/checks.md is stale: run make generate")
	}
}

// TestFormatsPageIsFresh fails when the table in docs/formats.md is not that of
// the formats.
func TestFormatsPageIsFresh(t *testing.T) {
	got, err := os.ReadFile("../formats.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := formatsPage(string(got))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/formats.md is stale: run make generate")
	}
}

// TestConfigPagesAreFresh fails when docs/configuration.md or the schema are
// not what the types of the configuration say.
func TestConfigPagesAreFresh(t *testing.T) {
	pages, err := configPages("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		got, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("docs/%s is stale: run make generate", name)
		}
	}
}

// TestMeasuresPageIsFresh fails when the table in docs/measures.md is not that
// of the measures' options.
func TestMeasuresPageIsFresh(t *testing.T) {
	got, err := os.ReadFile("../measures.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := measuresPage(string(got))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/measures.md is stale: run make generate")
	}
}
