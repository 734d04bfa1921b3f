package config

import (
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
)

// The words of ratio_of, the bad one second, and of op, as OpenSLO has them.
var (
	shareOfWords = []string{"good", "bad"}
	opWords      = []string{"lt", "lte", "gt", "gte"}
	ops          = []op{parser.LSS, parser.LTE, parser.GTR, parser.GTE}
)

// SLIs are those that the configuration declares, in its order.
func (c *Config) SLIs() []*sli.SLI {
	if c == nil {
		return nil
	}
	var out []*sli.SLI
	for _, s := range c.doc.SLIs {
		out = append(out, &sli.SLI{
			ID: s.id(), Name: s.ID.value, Service: s.Service.value, Title: s.Title.value, Journey: s.Journey.value, Owner: s.Owner.value,
			Objective: float64(s.Objective), Window: time.Duration(s.Window),
			Good: s.Good.Query, Bad: s.Bad.Query, Total: s.Total.Query, Ratio: s.Ratio.Query, Value: s.Value.Query,
			RatioIsBad: string(s.RatioOf) == shareOfWords[1], Op: parser.ItemType(s.Op), Threshold: s.Threshold.x,
			Format: "crywolf", File: c.file, Span: s.ID.span,
		})
	}
	return out
}

// SLOs are the paths of SLO specifications that the configuration names, as
// seen from the working directory. One that is not there makes an error of type
// Invalid.
func (c *Config) SLOs() ([]string, error) {
	if c == nil {
		return nil, nil
	}
	var out []string
	for _, p := range c.doc.SLOs {
		path, err := c.locate(p.glob, p.pattern)
		if err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

func (s declaredSLI) id() string {
	if s.Service.value == "" {
		return s.ID.value
	}
	return s.Service.value + "/" + s.ID.value
}

// judgeSLIs reports SLIs that are measured in no way or in several, and those of
// one name.
func (d *decoder) judgeSLIs(list []declaredSLI) {
	names := map[string]bool{}
	for i, s := range list {
		where := fmt.Sprintf("slis[%d]", i)
		if s.ID.value != "" && names[s.id()] {
			d.reportAt(s.ID.at, "%s is called %q, as an earlier one is", where, shorten(s.id()))
		}
		names[s.id()] = true
		d.judgeMeasure(s, where)
	}
}

func (d *decoder) judgeMeasure(s declaredSLI, where string) {
	events, ratio, value := s.Good.given() || s.Bad.given(), s.Ratio.given(), s.Value.given()
	switch {
	case !events && !ratio && !value && s.Total.given():
		d.reportAt(s.Total.at, "%s has total alone, which measures nothing; add good or bad", where)
	case !events && !ratio && !value:
		d.reportAt(s.at, "%s measures nothing; it must have good or bad and total, or ratio, or value", where)
	case events && ratio, events && value, ratio && value:
		later := s.Ratio.at
		if value {
			later = s.Value.at
		}
		d.reportAt(later, "%s measures in several ways; it must have good or bad and total, or ratio, or value", where)
	case events && !s.Total.given():
		d.reportAt(s.at, "%s measures events without total, the number of all", where)
	case !events && s.Total.given():
		d.reportAt(s.Total.at, "%s measures no events that total could be the number of", where)
	case ratio && s.RatioOf == "":
		d.reportAt(s.Ratio.at, "%s measures a ratio and must have ratio_of, which says of what", where)
	case value && (s.Op == 0 || !s.Threshold.set):
		d.reportAt(s.Value.at, "%s measures a value and must have op and threshold, which say when it is good", where)
	}
}

func (s *declaredSLI) place(at position) { s.at = at }

func (q query) given() bool { return q.at != position{} }

func (q *query) decode(d *decoder, n *yaml.Node, where string) {
	q.at = d.place(n)
	switch {
	case !d.isText(n, where):
	case n.Value == "":
		d.report(n, "%s is empty", where)
	default:
		got, problem := spec.Query(d.file, d.file.ScalarAt(q.at.line, q.at.column, n))
		if problem != nil {
			at := problem.Span.Start
			d.reportAt(position{at.Line, at.Column}, "%s can't be used: %s", where, problem.Message)
		}
		q.Query = got
	}
}

func (t *name) decode(d *decoder, n *yaml.Node, where string) {
	t.text.decode(d, n, where)
	t.span = d.file.ScalarAt(t.at.line, t.at.column, n).Span()
}

func (s *share) decode(d *decoder, n *yaml.Node, where string) {
	x, ok := d.number(n, false, where)
	switch {
	case !ok:
	case x <= 0 || x >= 1:
		d.report(n, "%s is %s; it must be a share between 0 and 1, such as 0.999", where, shorten(n.Value))
	default:
		*s = share(x)
	}
}

func (x *number) decode(d *decoder, n *yaml.Node, where string) {
	x.x, x.set = d.number(n, false, where)
}

func (s *shareOf) decode(d *decoder, n *yaml.Node, where string) {
	*s = shareOf(d.word(n, shareOfWords, where))
}

func (o *op) decode(d *decoder, n *yaml.Node, where string) {
	if i := slices.Index(opWords, d.word(n, opWords, where)); i >= 0 {
		*o = ops[i]
	}
}
