package analyze

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/rules"
)

// Options of a run.
type Options struct {
	Checks []*Check // from the registry, in its order

	// Known are the ids of all checks there are, of which Checks may be a
	// choice: a suppression of one that was not chosen is no mistake. Checks
	// are known in any case.
	Known []string

	// Now decides which suppressions have expired; zero is the clock's.
	Now time.Time
}

// A Result is all a run found.
type Result struct {
	*Facts
	Checks     []*Check // those that ran
	Skipped    []*Check // those whose needs were not met
	Findings   []Finding
	Suppressed []Finding
	Known      []Finding // set aside, see SetAside; they cost points
}

// Run judges the facts with every check whose needs they meet. Findings come
// in order of file, place, check and key, the same whatever order the work was
// done in.
func Run(ctx context.Context, facts *Facts, opts Options) (*Result, error) {
	res := &Result{Facts: facts}
	for _, c := range opts.Checks {
		if c.Needs&NeedsHistory != 0 && facts.History == nil || c.Needs&NeedsSamples != 0 && facts.Impact == nil {
			res.Skipped = append(res.Skipped, c)
			continue
		}
		res.Checks = append(res.Checks, c)
	}
	ran := map[string]bool{}
	for _, id := range opts.Known {
		ran[id] = false
	}
	for _, c := range res.Checks {
		ran[c.ID] = true
	}
	for _, c := range res.Skipped {
		ran[c.ID] = false
	}

	passes, err := runChecks(ctx, facts, res.Checks, ran)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	var settled []settlement
	for _, p := range passes {
		findings = append(findings, p.findings...)
		settled = append(settled, p.settled...)
	}
	findings = settle(findings, settled)

	var all []*Suppression
	for _, f := range facts.Set.Files {
		all = append(all, suppressionsOf(f)...)
	}
	now := opts.Now
	if now.IsZero() {
		now = time.Now()
	}
	suppress(findings, all, now)
	for _, c := range res.Checks {
		if c.Last {
			p := &Pass{Facts: facts, check: c, alerts: facts.Alerts, files: facts.Set.Files, suppressions: all, ran: ran, now: now}
			p.checks, p.reported = res.Checks, findings
			c.Run(p)
			findings = append(findings, p.findings...)
		}
	}
	identify(facts, findings)
	order(findings)
	pointToSources(findings)
	tryFixes(findings)
	for _, f := range findings {
		if f.Suppressed != nil {
			res.Suppressed = append(res.Suppressed, f)
		} else {
			res.Findings = append(res.Findings, f)
		}
	}
	return res, nil
}

// settle lets measurements answer what static checks guessed.
func settle(findings []Finding, settled []settlement) []Finding {
	type key struct {
		check string
		rule  *rules.Rule
	}
	answers := map[key]bool{} // to: was it clean?
	for _, s := range settled {
		answers[key{s.check, s.rule}] = s.clean
	}
	kept := findings[:0]
	for _, f := range findings {
		clean, settled := answers[key{f.Check, f.Rule}]
		if settled && clean {
			continue
		}
		if settled {
			f.Points = 0
		}
		kept = append(kept, f)
	}
	return kept
}

// identify gives every finding its fingerprint. Findings that would share one
// are told apart by their order in the file.
func identify(facts *Facts, findings []Finding) {
	order(findings)
	seen := map[string]int{}
	for i := range findings {
		f := &findings[i]
		print := fingerprint(f, facts.subject(f, false))
		n := seen[print]
		seen[print]++
		if n > 0 {
			print = digest(print, fmt.Sprint(n))
		}
		f.Fingerprint = print
	}
}

func order(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return compareFindings(&a, &b) })
}

func compareFindings(a, b *Finding) int {
	return cmp.Or(
		strings.Compare(pathOf(a), pathOf(b)),
		cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset),
		cmp.Compare(rankOf(a.Quality()), rankOf(b.Quality())),
		strings.Compare(a.Check, b.Check),
		strings.Compare(a.Key, b.Key),
		strings.Compare(a.Message, b.Message),
	)
}

// pointToSources says of findings in generated files where a change belongs: in
// the file it would be gone the next time it is generated.
func pointToSources(findings []Finding) {
	for i := range findings {
		f := &findings[i]
		source := ""
		switch {
		case f.Rule != nil:
			source = f.Rule.Source()
		case f.File != nil && f.File.Origin != nil:
			source = f.File.Origin.String()
		}
		if source != "" {
			f.Advice = strings.TrimPrefix(strings.TrimSuffix(f.Advice, ".")+"; make the change in "+source, "; ")
		}
	}
}

func rankOf(q Quality) int { return slices.Index(Qualities(), q) }

func pathOf(f *Finding) string {
	if f.File == nil {
		return ""
	}
	return f.File.Path
}
