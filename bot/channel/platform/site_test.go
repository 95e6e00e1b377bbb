package platform_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const (
	tokenPath = "/token"
	callPath  = "/call"
	secret    = "top-secret-word"
)

// site is a platform made of one function, with counted calls.
type site struct {
	mu     sync.Mutex
	answer func(r *http.Request) (*http.Response, error)
	counts map[string]int
}

// RoundTrip makes a site a transport, so that whole conversations run on a fake clock.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.counts[r.URL.Path]++
	answer := s.answer
	s.mu.Unlock()
	return answer(r)
}

func (s *site) count(path string) int { s.mu.Lock(); defer s.mu.Unlock(); return s.counts[path] }

func (s *site) set(answer func(r *http.Request) (*http.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func says(body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func code(n int) (*http.Response, error) { return says(fmt.Sprintf(`{"errcode":%d}`, n)) }

var table = map[int]platform.Act{
	40001: {Class: platform.ClassSecret, Meaning: "密钥不对"},
	40014: {Class: platform.ClassToken, Meaning: "令牌无效"},
	45009: {Class: platform.ClassBackOff, Meaning: "太频繁"},
	45033: {Class: platform.ClassCrowded, Meaning: "太多同时"},
}

func options(base string) platform.Options {
	return platform.Options{
		Channel: "test", APIBase: base, Codes: table, Now: time.Now, Rand: rand.Reader,
		PerMinute: map[string]int{"/rare": 3},
		FetchToken: func(ctx context.Context, c *platform.Client) (string, time.Duration, error) {
			var out struct {
				Token string `json:"access_token"`
			}
			call := platform.Call{Path: tokenPath, Query: url.Values{"secret": {secret}}}
			if err := c.Bare(ctx, call, &out); err != nil {
				return "", 0, err
			}
			return out.Token, 2 * time.Hour, nil
		},
	}
}

// newSite gives tokens t1, t2, … and answers every call with ok.
func newSite() (*site, *platform.Client) {
	s := &site{counts: make(map[string]int)}
	var n atomic.Int64
	s.answer = func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == tokenPath {
			return says(fmt.Sprintf(`{"access_token":"t%d"}`, n.Add(1)))
		}
		return says(`{"errcode":0}`)
	}
	o := options("http://platform.test")
	o.Transport = s
	return s, platform.New(o)
}

func call(ctx context.Context, c *platform.Client, path string) error {
	var out struct{}
	return c.Post(ctx, path, map[string]string{"a": "b"}, &out)
}

func afterOf(t *testing.T, err error) time.Duration {
	t.Helper()
	e, ok := errors.AsType[*bot.SendError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, bot.ClassRetry, e.Class)
	return e.After
}
