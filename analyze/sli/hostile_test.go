package sli

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/prometheus/promql/parser"
)

func isUTF8(s string) bool { return utf8.ValidString(s) }

// Recording rules that double at each step would take 2^30 visits.
func TestRecordsThatMultiply(t *testing.T) {
	j := JudgeExpr(parse(t, `r0 > 1`), nil, "X", func(name string) []parser.Expr {
		var n int
		if _, err := fmt.Sscanf(name, "r%d", &n); err != nil || n > 30 {
			return nil
		}
		return []parser.Expr{parse(t, fmt.Sprintf("r%d + r%d", n+1, n+1))}
	})
	if j.Verdict != Unknown || !strings.Contains(j.Evidence, "too large") {
		t.Errorf("got %+v", j)
	}
}

// A chain longer than anyone's is followed to a bound, and no further.
func TestRecordsWithoutEnd(t *testing.T) {
	j := JudgeExpr(parse(t, `r0 > 1`), nil, "X", func(name string) []parser.Expr {
		var n int
		if _, err := fmt.Sscanf(name, "r%d", &n); err != nil {
			return nil
		}
		return []parser.Expr{parse(t, fmt.Sprintf("r%d * 2", n+1))}
	})
	if j.Verdict != Unknown {
		t.Errorf("got %+v", j)
	}
}

func TestLongExpressions(t *testing.T) {
	for name, s := range map[string]string{
		"or":          "up == 0" + strings.Repeat(" or up == 0", 5000),
		"sum":         "up" + strings.Repeat(" + up", 5000) + " == 0",
		"difference":  "up" + strings.Repeat(" - time()", 5000) + " == 0",
		"quotient":    "up" + strings.Repeat(" / up", 5000) + " == 0",
		"comparison":  "up" + strings.Repeat(" == up", 5000),
		"parentheses": strings.Repeat("(", 500) + "up == 0" + strings.Repeat(")", 500),
	} {
		e := parse(t, s)
		checkJudgement(t, name, e, JudgeExpr(e, nil, "X", nil))
	}
}

func FuzzJudgeExpr(f *testing.F) {
	for _, examples := range byAdjuster {
		for _, x := range examples {
			f.Add(x.expr)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parser.NewParser(parser.Options{EnableExperimentalFunctions: true}).ParseExpr(s)
		if err != nil {
			return
		}
		before := e.String()
		j := JudgeExpr(e, nil, "X", func(string) []parser.Expr { return []parser.Expr{e} })
		checkJudgement(t, s, e, j)
		if j.Verdict > Meta || e.String() != before {
			t.Errorf("%s: %+v", s, j)
		}
	})
}
