package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/rules/promexpr"
)

// checkExpr parses the rule's expression, bounded before the parser sees it.
func (r *reader) checkExpr(rule *Rule) {
	f := rule.ExprField
	text := f.Value.Text
	switch {
	case text == "":
		span := rule.NameField.Value.Span()
		if f.IsSet() {
			span = f.Key.Span()
		} else if span.IsZero() {
			span = Span{Start: rule.Node.Start, End: rule.Node.Start}
		}
		r.problem(Problem{Kind: BadField, Span: span, Detail: "expr", Message: "the rule has no expr", Hint: "Add expr: with a PromQL expression."})
		return
	case len(text) > MaxExprSize:
		r.problem(Problem{
			Kind: BadYAML, Span: f.Key.Span(), Detail: "expr",
			Message: fmt.Sprintf("an expression of %d bytes; at most %d are read", len(text), MaxExprSize),
		})
		return
	}
	comments, deep := lexExpr(text)
	for _, c := range comments {
		from, to := f.Value.sub(c.from, c.to)
		r.file.addComment(from, to, text[c.from+1:c.to])
	}
	if deep >= 0 {
		r.problem(Problem{
			Kind: BadYAML, Span: f.Value.Sub(deep, deep+1), Detail: "expr",
			Message: fmt.Sprintf("an expression nested deeper than %d levels", MaxExprDepth),
		})
		return
	}
	expr, err := promexpr.Parse(text)
	if err == nil {
		rule.expr = expr
		return
	}
	var list parser.ParseErrors
	if !errors.As(err, &list) || len(list) == 0 {
		r.problem(Problem{Kind: BadExpr, Span: f.Value.Span(), Message: "not PromQL: " + err.Error()})
		return
	}
	first := list[0]
	start, end := int(first.PositionRange.Start), int(first.PositionRange.End)
	start = max(0, min(start, len(text)))
	if end <= start || end > len(text) {
		end = len(text)
	}
	r.problem(Problem{Kind: BadExpr, Span: f.Value.Sub(start, end), Message: "not PromQL: " + first.Err.Error()})
}

// lexExpr finds the comments of a PromQL expression, and where it is first
// nested deeper than is read (-1 if nowhere).
func lexExpr(text string) (comments []span, deep int) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '#':
			end := len(text)
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				end = i + n
			}
			comments = append(comments, span{i, end})
			i = end
		case '"', '\'', '`':
			i = stringEnd(text, i)
		case '(', '[', '{':
			if depth++; depth > MaxExprDepth {
				return comments, i
			}
		case ')', ']', '}':
			depth--
		}
	}
	return comments, -1
}

// stringEnd is the place of the quote that closes the string literal at i.
func stringEnd(text string, i int) int {
	quote := text[i]
	for i++; i < len(text) && text[i] != quote; i++ {
		if text[i] == '\\' && quote != '`' {
			i++
		}
	}
	return i
}
