package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// seldomHeap is the heap up to which a lint does not collect garbage at all:
	// most are over before that would have been worth it.
	seldomHeap = 255 << 20 // bytes
	// leastRoom is what a larger heap may grow by between two collections. Less
	// costs time, more costs memory.
	leastRoom = 48 << 20 // bytes
	// largeHeap is from where on memory is spared no more: a share as small as
	// below would have most of the time go into collecting.
	largeHeap = 330 << 20 // bytes
)

// collectSeldom sets the pace at which garbage is collected to one that suits a
// command which reads everything, keeps most of it and ends. GOGC in the
// environment has the last word.
func collectSeldom() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(seldomHeap)
	afterCollection()
}

// afterCollection calls pace after the next collection, and every one from
// then on.
func afterCollection() {
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		pace()
		afterCollection()
	})
}

// A sentinel is garbage from the start. It must hold a pointer, or it would
// share its memory with others that live on.
type sentinel struct{ _ *sentinel }

func pace() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	heap := max(1<<20, live[0].Value.Uint64())
	room := max(leastRoom, heap/9)
	if heap+room < seldomHeap {
		room = seldomHeap - heap
	}
	if heap > largeHeap {
		room = heap
	}
	debug.SetMemoryLimit(math.MaxInt64)
	debug.SetGCPercent(int(room * 100 / heap))
}
