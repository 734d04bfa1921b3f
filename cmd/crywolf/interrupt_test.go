package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A command that does not stop when told to is ended, a second later at most;
// one that does, or that nobody tells to, is not.
func TestAbandon(t *testing.T) {
	for _, tt := range []struct {
		name    string
		told    bool
		returns time.Duration
		ended   bool
	}{
		{"takes no notice", true, time.Hour, true},
		{"stops in time", true, 100 * time.Millisecond, false},
		{"takes long, as it may", false, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				begun, ended := time.Now(), time.Duration(0)
				returned := abandon(ctx, stopWithin, func() { ended = time.Since(begun) })
				if tt.told {
					cancel()
				}
				time.Sleep(tt.returns)
				returned()
				synctest.Wait()
				require.Equal(t, tt.ended, ended > 0)
				require.LessOrEqual(t, ended, time.Second)
			})
		})
	}
}
