package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A Process is a server that a test runs, on loopback.
type Process struct {
	t     testing.TB
	name  string
	path  string
	args  []string
	log   string
	ready string // URL that answers 200 once the server is ready
	cmd   *exec.Cmd
	done  chan struct{}
}

const (
	readyWithin = 2 * time.Minute
	stopWithin  = 20 * time.Second
)

// newProcess describes a server of bin/; it is ended with the test at the latest.
func newProcess(t testing.TB, dir, name, binary, ready string, args ...string) *Process {
	path, err := filepath.Abs(filepath.Join("..", "bin", binary))
	require.NoError(t, err)
	require.FileExists(t, path, "`make e2e` builds it")
	p := &Process{t: t, name: name, path: path, args: args, log: filepath.Join(dir, name+".log"), ready: ready}
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// Start runs the server; what it says goes to the end of its log.
func (p *Process) Start() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	require.NoError(p.t, err)
	defer log.Close()
	p.cmd = exec.Command(p.path, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Dir, p.cmd.SysProcAttr = filepath.Dir(p.log), orphaned()
	require.NoError(p.t, p.cmd.Start(), p.name)
	done, cmd := make(chan struct{}), p.cmd
	p.done = done
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
}

// Await returns once the server is ready.
func (p *Process) Await() {
	p.t.Helper()
	for end := time.Now().Add(readyWithin); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		select {
		case <-p.done:
			p.t.Fatalf("%s has ended by itself:\n%s", p.name, p.lastWords())
		default:
		}
		if code, _, err := get(p.ready, nil); err == nil && code == http.StatusOK {
			return
		}
	}
	p.t.Fatalf("%s was not ready at %s within %v:\n%s", p.name, p.ready, readyWithin, p.lastWords())
}

// Stop ends the server in good order, Kill as a crash would.
func (p *Process) Stop() { p.end(syscall.SIGTERM) }
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

func (p *Process) end(signal os.Signal) {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(signal)
	select {
	case <-p.done:
	case <-time.After(stopWithin):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	p.cmd = nil
}

func (p *Process) lastWords() string {
	text, _ := os.ReadFile(p.log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// freeAddress is a loopback address that nothing listens on.
func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// get asks a server, as a tenant where header says so.
func get(url string, header http.Header) (int, []byte, error) {
	return do(http.MethodGet, url, header, nil)
}

func do(method, url string, header http.Header, body io.Reader) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, nil, err
	}
	if req.Header = header; header == nil {
		req.Header = http.Header{}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	const most = 64 << 20
	text, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", method, url, err)
	}
	return resp.StatusCode, text, nil
}
