package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/crywolf-dev/crywolf/analyze"
)

// human writes a length of time the way people say it: 45s, 4m30s, 12m, 3h05m,
// 2d, 2d04h, 29d. The longer, the coarser.
func human(seconds float64) string {
	s := int64(math.Round(seconds))
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	switch {
	case s < minute:
		return fmt.Sprintf("%ds", s)
	case s < 10*minute && s%minute != 0:
		return fmt.Sprintf("%dm%02ds", s/minute, s%minute)
	}
	m := (s + minute/2) / minute * minute
	switch {
	case m < hour:
		return fmt.Sprintf("%dm", m/minute)
	case m < day && m%hour == 0:
		return fmt.Sprintf("%dh", m/hour)
	case m < day:
		return fmt.Sprintf("%dh%02dm", m/hour, m%hour/minute)
	}
	h := (s + hour/2) / hour * hour
	if h%day == 0 || h >= 10*day {
		return fmt.Sprintf("%dd", (h+day/2)/day)
	}
	return fmt.Sprintf("%dd%02dh", h/day, h%day/hour)
}

// percent writes a share of 1. What is not all and not nothing is never
// written as such.
func percent(share float64) string {
	p := math.Round(share * 100)
	switch {
	case p == 0 && share > 0:
		return "<1%"
	case p == 100 && share < 1:
		return ">99%"
	}
	return fmt.Sprintf("%.0f%%", p)
}

// finePercent is percent with what it takes to tell small shares apart, such as
// error budgets.
func finePercent(share float64) string {
	if share >= 0.0001 && share < 0.1 {
		return fmt.Sprintf("%.2g%%", share*100)
	}
	return percent(share)
}

// rate writes a number of firings a week, with one decimal.
func rate(perWeek float64) string {
	if perWeek > 0 && perWeek < 0.05 {
		return "<0.1"
	}
	s := fmt.Sprintf("%.1f", perWeek)
	whole, decimal, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + "." + decimal
}

// moment writes Unix milliseconds to the minute, in UTC.
func moment(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04") }

// unitEndings are what the names of evidence end in, and how such numbers are
// written.
var unitEndings = []struct {
	ending string
	write  func(float64) string
}{
	{"_seconds", human},
	{"_ratio", finePercent},
	{"_per_week", func(v float64) string { return rate(v) + " a week" }},
	{"_count", func(v float64) string { return thousands(int(v)) }},
}

// numbers writes evidence out: "outbreaks 14.8 a week, budget 2.0 a week".
func numbers(evidence []analyze.Number) string {
	var parts []string
	for _, n := range evidence {
		name, value := n.Name, fmt.Sprintf("%.4g", n.Value)
		for _, u := range unitEndings {
			if short, ok := strings.CutSuffix(n.Name, u.ending); ok {
				name, value = short, u.write(n.Value)
				break
			}
		}
		parts = append(parts, strings.ReplaceAll(name, "_", " ")+" "+value)
	}
	return strings.Join(parts, ", ")
}
