package history

import (
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/rules"
)

func TestEpisodesOf(t *testing.T) {
	file := rules.Parse("a.yaml", []byte(`groups:
- name: a
  rules:
  - {alert: Mine, expr: up == 0}
  - {alert: Either, expr: up == 0}
  - {alert: Either, expr: up < 1}
  - {alert: Never, expr: up == 2}
`), rules.Options{Named: true})
	rs := rules.NewSet([]*rules.File{file}).Alerts()
	require.Len(t, rs, 4)
	h := &History{
		Instances: []labels.Labels{
			labels.FromStrings("alertname", "Either", "job", "a"),
			labels.FromStrings("alertname", "Mine", "job", "a"),
			labels.FromStrings("alertname", "Mine", "job", "b"),
			labels.FromStrings("alertname", "Other"),
		},
		Coverage: Coverage{Window: Interval{0, 100}},
	}
	for i, n := range []int{2, 1, 3, 1} {
		for k := range n {
			h.Episodes = append(h.Episodes, Episode{Instance: int32(i), ActiveAt: int64(10 * k), FiredAt: int64(10 * k), EndedAt: int64(10*k + 5)})
		}
	}
	r := NewReview(rs, h, ProbesOf(nil))
	own, doubtful := r.EpisodesOf(rs[0])
	require.Equal(t, h.Episodes[2:6], own)
	require.Empty(t, doubtful)
	for _, either := range rs[1:3] {
		own, doubtful = r.EpisodesOf(either)
		require.Empty(t, own)
		require.Equal(t, h.Episodes[:2], doubtful)
	}
	own, doubtful = r.EpisodesOf(rs[3])
	require.Empty(t, own)
	require.Empty(t, doubtful)
}

// Where no source looked at series, why an alert did not fire is not known,
// unless some episodes may be its own.
func TestSilenceUnseen(t *testing.T) {
	file := rules.Parse("rules.yaml", []byte(`groups:
- name: shop
  rules:
  - {alert: Fires, expr: up == 0}
  - {alert: Never, expr: up == 2}
`), rules.Options{Named: true})
	rs := rules.NewSet([]*rules.File{file}).Alerts()
	for knows, want := range map[Knows]Silence{KnowsNotifications: Unseen, KnowsNotifications | KnowsPending: Quiet} {
		h := &History{
			Knows: knows, Coverage: Coverage{Window: Interval{0, 100}},
			Instances: []labels.Labels{labels.FromStrings("alertname", "Fires", "job", "a")},
			Episodes:  []Episode{{ActiveAt: 10, FiredAt: 10, EndedAt: 20}},
		}
		r := NewReview(rs, h, ProbesOf(rs))
		for i, want := range []Silence{Fired, want} {
			got, _ := r.Silence(rs[i], nil)
			require.Equal(t, want, got)
		}
	}
}
