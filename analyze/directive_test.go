package analyze

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

func TestDirective(t *testing.T) {
	for _, tt := range []struct{ text, bad, write string }{
		{"crywolf disable quiet/no-for: why", "", ""},
		{"crywolf disable quiet/no-for, quiet unique/identical: why", "", ""},
		{"crywolf disable-file sound until 2027-01-31: why", "", ""},
		{"crywolf disable quiet/no-for", "", ""}, // without a reason, which has a finding of its own
		{"crywolf disable", "names no check", "crywolf disable quality/name: reason"},
		{"crywolf disable-group: why", "names no check", "crywolf disable-group quality/name: reason"},
		{"crywolf disable quiet/no-for until tomorrow: why", "not a day", "crywolf disable quiet/no-for until 2027-01-31: why"},
		{"crywolf disable until 2027-01-31: why", "names no check", "crywolf disable quality/name: reason"},
		{"crywolf: disable-file quiet, unique: why", "looks like", "crywolf disable-file quiet, unique: why"},
		{"crywolf:disable quiet/no-for until 2027-01-31: why", "looks like", "crywolf disable quiet/no-for until 2027-01-31: why"},
		{"CRYWOLF disable", "looks like", "crywolf disable quality/name: reason"},
		{"crywolf_disable quiet/no-for: why", "looks like", "crywolf disable quiet/no-for: why"},
		{"crywolf disable_group quiet/no-for: why", "looks like", "crywolf disable-group quiet/no-for: why"},
		{"crywolf disable-next-line quiet/no-for", "looks like", "crywolf disable quiet/no-for: reason"},
		{"crywolf ignore-file", "looks like", "crywolf disable-file quality/name: reason"},
		{"crywolf nolint quiet/no-for", "looks like", "crywolf disable quiet/no-for: reason"},
		{"crywolf idsable quiet/no-for: why", "looks like", "crywolf disable quiet/no-for: why"},
	} {
		s := directive(tt.text)
		if s == nil {
			t.Errorf("%q is taken for no directive", tt.text)
			continue
		}
		if (tt.bad == "") != (s.Bad == "") || !strings.Contains(s.Bad, tt.bad) || s.Write != tt.write {
			t.Errorf("%q: bad %q, write %q", tt.text, s.Bad, s.Write)
		}
	}
	for _, prose := range []string{
		"crywolf", "crywolf is a linter", "crywolf disables nothing here", "crywolf disabled quiet/no-for: it was wrong",
		"crywolf skip list: see the wiki", "crywolf allow-lists are kept elsewhere", "crywolf: see quiet/no-for",
		"crywolf disable comments are explained elsewhere", "crywolf finds quiet/no-for here", "crywolf quiet/no-for",
		"see crywolf disable quiet/no-for: x", "crywolfs disable quiet/no-for: x", "pint disable promql/series",
		"crywolf disable " + strings.Repeat("quiet/no-for, ", 1000) + ": a reason", "crywolf disable-rules-by-label quiet: x",
	} {
		if s := directive(prose); s != nil {
			t.Errorf("%q is taken for a directive: %q", prose, s.Bad)
		}
	}
}

// TestExpired: the last day belongs to the suppression, by UTC.
func TestExpired(t *testing.T) {
	s := directive("crywolf disable quiet/no-for until 2027-01-31: why")
	for now, want := range map[string]bool{
		"2027-01-30T00:00:00Z":      false,
		"2027-01-31T23:59:59Z":      false,
		"2027-02-01T00:00:00Z":      true,
		"2027-02-01T01:00:00+02:00": false,
		"2027-01-31T23:00:00-02:00": true,
	} {
		at, err := time.Parse(time.RFC3339, now)
		require.NoError(t, err)
		require.Equal(t, want, s.Expired(at), now)
	}
	require.False(t, directive("crywolf disable quiet/no-for: why").Expired(time.Now()))
}

// FuzzSuppression: no comment makes the reader panic, no directive stands
// outside of its file, and what is said to be written instead is well-formed.
func FuzzSuppression(f *testing.F) {
	for _, s := range []string{
		"crywolf disable quiet/no-for: why", "crywolf disable-group quiet until 2027-01-31: why", "crywolf: ignore this",
		"crywolf disabel quiet/no-for", "crywolf disable until until: x", "crywolf disable , ,", "crywolf-off",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		src := "groups: # " + comment + "\n# " + comment + "\n- name: g\n  rules:\n  - alert: A # " + comment + "\n    expr: up == 0 #" + comment
		file := rules.Parse("fuzz.yml", []byte(src), rules.Options{Named: true})
		for _, s := range suppressionsOf(file) {
			if at := s.Comment.Span; at.Start.Offset >= at.End.Offset || at.End.Offset > len(src) {
				t.Fatalf("%q stands at %+v", comment, at)
			}
			if (s.Bad == "") != (s.Write == "") {
				t.Fatalf("%q: bad %q, write %q", comment, s.Bad, s.Write)
			}
			if s.Write == "" {
				continue
			}
			if better := directive(s.Write); len(s.Write) <= maxDirective && (better == nil || better.Bad != "") {
				t.Fatalf("%q: what to write instead, %q, is no directive", comment, s.Write)
			}
		}
	})
}
