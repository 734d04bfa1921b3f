package promexpr

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// An unpacker reads what a packer wrote.
type unpacker struct {
	in, text string
	at       int
	matcher  func(labels.MatchType, string, string) *labels.Matcher
}

func (u *unpacker) int() int64 {
	n, shift := uint64(0), 0
	for {
		b := u.in[u.at]
		u.at++
		n |= uint64(b&0x7F) << shift
		if b < 0x80 {
			return int64(n>>1) ^ -int64(n&1)
		}
		shift += 7
	}
}

func (u *unpacker) duration() time.Duration { return time.Duration(u.int()) }

func (u *unpacker) pos() posrange.PositionRange {
	start := posrange.Pos(u.int())
	return posrange.PositionRange{Start: start, End: posrange.Pos(u.int())}
}

func (u *unpacker) string() string {
	n := int(u.int())
	if n == 0 {
		return ""
	}
	if at := int(u.int()); at >= 0 {
		return u.text[at : at+n]
	}
	u.at += n
	return u.in[u.at-n : u.at]
}

func (u *unpacker) strings() []string {
	n := int(u.int())
	if n < 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = u.string()
	}
	return list
}

func (u *unpacker) expr() parser.Expr {
	switch kind := u.int(); kind {
	case packedNumber, packedDuration:
		var bits [8]byte
		u.at += copy(bits[:], u.in[u.at:])
		return &parser.NumberLiteral{Val: math.Float64frombits(binary.LittleEndian.Uint64(bits[:])), Duration: kind == packedDuration, PosRange: u.pos()}
	case packedString:
		s := u.string()
		return &parser.StringLiteral{Val: s, PosRange: u.pos()}
	case packedVector:
		return u.vector()
	case packedMatrix:
		n := &parser.MatrixSelector{Range: u.duration(), EndPos: posrange.Pos(u.int())}
		n.VectorSelector = u.expr()
		return n
	case packedSubquery:
		n := &parser.SubqueryExpr{}
		for _, d := range []*time.Duration{&n.Range, &n.OriginalOffset, &n.Offset, &n.Step} {
			*d = u.duration()
		}
		n.EndPos = posrange.Pos(u.int())
		n.Expr = u.expr()
		return n
	case packedParen:
		n := &parser.ParenExpr{PosRange: u.pos()}
		n.Expr = u.expr()
		return n
	case packedUnary:
		n := &parser.UnaryExpr{Op: parser.ItemType(u.int()), StartPos: posrange.Pos(u.int())}
		n.Expr = u.expr()
		return n
	case packedBinary, packedBool:
		n := &parser.BinaryExpr{Op: parser.ItemType(u.int()), ReturnBool: kind == packedBool}
		n.VectorMatching = u.matching()
		n.LHS = u.expr()
		n.RHS = u.expr()
		return n
	case packedBy, packedWithout:
		n := &parser.AggregateExpr{Op: parser.ItemType(u.int()), Grouping: u.strings(), Without: kind == packedWithout, PosRange: u.pos()}
		n.Param = u.expr()
		n.Expr = u.expr()
		return n
	case packedCall:
		n := &parser.Call{Func: parser.Functions[u.string()], PosRange: u.pos()}
		n.Args = make(parser.Expressions, u.int())
		for i := range n.Args {
			n.Args[i] = u.expr()
		}
		return n
	}
	return nil // packedNone
}

func (u *unpacker) vector() parser.Expr {
	n := &parser.VectorSelector{Name: u.string(), OriginalOffset: u.duration(), Offset: u.duration(), PosRange: u.pos()}
	n.LabelMatchers = make([]*labels.Matcher, u.int())
	for i := range n.LabelMatchers {
		kind := labels.MatchType(u.int())
		name := u.string()
		n.LabelMatchers[i] = u.matcher(kind, name, u.string())
	}
	return n
}

func (u *unpacker) matching() *parser.VectorMatching {
	card := u.int()
	if card < 0 {
		return nil
	}
	return &parser.VectorMatching{Card: parser.VectorMatchCardinality(card), On: u.int() == 1, MatchingLabels: u.strings(), Include: u.strings()}
}
