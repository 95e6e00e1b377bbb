package wecomtest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// simulator is a platform with its phone page under a path of another server.
func simulator(t *testing.T) (*wecomtest.Server, *httptest.Server) {
	t.Helper()
	srv := platform(t, wecomtest.Config{})
	page := httptest.NewServer(http.StripPrefix("/phone", srv.Phone()))
	t.Cleanup(page.Close)
	return srv, page
}

func fetch(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

func page(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	return fetch(t, r)
}

func act(t *testing.T, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	return fetch(t, r)
}

// watch reads the screen's lines as they come, until the test ends.
func watch(t *testing.T, url, after string) <-chan map[string]any {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Header.Set("Last-Event-ID", after)
	resp, err := http.DefaultClient.Do(r) //nolint:bodyclose // the goroutine below does it
	require.NoError(t, err)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := make(chan map[string]any, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(lines)
		defer func() { _ = resp.Body.Close() }()
		kind := ""
		for in := bufio.NewScanner(resp.Body); in.Scan(); {
			if name, ok := strings.CutPrefix(in.Text(), "event: "); ok {
				kind = name
			}
			data, ok := strings.CutPrefix(in.Text(), "data: ")
			var line map[string]any
			if ok && (kind == "line" || kind == "wired") && json.Unmarshal([]byte(data), &line) == nil {
				lines <- line
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		http.DefaultClient.CloseIdleConnections()
	})
	return lines
}

func next(t *testing.T, lines <-chan map[string]any) map[string]any {
	t.Helper()
	select {
	case line := <-lines:
		return line
	case <-soon(t).Done():
		require.Fail(t, "no line came")
		return nil
	}
}

func TestThePhoneShowsBothSidesLive(t *testing.T) {
	srv, web := simulator(t)
	c := newCaller(t, srv)
	lines := watch(t, web.URL+"/phone/events", "")
	status, _ := act(t, web.URL+"/phone/say", `{"customer":"1","account":"`+kf+`","text":"在吗"}`)
	assert.Equal(t, http.StatusNoContent, status)
	line := next(t, lines)
	assert.Equal(t, []any{1.0, "customer", "在吗"}, []any{line["n"], line["from"], line["text"]})
	c.text("wmSimulator_1", "a", "在的 <b>")
	line = next(t, lines)
	assert.Equal(t, []any{2.0, "service", "在的 <b>"}, []any{line["n"], line["from"], line["text"]})

	act(t, web.URL+"/phone/tap", `{"menu_id":"m_1","text":"要带什么"}`)
	assert.Equal(t, "要带什么", next(t, lines)["text"])
	got, _ := c.pull("")
	require.Len(t, got, 2)
	assert.Equal(t, map[string]any{"content": "要带什么", "menu_id": "m_1"}, got[1]["text"])
	assert.Equal(t, "wmSimulator_1", got[1]["external_userid"])

	recall, _ := json.Marshal(map[string]any{"msgid": got[1]["msgid"]})
	act(t, web.URL+"/phone/recall", string(recall))
	assert.Equal(t, 3.0, next(t, lines)["recalls"])
	act(t, web.URL+"/phone/enter", `{}`)
	events := c.events("")
	require.Len(t, events, 2)
	assert.Equal(t, "user_recall_msg", events[0]["event_type"])
	assert.Equal(t, "enter_session", events[1]["event_type"])

	again := watch(t, web.URL+"/phone/events", "2")
	assert.Equal(t, 3.0, next(t, again)["n"], "it goes on behind the last line")
	other := watch(t, web.URL+"/phone/events?customer=2", "")
	act(t, web.URL+"/phone/say", `{"customer":"2","text":"我是另一位"}`)
	assert.Equal(t, "我是另一位", next(t, other)["text"])
}

func TestThePageNeedsNothingFromOutside(t *testing.T) {
	_, web := simulator(t)
	status, html := page(t, web.URL+"/phone/?customer=7")
	assert.Equal(t, http.StatusOK, status)
	for _, want := range []string{"模拟器", "退役军人服务中心", `data-customer="7"`, "新客户"} {
		assert.Contains(t, html, want)
	}
	for _, file := range []string{"phone.css", "phone.js"} {
		assert.Contains(t, html, "page/"+file)
		status, body := page(t, web.URL+"/phone/page/"+file)
		assert.Equal(t, http.StatusOK, status)
		assert.NotContains(t, body, "://", file)
	}
	assert.NotContains(t, html, "://")
}

func TestThePhoneRefusesWhatIsWrong(t *testing.T) {
	_, web := simulator(t)
	for _, query := range []string{"?account=none", "?customer=%3Cb%3E", "?customer=" +
		strings.Repeat("a", 33)} {
		status, _ := page(t, web.URL+"/phone/"+query)
		assert.Equal(t, http.StatusNotFound, status, query)
		status, _ = page(t, web.URL+"/phone/events"+query)
		assert.Equal(t, http.StatusNotFound, status, query)
	}
	status, _ := act(t, web.URL+"/phone/say", `{"account":"none"}`)
	assert.Equal(t, http.StatusNotFound, status)
	status, _ = act(t, web.URL+"/phone/say", `{`)
	assert.Equal(t, http.StatusBadRequest, status)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+"/phone/say",
		strings.NewReader(`{"text":"在吗"}`))
	require.NoError(t, err)
	r.Header.Set("Origin", "https://elsewhere.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	status, _ = fetch(t, r)
	assert.Equal(t, http.StatusForbidden, status)
}
