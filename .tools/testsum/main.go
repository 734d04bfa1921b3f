// Command testsum runs "go test -json" with its arguments and prints what a
// reader needs of it: a line per package, failures in full, every skipped test
// with its reason (which go test hides unless all output is asked for), and a
// closing line of counts. It exits with go test's own code.
//
//	go run ./.tools/testsum -race -shuffle=on ./...
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		err = summarize(out, os.Stdout)
		err = errors.Join(err, cmd.Wait())
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
}

// An event is one line of what test2json writes (go doc test2json). Test is
// empty for what a package says outside of its tests.
type event struct{ Action, Package, Test, Output string }

// summarize reads events until they end. Lines that are no events are printed
// as they stand.
func summarize(r io.Reader, w io.Writer) error {
	var (
		output = map[string][]event{} // of the packages that have not ended
		count  = map[string]int{}     // of tests and subtests, by result
		failed = map[string]bool{}    // packages with a failed test
		skips  []string
	)
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		var e event
		if json.Unmarshal([]byte(line), &e) != nil {
			fmt.Fprint(w, line)
		}
		of := output[e.Package]
		switch {
		case e.Action == "build-output":
			fmt.Fprint(w, e.Output)
		case e.Action == "output":
			output[e.Package] = append(of, e)
		case !slices.Contains([]string{"pass", "fail", "skip"}, e.Action):
		case e.Test != "":
			count[e.Action]++
			said := func(o event) bool { return o.Test == e.Test }
			if e.Action == "fail" {
				failed[e.Package] = true
				break
			}
			if e.Action == "skip" {
				skips = append(skips, fmt.Sprintf("  %s %s: %s\n", e.Package, e.Test, reason(of, said)))
			}
			output[e.Package] = slices.DeleteFunc(of, said)
		default:
			if e.Action != "fail" { // the one line that go test prints
				of = of[max(0, len(of)-1):]
			} else if !failed[e.Package] { // a crash, a timeout, no build
				count["fail"]++
			}
			for _, o := range of {
				if !strings.HasPrefix(o.Output, "=== ") { // RUN, PAUSE, CONT, NAME
					fmt.Fprint(w, o.Output)
				}
			}
			delete(output, e.Package)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("reading go test's output: %w", err)
		}
	}
	if slices.Sort(skips); len(skips) > 0 {
		fmt.Fprint(w, "\nskipped:\n", strings.Join(skips, ""))
	}
	_, err := fmt.Fprintf(w, "\n%d passed, %d failed, %d skipped\n", count["pass"], count["fail"], count["skip"])
	return err
}

// reason is what a skipped test said, on one line.
func reason(output []event, said func(event) bool) string {
	var words []string
	for _, o := range output {
		if said(o) && !strings.HasPrefix(o.Output, "=== ") && !strings.Contains(o.Output, "--- SKIP") {
			words = append(words, strings.Fields(o.Output)...)
		}
	}
	return strings.Join(words, " ")
}
