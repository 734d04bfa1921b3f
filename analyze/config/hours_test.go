package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/noise"
)

func hoursOf(t *testing.T, text string) *noise.Hours {
	t.Helper()
	c, err := config.Parse(".crywolf.yaml", []byte(text), checks.All())
	require.NoError(t, err)
	return c.Settings().Hours
}

func TestHours(t *testing.T) {
	h := hoursOf(t, full)
	require.Equal(t, "Europe/Berlin", h.Location.String())
	require.Equal(t, 7*time.Hour+30*time.Minute, h.ShiftStart)
	band := func(text string) noise.Band {
		at, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return h.Band(at.UnixMilli())
	}
	require.Equal(t, noise.Business, band("2026-11-22T08:00:00Z"), "Sunday at nine")
	require.Equal(t, noise.Off, band("2026-11-24T08:00:00Z"), "Tuesday")
	require.Equal(t, noise.Sleep, band("2026-11-24T22:30:00Z"))
	require.Equal(t, noise.Off, band("2026-11-24T21:30:00Z"))

	require.Nil(t, hoursOf(t, "paths: [.]"))
	want := noise.DefaultHours()
	require.Equal(t, &want, hoursOf(t, "hours: {}"))
	want.Business[time.Monday], want.Business[time.Friday] = noise.Span{}, noise.Span{}
	require.Equal(t, &want, hoursOf(t, "hours: {business_days: [tue, wed, thu]}"))
}
