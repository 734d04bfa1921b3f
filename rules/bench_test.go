package rules

import (
	"bytes"
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// corpusSources are the rule files of two corpora.
func corpusSources(b *testing.B) (sources [][]byte, exprs []string) {
	for _, name := range []string{"awesome", "mixins"} {
		set, err := Load(context.Background(), []string{corpus(b, name)}, Options{})
		require.NoError(b, err)
		for _, f := range set.Files {
			if f.Shape == ShapePlain {
				sources = append(sources, f.Source)
			}
		}
		for _, r := range set.Rules() {
			exprs = append(exprs, r.ExprField.Value.Text())
		}
	}
	return sources, exprs
}

// BenchmarkParse is to be read against the two that follow: what it takes
// beyond their sum is the loader's own.
func BenchmarkParse(b *testing.B) {
	sources, _ := corpusSources(b)
	size := 0
	for _, src := range sources {
		size += len(src)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range sources {
			Parse("x.yml", src, Options{})
		}
	}
}

func BenchmarkYAMLAlone(b *testing.B) {
	sources, _ := corpusSources(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range sources {
			var n yaml.Node
			require.NoError(b, yaml.NewDecoder(bytes.NewReader(src)).Decode(&n))
		}
	}
}

func BenchmarkPromQLAlone(b *testing.B) {
	_, exprs := corpusSources(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range exprs {
			_, err := promexpr.Parse(e)
			require.NoError(b, err)
		}
	}
}

// BenchmarkRetained reports what a loaded rule keeps in memory.
func BenchmarkRetained(b *testing.B) {
	sources, exprs := corpusSources(b)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var files []*File
		for _, src := range sources {
			files = append(files, Parse("x.yml", src, Options{}))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(exprs)), "B/rule")
		size := 0
		for _, f := range files {
			size += len(f.Source)
		}
		b.ReportMetric(float64(size)/float64(len(exprs)), "source-B/rule")
	}
}
