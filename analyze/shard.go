package analyze

import (
	"context"
	"runtime"
	"slices"

	"github.com/grafana/dskit/concurrency"
)

// shard is how many alerts one job judges: enough that jobs cost nothing, few
// enough that two cores share the work.
const shard = 128

// runChecks runs all checks but those that come last, and returns their passes
// in the order of the checks. Those that look at one alert at a time go first,
// shard by shard, all of them over one before the next: in a large set an
// expression may have to be parsed again for it, and does not stay in memory.
func runChecks(ctx context.Context, facts *Facts, checks []*Check, ran map[string]bool) ([]*Pass, error) {
	parts := slices.Collect(slices.Chunk(facts.Alerts, shard))
	passes := make([][]*Pass, len(checks))
	var whole []*Pass
	for i, c := range checks {
		switch {
		case c.Last:
		case c.Whole:
			p := &Pass{Facts: facts, check: c, alerts: facts.Alerts, files: facts.Set.Files, ran: ran}
			passes[i], whole = []*Pass{p}, append(whole, p)
		default:
			for _, part := range parts {
				passes[i] = append(passes[i], &Pass{Facts: facts, check: c, alerts: part, ran: ran})
			}
		}
	}
	err := concurrency.ForEachJob(ctx, len(parts), runtime.GOMAXPROCS(0), func(_ context.Context, n int) error {
		for _, a := range parts[n] {
			a.Rule.Hold()
			defer a.Rule.Release()
		}
		for i, c := range checks {
			if !c.Last && !c.Whole {
				c.Run(passes[i][n])
			}
		}
		if len(whole) > 0 { // some compare what alerts mean, and ask what they are about
			for _, a := range parts[n] {
				a.Meaning()
				facts.findMatches(a)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = concurrency.ForEachJob(ctx, len(whole), runtime.GOMAXPROCS(0), func(_ context.Context, i int) error {
		whole[i].check.Run(whole[i])
		return nil
	})
	return slices.Concat(passes...), err
}

// eachShard hands the alerts out in parts, to as many workers as there are
// processors.
func eachShard(alerts []*Alert, work func(part []*Alert)) {
	parts := slices.Collect(slices.Chunk(alerts, shard))
	// Neither the context nor the work can fail.
	_ = concurrency.ForEachJob(context.Background(), len(parts), runtime.GOMAXPROCS(0), func(_ context.Context, i int) error {
		work(parts[i])
		return nil
	})
}
