package main

import (
	"context"
	"time"
)

// stopWithin is how long a command that was told to stop may take to do so.
const stopWithin = 500 * time.Millisecond

// abandon calls end when the context is done and the command does not return
// within a moment: not everything that takes long asks the context. Files are
// replaced as a whole, so that none is left half-written. The command calls
// the returned function when it returns.
func abandon(ctx context.Context, within time.Duration, end func()) (returned func()) {
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		select {
		case <-done:
		case <-time.After(within):
			end()
		}
	}()
	return func() { close(done) }
}
