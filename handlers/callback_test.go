package handlers_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers"
)

func TestACallbackIsAnsweredByWhatItIs(t *testing.T) {
	b := newRig(t).browser()
	const good = "/callback/wecom?msg_signature=good"
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"address check", "GET", good + "&echostr=a%2Bb", "", 200, "a+b"},
		{"forged address check", "GET", "/callback/wecom?msg_signature=bad&echostr=x", "", 403, ""},
		{"message", "POST", good, "m1", 200, "success"},
		{"the same again", "POST", good, "m1", 200, "success"},
		{"bell", "POST", good, "bell", 200, ""},
		{"forged", "POST", "/callback/wecom?msg_signature=bad", "m2", 403, ""},
		{"unsigned", "POST", "/callback/wecom", "m2", 403, ""},
		{"no envelope", "POST", good, "mush", 400, ""},
		{"broken decoder", "POST", good, "panic", 500, ""},
		{"largest", "POST", good, strings.Repeat("x", 256<<10), 200, "success"},
		{"oversized", "POST", good, strings.Repeat("x", 256<<10+1), 413, ""},
		{"another method", "PUT", good, "m3", 405, ""},
		{"another channel", "POST", "/callback/smoke", "m4", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.do(c.method, c.path, "text/xml", c.body)
			assert.Equal(t, c.status, a.StatusCode)
			assert.Equal(t, c.want, a.body)
		})
	}
	require.Len(t, b.bells.rung, 1)
	messages, err := b.store.Messages(t.Context(), b.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Equal(t, "m1", messages[0].Text)
	assert.Len(t, messages, 2, "a repeat is stored once")
}

// endless is a body without a length. The client may still read it when the answer is there.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read.Add(int64(len(p)))
	return len(p), nil
}

func TestAnEndlessCallbackIsCutOff(t *testing.T) {
	b := newRig(t).browser()
	body := &endless{}
	request, err := http.NewRequestWithContext(
		t.Context(), http.MethodPost, b.url+"/callback/wecom?msg_signature=good", body)
	require.NoError(t, err)
	response, err := b.client.Do(request)
	if err == nil { // the server may also have closed the connection first
		defer func() { _ = response.Body.Close() }()
		assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	}
	assert.Less(t, body.read.Load(), int64(16<<20))
}

func TestACallbackThatIsNotStoredIsNotAnswered(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	r.inbox.fail(errDisk)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		r.url+"/callback/wecom?msg_signature=good", strings.NewReader("m1"))
	require.NoError(t, err)
	response, err := b.client.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	require.ErrorIs(t, err, io.EOF, "the connection closes without a word")
	bell := b.do(http.MethodPost, "/callback/wecom?msg_signature=good", "text/xml", "bell")
	assert.Equal(t, http.StatusOK, bell.StatusCode, "a bell needs no store")

	r.inbox.fail(nil)
	a := b.do(http.MethodPost, "/callback/wecom?msg_signature=good", "text/xml", "m1")
	assert.Equal(t, http.StatusOK, a.StatusCode)
	assert.Equal(t, bot.StateBot, r.only().State)
}

func TestNoWordsOrIDsAreLogged(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	b.do(http.MethodPost, "/callback/wecom?msg_signature=good&secret=q77", "text/xml", "私房话")
	b.json("/chat/messages", `{"text":"悄悄话","client_id":"a"}`)
	b.get("/desk/conversations/4242")
	b.get("/words-in-a-path")
	r.inbox.fail(errDisk)
	b.json("/chat/messages", `{"text":"又一句","client_id":"b"}`)
	logged := r.log.String()
	assert.Contains(t, logged, "route=/chat/messages")
	for _, secret := range []string{
		"私房话", "悄悄话", "又一句", "person-77", "q77", "4242", "words-in", "127.0.0.1:",
	} {
		assert.NotContains(t, logged, secret)
	}
}

// fullDisk takes no taps.
type fullDisk struct{}

func (fullDisk) ReceiveClicks(context.Context, []bot.Click) error { return errDisk }

func TestATapOnACardIsStoredOrNotAnswered(t *testing.T) {
	full := newRig(t, func(o *handlers.Options) { o.Clicks = fullDisk{} })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		full.url+"/callback/wecom?msg_signature=good", strings.NewReader("tap"))
	require.NoError(t, err)
	response, err := full.browser().client.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	require.ErrorIs(t, err, io.EOF, "the connection closes without a word")

	r := newRig(t)
	for range 2 {
		a := r.browser().do(http.MethodPost, "/callback/wecom?msg_signature=good", "text/xml", "tap")
		assert.Equal(t, http.StatusOK, a.StatusCode)
	}
	due, _, err := r.store.ClaimDue(t.Context())
	require.NoError(t, err)
	require.NotNil(t, due)
	assert.Equal(t, bot.Due{Kind: bot.DueClick, Subject: "tap"}, bot.Due{Kind: due.Kind, Subject: due.Subject})
}
