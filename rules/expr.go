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
	text := f.Value.Text()
	switch {
	case text == "" && rule.Open:
		r.leave(r.file.span(rule.Node().Start.Offset, rule.Node().Start.Offset), templated, "the expression is written by a template action")
		return
	case text == "":
		span := rule.NameField.Value.Span()
		if f.IsSet() {
			span = f.Key.Span()
		} else if span.IsZero() {
			span = Span{Start: rule.Node().Start, End: rule.Node().Start}
		}
		r.problem(Problem{Kind: BadField, Span: span, Detail: "expr", Message: "the rule has no expr", Hint: "Add expr: with a PromQL expression."})
		return
	case len(text) > MaxExprSize:
		r.problem(Problem{
			Kind: Limit, Span: f.Key.Span(), Detail: "expr",
			Message: fmt.Sprintf("an expression of %d bytes; at most %d are read", len(text), MaxExprSize),
		})
		return
	}
	lex := lexExpr(text)
	if len(lex.comments) > 0 {
		for i, at := range f.Value.sources(lex.comments) {
			c := lex.comments[i]
			r.file.addComment(at.from, at.to, text[c.from+1:c.to])
		}
	}
	if lex.refused != "" {
		r.problem(Problem{
			Kind: Limit, Span: f.Value.Sub(lex.at, lex.at+1), Detail: "expr",
			Message: lex.refused,
		})
		return
	}
	if r.file.mask != nil && !f.Value.Rendered() {
		r.unrendered(rule)
		return
	}
	if strings.Contains(text, "${") {
		r.leave(f.Value.Span(), "with variables to be substituted", "the expression holds a variable that something substitutes")
		return
	}
	if r.foreign != "" {
		r.leaveExpr(rule, r.foreign)
		return
	}
	expr, err := r.parseExpr(text)
	if err == nil {
		rule.expr = expr
		if uses := promexpr.Experimental(expr); len(uses) > 0 {
			if r.file.experimental == nil {
				r.file.experimental = map[*Rule][]promexpr.Use{}
			}
			r.file.experimental[rule] = uses
		}
		promexpr.EachSelector(expr, func(*parser.VectorSelector) { rule.selects = true })
		return
	}
	if language := promexpr.Dialect(text); language != "" {
		r.file.logQL = r.file.logQL || language == "LogQL"
		r.leaveExpr(rule, language)
		return
	}
	if r.metricsQL {
		r.leaveExpr(rule, "MetricsQL")
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

func (r *reader) parseExpr(text string) (parser.Expr, error) {
	if r.file.matchers == nil {
		return promexpr.Parse(text)
	}
	return promexpr.ParseWith(text, r.file.matchers.compile)
}

// leaveExpr says of a rule that its expression is not PromQL's to judge.
func (r *reader) leaveExpr(rule *Rule, language string) {
	r.leave(rule.ExprField.Value.Span(), "in "+language, "the expression is "+language+", which is not judged")
}

// shareLanguage leaves alone, in a file with LogQL in it, the expressions that
// may be LogQL too: whose selectors name no metric.
func (f *File) shareLanguage() {
	if !f.logQL {
		return
	}
	for _, g := range f.Groups {
		for _, rule := range g.Rules {
			if rule.expr == nil || !nameless(rule.expr) {
				continue
			}
			rule.expr, rule.selects = nil, false
			delete(f.experimental, rule)
			f.Passed = append(f.Passed, Problem{
				Kind: PassedOver, Detail: "in LogQL", Rule: rule, Span: rule.ExprField.Value.Span(),
				Message: "the expression is LogQL, as others of the file, which is not judged",
			})
		}
	}
}

// nameless reports whether an expression selects series, and none by its name.
func nameless(e parser.Expr) bool {
	found, named := false, false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if vs, ok := n.(*parser.VectorSelector); ok {
			found = true
			for _, m := range vs.LabelMatchers {
				named = named || m.Name == "__name__"
			}
		}
		return nil
	})
	return found && !named
}

// A lexing is what can be told of an expression without parsing it.
type lexing struct {
	comments []span
	refused  string // why it is not parsed, "" if it is
	at       int    // the place that refused is about
}

// lexExpr finds the comments of a PromQL expression, and measures what would
// take the parser, or those who walk its tree, too long.
func lexExpr(text string) (l lexing) {
	depth, parts, braces := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '#':
			end := len(text)
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				end = i + n
			}
			l.comments = append(l.comments, span{i, end})
			i = end
		case c == '"' || c == '\'' || c == '`':
			i = stringEnd(text, i)
		case c == '(' || c == '[' || c == '{':
			depth++
			if c == '{' {
				braces++
			} else if c == '[' {
				parts++
			}
		case c == ')' || c == ']' || c == '}':
			depth--
			if c == '}' {
				braces--
			}
		case isWord(c):
			start := i
			for i+1 < len(text) && isWord(text[i+1]) {
				i++
			}
			if braces == 0 && isOperatorWord(text[start:i+1]) {
				parts++
			}
		case braces == 0 && strings.IndexByte("+-*/%^=!<>@", c) >= 0:
			parts++
		}
		switch {
		case l.refused != "":
		case depth > MaxExprDepth:
			l.at, l.refused = i, fmt.Sprintf("an expression nested deeper than %d levels", MaxExprDepth)
		case parts > MaxExprParts:
			l.at, l.refused = i, fmt.Sprintf("an expression of more than %d operators", MaxExprParts)
		}
	}
	return l
}

func isWord(c byte) bool {
	return c == '_' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isOperatorWord(s string) bool {
	for _, w := range [...]string{"and", "or", "unless", "atan2"} {
		if strings.EqualFold(s, w) {
			return true
		}
	}
	return false
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
