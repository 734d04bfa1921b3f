package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// seldomLimit is the heap up to which a lint does not collect garbage at all.
const seldomLimit = 200 << 20 // bytes

// collectSeldom lets a heap grow before the garbage in it is collected: most
// lints are over before that would have been worth it. GOGC in the environment
// has the last word.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(-1)
		debug.SetMemoryLimit(seldomLimit)
	}
}

// collectAsUsual undoes it for a heap that is close to the limit, which would
// otherwise be collected all the time.
func collectAsUsual() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if os.Getenv("GOGC") == "" && m.HeapAlloc > seldomLimit/2 {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}
}
