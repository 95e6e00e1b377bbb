package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

var build struct {
	sync.Once
	file string
	err  error
}

// binary builds the program once for all tests of this package.
func binary(t testing.TB) string {
	t.Helper()
	build.Do(func() {
		dir, err := os.MkdirTemp("", "rongjun-test-")
		if err != nil {
			build.err = err
			return
		}
		build.file = filepath.Join(dir, "rongjun")
		out, err := exec.Command("go", "build", "-o", build.file, ".").CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	require.NoError(t, build.err)
	return build.file
}

// process is the built program, running.
type process struct {
	cmd *exec.Cmd
	out *lines
}

// lines keeps what a process prints and tells when a line with certain words has come.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
	come chan struct{}
}

func (l *lines) read(r io.Reader) {
	s := bufio.NewScanner(r)
	for s.Scan() {
		_, _ = l.Write([]byte(s.Text() + "\n"))
	}
}

// Write takes what is printed.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	close(l.come)
	l.come = make(chan struct{})
	return len(p), nil
}

func (l *lines) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.text.String() }

// await waits for the words and returns all that was printed.
func (l *lines) await(t testing.TB, words string) string {
	t.Helper()
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		text, come := l.text.String(), l.come
		l.mu.Unlock()
		if strings.Contains(text, words) {
			return text
		}
		select {
		case <-come:
		case <-deadline:
			t.Fatalf("%q was never printed, only:\n%s", words, text)
		}
	}
}

// launch starts the program with settings from the environment alone.
func launch(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary(t), args...), out: &lines{come: make(chan struct{})}}
	p.cmd.Env = append(env, "HOME="+t.TempDir(), "PATH="+os.Getenv("PATH"))
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	require.NoError(t, p.cmd.Start())
	require.NoError(t, writer.Close())
	go func() { p.out.read(reader); _ = reader.Close() }()
	t.Cleanup(func() { p.kill() })
	return p
}

// kill ends the process as a power failure would end it for the program.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// stop ends it as an operator does, and returns its exit code.
func (p *process) stop(t testing.TB) int {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	ended := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatalf("did not end after SIGTERM:\n%s", p.out)
	}
	return p.cmd.ProcessState.ExitCode()
}

// freePort is a port that nobody listens on now.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// environment is the same for a process of its own.
func environment(srv *wecomtest.Server, more ...string) []string {
	cfg := srv.Config()
	return append([]string{
		"RONGJUN_WECOM_CORP_ID=" + cfg.CorpID, "RONGJUN_WECOM_AGENT_ID=" + cfg.AgentID,
		"RONGJUN_WECOM_SECRET=" + cfg.Secret, "RONGJUN_WECOM_TOKEN=" + cfg.Token,
		"RONGJUN_WECOM_AES_KEY=" + cfg.AESKey, "RONGJUN_WECOM_API_BASE=" + srv.URL(),
		"RONGJUN_SAMPLE=true",
	}, more...)
}
