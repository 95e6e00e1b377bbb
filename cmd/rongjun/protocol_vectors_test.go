package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// foreign is a callback that the npm package @wecom/crypto encrypted and signed for the corporation
// that the stand-in plays by default.
type foreign struct {
	Timestamp string `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Encrypted string `json:"encrypted"`
	Signature string `json:"signature"`
	Plain     string `json:"plain"`
}

// withForeign runs a test on the committed vectors of testdata/callbacks.json and, where Node has the
// package, on ones made anew.
func withForeign(t *testing.T, test func(*testing.T, map[string]foreign)) {
	t.Helper()
	t.Run("committed", func(t *testing.T) {
		t.Parallel()
		data, err := os.ReadFile("testdata/callbacks.json")
		require.NoError(t, err)
		test(t, readForeign(t, data))
	})
	t.Run("made anew", func(t *testing.T) {
		t.Parallel()
		test(t, readForeign(t, freshForeign(t, "testdata/callbacks.mjs")))
	})
}

func readForeign(t *testing.T, data []byte) map[string]foreign {
	t.Helper()
	var all map[string]foreign
	require.NoError(t, json.Unmarshal(data, &all))
	require.GreaterOrEqual(t, len(all), 18)
	return all
}

// freshForeign is what a script prints that makes callbacks with the foreign implementation.
func freshForeign(t *testing.T, script string) []byte {
	t.Helper()
	dir := os.Getenv("RONGJUN_TEST_NODE")
	if dir == "" {
		t.Skip("RONGJUN_TEST_NODE names no folder whose node_modules has @wecom/crypto 1.0.1")
	}
	path, err := filepath.Abs(filepath.Join(dir, "node_modules", "@wecom", "crypto", "lib", "index.mjs"))
	require.NoError(t, err)
	seed := time.Now().Format(time.RFC3339Nano)
	t.Log("seed", seed)
	cmd := exec.CommandContext(t.Context(), "node", script, seed)
	cmd.Env = append(os.Environ(), "WECOM_CRYPTO="+path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	data, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return data
}

// query is what stands in the address of its post.
func (f foreign) query() url.Values {
	return url.Values{
		"msg_signature": {f.Signature}, "timestamp": {f.Timestamp}, "nonce": {f.Nonce},
	}
}

// body is the envelope around its ciphertext.
func (f foreign) body() []byte {
	return []byte("<xml><ToUserName><![CDATA[ww0fa0ce5e57c0de01]]></ToUserName><Encrypt><![CDATA[" +
		f.Encrypted + "]]></Encrypt></xml>")
}

// protocolRig is a running program beside a stand-in platform, its clock movable, its log kept.
type protocolRig struct {
	t   *testing.T
	srv *wecomtest.Server
	p   *Program
	log *noise

	mu  sync.Mutex
	off time.Duration
}

func newProtocolRig(t *testing.T, more ...func(*config.Config)) *protocolRig {
	t.Helper()
	r := &protocolRig{t: t, log: &noise{}}
	r.srv = platform(t, wecomtest.Config{Now: r.now})
	s := settings(t, onPlatform(r.srv))
	for _, change := range more {
		change(&s)
	}
	r.p, _ = runningAs(t, Options{
		Settings: s, Now: r.now,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	return r
}

func (r *protocolRig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Add(r.off)
}

// pass moves the clock of the program and of the platform.
func (r *protocolRig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off += d
}

func (r *protocolRig) callback() string { return r.p.URL() + "/callback/wecom" }

// post sends a body under a query and returns the answer.
func (r *protocolRig) post(query url.Values, body []byte) (status int, answer string) {
	r.t.Helper()
	return r.send(http.MethodPost, r.callback()+"?"+query.Encode(), bytes.NewReader(body))
}

func (r *protocolRig) send(method, target string, body io.Reader) (status int, answer string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, target, body)
	require.NoError(r.t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	require.NoError(r.t, resp.Body.Close())
	return resp.StatusCode, string(text)
}

// pulls is how often the platform was asked for messages.
func (r *protocolRig) pulls() int { return r.srv.Calls("/cgi-bin/kf/sync_msg") }

// settled waits for the pull of the start, lets li ask a question and waits for the answer, after which
// nothing is under way.
func (r *protocolRig) settled() *customer {
	r.t.Helper()
	awaitFirstPull(r.t, r.p)
	r.srv.SetCallback(r.callback())
	li := &customer{Customer: r.srv.Customer("li"), t: r.t}
	li.Say(testAccount, "优待证怎么办理？")
	li.hear("优待证")
	require.NoError(r.t, r.srv.WaitCallbacks(r.t.Context()))
	return li
}

// awaitFirstPull waits for the pull of the start: one that is still under way would read what is to wait
// unread, or count among those of the bells.
func awaitFirstPull(t testing.TB, p *Program) {
	t.Helper()
	require.Eventually(t, func() bool {
		state, err := p.store.PullState(t.Context(), wecom.Name, testAccount)
		return err == nil && state.CaughtUp
	}, patience, 5*time.Millisecond)
}

// heardOnce holds that a customer has had the same number of messages since, after one more question
// has been answered: what came late would stand before that answer.
func (r *protocolRig) heardOnce(li *customer, before int) {
	r.t.Helper()
	require.Len(r.t, li.Received(), before, "nothing was said twice")
	li.Say(testAccount, "谢谢")
	li.hear("不客气")
	assert.Len(r.t, li.Received(), before+1, "nothing was said twice")
}

// committed are the vectors of testdata/callbacks.json.
func committed(t *testing.T) map[string]foreign {
	t.Helper()
	data, err := os.ReadFile("testdata/callbacks.json")
	require.NoError(t, err)
	return readForeign(t, data)
}
