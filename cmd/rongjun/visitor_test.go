package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visitor is a person with a browser, without the browser.
type visitor struct {
	t    testing.TB
	url  string
	http *http.Client
}

func newVisitor(t testing.TB, url string) *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	v := &visitor{t: t, url: url, http: &http.Client{
		Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(v.http.CloseIdleConnections)
	return v
}

// at is the same person at another port, as after a restart; cookies do not know ports.
func (v *visitor) at(url string) *visitor {
	other := newVisitor(v.t, url)
	other.http.Jar = v.http.Jar
	return other
}

// reply is an answer over HTTP, read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

func (v *visitor) do(r *http.Request) reply {
	v.t.Helper()
	resp, err := v.http.Do(r)
	require.NoError(v.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(v.t, err)
	return reply{resp.StatusCode, resp.Header, string(body)}
}

func (v *visitor) get(path string) reply {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	require.NoError(v.t, err)
	r.Header.Set("Accept", "text/html")
	return v.do(r)
}

func (v *visitor) submit(path string, fields url.Values) reply {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path,
		strings.NewReader(fields.Encode()))
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	return v.do(r)
}

// signIn signs a member of staff in and returns where the browser is sent.
func (v *visitor) signIn(name, password string) reply {
	v.t.Helper()
	return v.submit("/desk/signin", url.Values{"name": {name}, "password": {password}})
}

// call makes a call of staff with a token.
func (v *visitor) call(method, path, token string) reply {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, nil)
	require.NoError(v.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	return v.do(r)
}

func (v *visitor) post(text, clientID string) reply {
	v.t.Helper()
	body, err := json.Marshal(map[string]string{"text": text, "client_id": clientID})
	require.NoError(v.t, err)
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+"/chat/messages",
		bytes.NewReader(body))
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", "application/json")
	return v.do(r)
}

// say posts a text that must be accepted.
func (v *visitor) say(text string) {
	v.t.Helper()
	got := v.post(text, fmt.Sprintf("c%d", time.Now().UnixNano()))
	require.Equal(v.t, http.StatusAccepted, got.status, got.body)
}

// line is a message as the page receives it.
type line struct {
	// place is the id of the event, for resuming.
	place                string
	ID, From, Text, Time string
	Sources              []struct{ Title, Article string }
	Replies              []struct{ ID, Text string }
	Media                *struct{ Show, URL, Text string }
	Items                []struct{ Kind, Text, Note, URL string }
}

// cites reports whether the reply names a source, as "《title》article".
func (l line) cites(source string) bool {
	for _, s := range l.Sources {
		if strings.HasPrefix(s.Title+s.Article, source) {
			return true
		}
	}
	return false
}

// stream is an open page: lines come in until it ends.
type stream struct {
	t     testing.TB
	lines chan line
	// ended is closed when the server or the page has ended the stream.
	ended chan struct{}
	close func()
}

// watch opens the page's stream behind a place; empty for the last messages.
func (v *visitor) watch(after string) *stream {
	v.t.Helper()
	ctx, cancel := context.WithCancel(v.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/chat/events", nil)
	require.NoError(v.t, err)
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	endless := *v.http
	endless.Timeout = 0
	resp, err := endless.Do(r) //nolint:bodyclose // who reads it closes it
	require.NoError(v.t, err)
	require.Equal(v.t, http.StatusOK, resp.StatusCode)
	s := &stream{
		t: v.t, lines: make(chan line, 1000), ended: make(chan struct{}), close: cancel,
	}
	go func() {
		defer close(s.ended)
		defer resp.Body.Close()
		s.read(resp.Body)
	}()
	v.t.Cleanup(func() { cancel(); <-s.ended })
	return s
}

func (s *stream) read(body io.Reader) {
	var name, place string
	for scan := bufio.NewScanner(body); scan.Scan(); {
		field, value, _ := strings.Cut(scan.Text(), ": ")
		switch field {
		case "event":
			name, place = value, ""
		case "id":
			place = value
		case "data":
			if name != "message" {
				continue
			}
			l := line{place: place}
			if assert.NoError(s.t, json.Unmarshal([]byte(value), &l)) {
				s.lines <- l
			}
		}
	}
}

// next is the next message from one of these writers.
func (s *stream) next(from ...string) line {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case l := <-s.lines:
			if len(from) == 0 || strings.Contains(strings.Join(from, " "), l.From) {
				return l
			}
		case <-s.ended:
			s.t.Fatal("the stream ended")
		case <-deadline:
			s.t.Fatal("no message came")
		}
	}
}

// awaitUp waits until the program listens.
func (v *visitor) awaitUp() {
	v.t.Helper()
	require.Eventually(v.t, func() bool {
		resp, err := v.http.Get(v.url + "/healthz")
		return err == nil && assert.NoError(v.t, resp.Body.Close())
	}, patience, 10*time.Millisecond)
}
