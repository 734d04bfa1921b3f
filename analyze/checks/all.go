// Package checks is the registry of all checks.
package checks

import (
	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks/actionable"
	"github.com/crywolf-dev/crywolf/analyze/checks/mapped"
	"github.com/crywolf-dev/crywolf/analyze/checks/quiet"
	"github.com/crywolf-dev/crywolf/analyze/checks/sound"
	"github.com/crywolf-dev/crywolf/analyze/checks/unique"
)

// All returns a fresh value of every check, in the documented order: the order
// of the qualities, and within one the order in which findings own points.
func All() []*analyze.Check {
	return []*analyze.Check{
		sound.Syntax(),
		sound.NoRules(),
		sound.AlwaysFires(),
		sound.Template(),
		sound.NoSeries(),
		sound.Suppression(),

		mapped.InvalidSLO(),
		mapped.PageOnCause(),
		mapped.UnmappedPage(),
		mapped.DanglingSLO(),
		mapped.UncoveredSLI(),
		mapped.Budget(),
		mapped.SlowReset(),
		mapped.NoImpact(),
		mapped.MissedBreach(),
		mapped.Late(),

		quiet.AlwaysOn(),
		quiet.NeverFired(),
		quiet.Frequent(),
		quiet.Transient(),
		quiet.Flapping(),
		quiet.Storm(),
		quiet.Nagging(),
		quiet.OffHours(),
		quiet.NoFor(),

		unique.Identical(),
		unique.CoFiring(),
		unique.Cascade(),

		actionable.Severity(),
		actionable.Owner(),
		actionable.Summary(),
		actionable.Runbook(),
		actionable.RunbookPlaceholder(),
		actionable.Faceless(),
		actionable.Ignored(),
		actionable.StaleSilence(),
	}
}
