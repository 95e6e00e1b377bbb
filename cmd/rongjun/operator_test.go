package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// operator runs commands as the command line does, in this process.
type operator struct {
	t testing.TB
	// settings are the environment.
	settings map[string]string
	stdin    string
}

// newOperator has a data folder that is not there yet, and listens on any free port.
func newOperator(t testing.TB) *operator {
	return &operator{t: t, settings: map[string]string{
		"RONGJUN_DATA": t.TempDir() + "/data", "RONGJUN_LISTEN": "127.0.0.1:0",
		"RONGJUN_TURN_QUIET": "30ms",
	}}
}

func (o *operator) data() string { return o.settings["RONGJUN_DATA"] }

func (o *operator) lookup(name string) (string, bool) {
	v, ok := o.settings[name]
	return v, ok
}

// done is what a command left behind.
type done struct {
	code     int
	out, err string
}

func (o *operator) runs(args ...string) done {
	o.t.Helper()
	var out, err bytes.Buffer
	w := world{in: strings.NewReader(o.stdin), out: &out, err: &err, lookup: o.lookup}
	code := run(o.t.Context(), args, w)
	return done{code, out.String(), err.String()}
}

// succeeds runs a command that must work and returns what it printed.
func (o *operator) succeeds(args ...string) string {
	o.t.Helper()
	d := o.runs(args...)
	require.Equal(o.t, exitDone, d.code, d.err)
	assert.Empty(o.t, d.err)
	return d.out
}

// fails runs a command that must end with exit code 1 and one Chinese sentence, which it returns.
func (o *operator) fails(args ...string) string {
	o.t.Helper()
	d := o.runs(args...)
	require.Equal(o.t, exitFault, d.code, d.out)
	assert.Empty(o.t, d.out)
	return oneSentence(o.t, d.err)
}

// oneSentence holds what was printed to one line in Chinese, without the ends of our own errors.
func oneSentence(t testing.TB, printed string) string {
	t.Helper()
	assert.Equal(t, 1, strings.Count(printed, "\n"), printed)
	assert.Regexp(t, `\p{Han}{3}`, printed)
	assert.NotContains(t, printed, "出错了", "a fault without words of its own")
	return strings.TrimSpace(printed)
}

// serving is the command serve, running in this process.
type serving struct {
	*operator
	// url is where it listens, password the one-time password of a first start.
	url, password string
	printed       *lines
	// end stops it as SIGTERM does and returns the exit code.
	end func() int
}

func (o *operator) serves(t *testing.T, args ...string) *serving {
	t.Helper()
	out := &lines{come: make(chan struct{})}
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		w := world{out: out, err: &log, lookup: o.lookup}
		code := run(ctx, append([]string{"serve"}, args...), w)
		_, _ = out.Write([]byte("serve ended: " + log.String() + "\n"))
		ended <- code
	}()
	s := &serving{operator: o, printed: out}
	s.end = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() { assert.Equal(t, exitDone, s.end()) })
	text := out.await(t, "/desk\n")
	s.url = between(text, "网页咨询　", "/\n")
	s.password = between(text, "密码　", "\n")
	return s
}

// between is what stands between two texts, empty where they do not stand.
func between(text, before, after string) string {
	_, text, ok := strings.Cut(text, before)
	if !ok {
		return ""
	}
	text, _, _ = strings.Cut(text, after)
	return text
}
