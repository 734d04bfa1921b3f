package promexpr

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// Pack appends to dst an expression, which was parsed from text, in a twentieth
// of the memory that it takes. It is false of expressions with parts that few
// have: experimental syntax, @ and offsets that are computed.
func Pack(dst []byte, e parser.Expr, text string) ([]byte, bool) {
	p := packer{out: dst, text: text, ok: true}
	p.expr(e)
	return p.out, p.ok
}

// Unpack makes the expression again from what Pack wrote and the same text;
// matcher makes its matchers.
func Unpack(packed, text string, matcher func(labels.MatchType, string, string) *labels.Matcher) parser.Expr {
	return (&unpacker{in: packed, text: text, matcher: matcher}).expr()
}

// Kinds of nodes, by which each is introduced.
const (
	packedNone = iota
	packedNumber
	packedDuration
	packedString
	packedVector
	packedMatrix
	packedSubquery
	packedParen
	packedUnary
	packedBinary
	packedBool // binary, with bool
	packedBy
	packedWithout
	packedCall
)

type packer struct {
	out  []byte
	text string
	ok   bool
}

func (p *packer) int(n int64) { p.out = binary.AppendVarint(p.out, n) }

func (p *packer) pos(r posrange.PositionRange) {
	p.int(int64(r.Start))
	p.int(int64(r.End))
}

// string points into the text where it can.
func (p *packer) string(s string) {
	p.int(int64(len(s)))
	if s == "" {
		return
	}
	at := strings.Index(p.text, s)
	p.int(int64(at))
	if at < 0 {
		p.out = append(p.out, s...)
	}
}

// strings tells none from an empty list.
func (p *packer) strings(list []string) {
	if list == nil {
		p.int(-1)
		return
	}
	p.int(int64(len(list)))
	for _, s := range list {
		p.string(s)
	}
}

func (p *packer) expr(e parser.Expr) {
	switch n := e.(type) {
	case nil:
		p.int(packedNone)
	case *parser.NumberLiteral:
		kind := int64(packedNumber)
		if n.Duration {
			kind = packedDuration
		}
		p.int(kind)
		p.out = binary.LittleEndian.AppendUint64(p.out, math.Float64bits(n.Val))
		p.pos(n.PosRange)
	case *parser.StringLiteral:
		p.int(packedString)
		p.string(n.Val)
		p.pos(n.PosRange)
	case *parser.VectorSelector:
		p.vector(n)
	case *parser.MatrixSelector:
		p.ok = p.ok && n.RangeExpr == nil
		p.int(packedMatrix)
		p.int(int64(n.Range))
		p.int(int64(n.EndPos))
		p.expr(n.VectorSelector)
	case *parser.SubqueryExpr:
		p.ok = p.ok && n.RangeExpr == nil && n.OriginalOffsetExpr == nil && n.StepExpr == nil && n.Timestamp == nil && n.StartOrEnd == 0
		p.int(packedSubquery)
		for _, d := range []time.Duration{n.Range, n.OriginalOffset, n.Offset, n.Step} {
			p.int(int64(d))
		}
		p.int(int64(n.EndPos))
		p.expr(n.Expr)
	case *parser.ParenExpr:
		p.int(packedParen)
		p.pos(n.PosRange)
		p.expr(n.Expr)
	case *parser.UnaryExpr:
		p.int(packedUnary)
		p.int(int64(n.Op))
		p.int(int64(n.StartPos))
		p.expr(n.Expr)
	case *parser.BinaryExpr:
		p.binary(n)
	case *parser.AggregateExpr:
		kind := int64(packedBy)
		if n.Without {
			kind = packedWithout
		}
		p.int(kind)
		p.int(int64(n.Op))
		p.strings(n.Grouping)
		p.pos(n.PosRange)
		p.expr(n.Param)
		p.expr(n.Expr)
	case *parser.Call:
		p.ok = p.ok && n.Args != nil && parser.Functions[n.Func.Name] == n.Func
		p.int(packedCall)
		p.string(n.Func.Name)
		p.pos(n.PosRange)
		p.int(int64(len(n.Args)))
		for _, a := range n.Args {
			p.expr(a)
		}
	default:
		p.ok = false
	}
}

func (p *packer) vector(n *parser.VectorSelector) {
	p.ok = p.ok && n.OriginalOffsetExpr == nil && n.Timestamp == nil && n.StartOrEnd == 0 && !n.SkipHistogramBuckets &&
		!n.Anchored && !n.Smoothed && !n.BypassEmptyMatcherCheck && n.UnexpandedSeriesSet == nil && n.Series == nil
	p.int(packedVector)
	p.string(n.Name)
	p.int(int64(n.OriginalOffset))
	p.int(int64(n.Offset))
	p.pos(n.PosRange)
	p.int(int64(len(n.LabelMatchers)))
	for _, m := range n.LabelMatchers {
		p.int(int64(m.Type))
		p.string(m.Name)
		p.string(m.Value)
	}
}

func (p *packer) binary(n *parser.BinaryExpr) {
	kind := int64(packedBinary)
	if n.ReturnBool {
		kind = packedBool
	}
	p.int(kind)
	p.int(int64(n.Op))
	if m := n.VectorMatching; m == nil {
		p.int(-1)
	} else {
		p.ok = p.ok && m.FillValues.LHS == nil && m.FillValues.RHS == nil
		on := int64(0)
		if m.On {
			on = 1
		}
		p.int(int64(m.Card))
		p.int(on)
		p.strings(m.MatchingLabels)
		p.strings(m.Include)
	}
	p.expr(n.LHS)
	p.expr(n.RHS)
}
