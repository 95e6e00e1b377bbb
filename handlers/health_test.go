package handlers_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/handlers"
)

func TestHealthAndReadinessAreTwoThings(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	assert.Equal(t, http.StatusOK, b.get("/readyz").StatusCode)
	r.mu.Lock()
	r.readiness.Ready = false
	r.readiness.Parts = map[string]handlers.Status{
		"database": {State: handlers.Faulty, Reason: "数据库没有回应"},
	}
	r.mu.Unlock()
	a := b.get("/readyz")
	assert.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	var got handlers.Readiness
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	assert.Equal(t, "数据库没有回应", got.Parts["database"].Reason)
	assert.Equal(t, handlers.Works, got.Channels["web"].State)
	assert.Equal(t, http.StatusOK, b.get("/healthz").StatusCode)
}

func TestMetricsCountRequestsByRoute(t *testing.T) {
	b := newRig(t).browser()
	b.get("/")
	b.get("/no-such-page")
	body := b.get("/metrics").body
	assert.Contains(t, body,
		`rongjun_http_request_seconds_count{method="GET",route="/",status="200"} 1`)
	assert.NotContains(t, body, "no-such-page")
}

func TestOnlyProofsOfDomainAreServedFromTheirFolder(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	dir := filepath.Join(r.dir, "verify")
	require.NoError(t, os.Mkdir(dir, 0o700))
	for _, name := range []string{"WW_verify_aB3.txt", "MP_verify_9.txt", "secret.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("proof"), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, "WW_verify_x.txt"), []byte("no"), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(r.dir, "WW_verify_x.txt"),
		filepath.Join(dir, "WW_verify_link.txt")))
	for path, status := range map[string]int{
		"/WW_verify_aB3.txt": 200, "/MP_verify_9.txt": 200, "/WW_verify_none.txt": 404,
		"/secret.txt": 404, "/WW_verify_..%2Fx.txt": 404, "/..%2FWW_verify_x.txt": 404,
		"/verify/WW_verify_aB3.txt": 404, "/WW_verify_.txt": 404, "/WW_verify_link.txt": 503,
	} {
		assert.Equal(t, status, b.get(path).StatusCode, path)
	}
	assert.Equal(t, "proof", b.get("/WW_verify_aB3.txt").body)
}

func TestEveryPageIsGuardedByHeaders(t *testing.T) {
	b := newRig(t).browser()
	for _, path := range []string{"/", "/desk/signin", "/no-such-page", "/healthz"} {
		h := b.get(path).Header
		policy := h.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'; script-src 'self'; style-src 'self'", path)
		assert.NotContains(t, policy, "unsafe", path)
		assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		assert.Equal(t, "DENY", h.Get("X-Frame-Options"), path)
		assert.Equal(t, "no-store", h.Get("Cache-Control"), path)
	}
	assert.Contains(t, b.get("/static/chat.css").Header.Get("Cache-Control"), "immutable")
	assert.Equal(t, http.StatusNotFound, b.get("/static/..%2Fpages.go").StatusCode)
}
