package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The question that the tests of models ask, words of a good answer that the offline composer does
// not use, and the source that either answer names.
const (
	modelQuestion = "优待证怎么办理？"
	modelWords    = "办优待证找安置地的退役军人事务部门"
	modelSource   = "《中华人民共和国退役军人保障法》第十五条"
	modelMark     = "人工智能"
)

// behaviour is how a fake model answers a request.
type behaviour func(m *fakeModel, w http.ResponseWriter, r *http.Request)

// fakeModel is a service that speaks the OpenAI protocol and behaves as a test wants.
type fakeModel struct {
	t       testing.TB
	url     string
	called  chan struct{}
	changed chan struct{}

	mu       sync.Mutex
	does     behaviour
	requests []string
}

func newModel(t testing.TB, b behaviour) *fakeModel {
	m := &fakeModel{
		t: t, does: b, called: make(chan struct{}, 1000), changed: make(chan struct{}),
	}
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	m.url = s.URL
	return m
}

// ServeHTTP keeps the request and behaves.
func (m *fakeModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	assert.NoError(m.t, err)
	m.mu.Lock()
	m.requests = append(m.requests, string(body))
	does := m.does
	m.mu.Unlock()
	m.called <- struct{}{}
	does(m, w, r)
}

// behave changes how the model answers, also what hangs now.
func (m *fakeModel) behave(b behaviour) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.does = b
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *fakeModel) awaitCall(t testing.TB) {
	t.Helper()
	select {
	case <-m.called:
	case <-time.After(patience):
		t.Fatal("the model was never asked")
	}
}

// heard is all that was sent to the model so far.
func (m *fakeModel) heard() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.requests, "\n")
}

// writes answers with a text.
func writes(text string) behaviour {
	return func(_ *fakeModel, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text},
		}}})
	}
}

// good is an answer that the passages carry.
func good(m *fakeModel, w http.ResponseWriter, r *http.Request) {
	writes(modelWords+"，由他们在接收您时发放[1]。早年退役、还没办的，请到当地退役军人服务站问怎么补办[1]。")(m, w, r)
}

// hanging never answers, until it is told to behave otherwise.
func hanging(m *fakeModel, w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	changed := m.changed
	m.mu.Unlock()
	select {
	case <-r.Context().Done():
		return
	case <-changed:
	}
	m.mu.Lock()
	does := m.does
	m.mu.Unlock()
	does(m, w, r)
}

// status answers with a status and repeats what it was sent, as some services do.
func status(code int) behaviour {
	return func(m *fakeModel, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"message": "cannot handle: " + m.heard(), "type": "server_error", "code": code,
		}})
	}
}
