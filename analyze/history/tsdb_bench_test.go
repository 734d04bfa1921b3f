//go:build linux

package history

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/crywolf-dev/crywolf/analyze/history/historytest"
	"github.com/stretchr/testify/require"
)

// BenchmarkReadTSDB compares reading 30 days of 2,000 alerts with decoding the
// same chunks with the library.
func BenchmarkReadTSDB(b *testing.B) {
	dir := b.TempDir()
	stats, err := historytest.GenerateBench(dir, 2000, 30, 1)
	require.NoError(b, err)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		for b.Loop() {
			h, err := ReadTSDB(context.Background(), dir, ReadOptions{})
			require.NoError(b, err)
			require.Empty(b, h.Warnings)
			b.ReportMetric(float64(len(h.Episodes)), "episodes")
		}
		b.ReportMetric(float64(stats.Samples), "samples")
		b.ReportMetric(float64(stats.Intervals), "intervals")
	})
	b.Run("decode", func(b *testing.B) {
		defer reportCPU(b)()
		for b.Loop() {
			n, err := historytest.DecodeAll(dir)
			require.NoError(b, err)
			b.ReportMetric(float64(n), "samples")
		}
	})
}

// reportCPU returns a function that reports the processor time since: on a busy
// machine the time that passes says little.
func reportCPU(b *testing.B) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	return func() {
		b.ReportMetric(float64((used()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
	}
}
