package promexpr

import (
	"hash/maphash"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
)

// A typical alert: two aggregated rates, divided and compared.
const typical = `sum by (job, namespace) (rate(http_requests_total{job="api",code=~"5.."}[5m]))
  / sum by (job, namespace) (rate(http_requests_total{job="api"}[5m])) > 0.05`

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(typical); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonicalHash(b *testing.B) {
	e := mustParse(b, typical)
	seed := maphash.MakeSeed()
	buf := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendCanonical(buf[:0], e)
		maphash.Bytes(seed, buf)
	}
}

// BenchmarkPrint is what the parser's own printer takes.
func BenchmarkPrint(b *testing.B) {
	e := mustParse(b, typical)
	b.ReportAllocs()
	for b.Loop() {
		_ = e.String()
	}
}

func BenchmarkOnRealRules(b *testing.B) {
	texts := corpora(b)
	exprs := make([]parser.Expr, len(texts))
	for i, s := range texts {
		exprs[i] = mustParse(b, s)
	}
	for name, f := range map[string]func(i int){
		"parse":     func(i int) { Parse(texts[i]) },
		"canonical": func(i int) { Canonical(exprs[i]) },
		"labels":    func(i int) { OutputLabels(exprs[i]) },
		"always":    func(i int) { AlwaysReturns(exprs[i]) },
		"selectors": func(i int) { Selectors(exprs[i]) },
		"signal":    func(i int) { SignalOf(exprs[i]) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				f(i % len(exprs))
				i++
			}
		})
	}
}
