package wecomtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

const kf = "wkAccount1"

// clock is a platform clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// platform is a started server with one account.
func platform(t *testing.T, cfg wecomtest.Config) *wecomtest.Server {
	t.Helper()
	srv := wecomtest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	srv.AddAccount(kf, "退役军人服务中心")
	return srv
}

// caller is the least a program needs to speak to the platform.
type caller struct {
	t     *testing.T
	srv   *wecomtest.Server
	http  *http.Client
	token string
}

func newCaller(t *testing.T, srv *wecomtest.Server) *caller {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := &caller{t: t, srv: srv, http: &http.Client{Transport: transport}}
	c.login()
	return c
}

func (c *caller) login() {
	c.t.Helper()
	cfg := c.srv.Config()
	out := c.get("/cgi-bin/gettoken", url.Values{
		"corpid": {cfg.CorpID}, "corpsecret": {cfg.Secret},
	})
	require.Zero(c.t, out.code(), out)
	c.token = out["access_token"].(string)
}

type reply map[string]any

func (r reply) code() int {
	n, _ := r["errcode"].(float64)
	return int(n)
}

func (c *caller) get(path string, q url.Values) reply {
	c.t.Helper()
	out, err := c.do(http.MethodGet, path+"?"+q.Encode(), nil)
	require.NoError(c.t, err)
	return out
}

// post calls with the access token; a string body goes out as it is.
func (c *caller) post(path string, body any) reply {
	c.t.Helper()
	out, err := c.try(path, body)
	require.NoError(c.t, err)
	return out
}

func (c *caller) try(path string, body any) (reply, error) {
	data, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		require.NoError(c.t, err)
		data = string(encoded)
	}
	return c.do(http.MethodPost, path+"?access_token="+c.token, []byte(data))
}

func (c *caller) do(method, target string, body []byte) (reply, error) {
	req, err := http.NewRequestWithContext(
		context.Background(), method, c.srv.URL()+target, bytes.NewReader(body))
	require.NoError(c.t, err)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	out := reply{"status": resp.StatusCode}
	if resp.StatusCode == http.StatusOK {
		require.NoError(c.t, json.Unmarshal(data, &out), string(data))
	}
	return out, nil
}

// text sends a text with a msgid.
func (c *caller) text(to, msgid, text string) reply {
	c.t.Helper()
	return c.post("/cgi-bin/kf/send_msg", map[string]any{
		"touser": to, "open_kfid": kf, "msgid": msgid, "msgtype": "text",
		"text": map[string]any{"content": text},
	})
}

// pull reads an account's log from a cursor to its end.
func (c *caller) pull(cursor string) (messages []map[string]any, next string) {
	c.t.Helper()
	for {
		out := c.post("/cgi-bin/kf/sync_msg", map[string]any{"open_kfid": kf, "cursor": cursor})
		require.Zero(c.t, out.code(), out)
		for _, m := range out["msg_list"].([]any) {
			messages = append(messages, m.(map[string]any))
		}
		cursor = out["next_cursor"].(string)
		if out["has_more"].(float64) == 0 {
			return messages, cursor
		}
	}
}

// program is the receiving end of the callbacks.
type program struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	answer func(n int, w http.ResponseWriter, r *http.Request)
}

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *program) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.bodies = append(p.bodies, string(body))
	n, answer := len(p.bodies), p.answer
	p.mu.Unlock()
	if answer != nil {
		answer(n, w, r)
	}
}

func (p *program) received() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.bodies...)
}

// soon bounds what a test waits for.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
