package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress shows on stderr how far long work is, where somebody may be
// looking: on a terminal, and once a second of it has passed.
type progress struct {
	out   io.Writer // nil where nothing is shown
	begun time.Time
	bar   *progressbar.ProgressBar
	of    string
}

// shownAfter is how long work goes on unseen: what is over within a second
// would only flicker.
const shownAfter = time.Second

func newProgress(errs io.Writer) *progress {
	p := &progress{begun: time.Now()}
	if file, ok := errs.(*os.File); ok && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb" {
		p.out = errs
	}
	return p
}

// part is told how much of a part of the work is done.
func (p *progress) part(what string, done, total int) {
	if p.out == nil || total == 0 || p.bar == nil && time.Since(p.begun) < shownAfter {
		return
	}
	if p.bar == nil || p.of != what {
		p.done()
		p.of = what
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription("reading "+what),
			progressbar.OptionSetWidth(20), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(false))
	}
	p.bar.ChangeMax(total)
	_ = p.bar.Set(done) // a terminal that is gone costs nothing else
}

// done takes the bar off the screen.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}
