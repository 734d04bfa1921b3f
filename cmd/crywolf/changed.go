package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/rules"
	"github.com/crywolf-dev/crywolf/rules/revision"
)

// splitChanged has rules that changed within the window judged by what they are
// now, where their files lie in a git repository. Hints say where that could
// not be found out.
func splitChanged(ctx context.Context, names *naming, past *history.Review, set *rules.Set) (hints []string) {
	byTop := map[string][]*rules.File{}
	for _, f := range set.Files {
		if top := names.place(f.Path).top; top != "" {
			byTop[top] = append(byTop[top], f)
		}
	}
	w := past.Coverage.Window
	changes := map[*rules.Rule]int64{}
	for _, top := range slices.Sorted(maps.Keys(byTop)) {
		place := func(path string) (string, bool) {
			l := names.place(path)
			return names.name(path), l.top == top
		}
		found, err := revision.Changes(ctx, top, byTop[top], place, time.UnixMilli(w.Start), rules.Options{})
		if err != nil {
			hints = append(hints, fmt.Sprintf("whether rules changed within the window is not known, so that each is judged by all of it: %v", err))
			continue
		}
		for r, c := range found {
			at := w.End
			if c.Committed() {
				at = min(at, c.At.UnixMilli())
			}
			changes[r] = at
		}
	}
	past.Split(changes)
	return hints
}
