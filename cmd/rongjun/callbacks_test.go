package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

// callback is a good callback as bytes, to be spoilt.
type callback struct {
	url  string
	body []byte
}

// aCallback is the bell of the test's account, signed and encrypted by the platform.
func aCallback(t *testing.T, srv *wecomtest.Server) callback {
	t.Helper()
	r, err := srv.CallbackRequest(t.Context(), srv.KFEvent(testAccount))
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return callback{r.URL.String(), body}
}

// post sends it; a body of unknown length is sent in chunks.
func (c callback) post(t *testing.T, known bool) int {
	t.Helper()
	var body io.Reader = bytes.NewReader(c.body)
	if !known {
		body = io.MultiReader(body)
	}
	resp, err := http.Post(c.url, "text/xml", body)
	if errors.Is(err, io.EOF) || err != nil && strings.Contains(err.Error(), "reset") {
		return 0 // closed while a body that is too large was still being sent
	}
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Empty(t, answer, "a platform is told nothing but the status")
	return resp.StatusCode
}

// onKF is a running program on a stand-in platform.
func onKF(t *testing.T) (*wecomtest.Server, *Program) {
	t.Helper()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	return srv, p
}

func TestCallbacksThatAreNotThePlatformsAreRefusedAndRingNoBell(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	stranger := platform(t, wecomtest.Config{CorpID: "ww1111111111111111"})
	stranger.SetCallback(p.URL() + "/callback/wecom")
	otherKey := platform(t, wecomtest.Config{AESKey: strings.Repeat("abcdefg", 6) + "A"})
	otherKey.SetCallback(p.URL() + "/callback/wecom")
	for name, c := range map[string]struct {
		spoil func(callback) callback
		want  []int
	}{
		"forged signature": {func(c callback) callback {
			before, after, _ := strings.Cut(c.url, "msg_signature=")
			return callback{before + "msg_signature=" + strings.Repeat("0", 40) + after[40:], c.body}
		}, []int{http.StatusForbidden}},
		"no signature": {func(c callback) callback {
			return callback{p.URL() + "/callback/wecom", c.body}
		}, []int{http.StatusForbidden}},
		"another time": {func(c callback) callback {
			return callback{strings.Replace(c.url, "timestamp=", "timestamp=1", 1), c.body}
		}, []int{http.StatusForbidden}},
		"another corporation": {
			func(callback) callback { return aCallback(t, stranger) },
			[]int{http.StatusForbidden},
		},
		"another key": {
			func(callback) callback { return aCallback(t, otherKey) },
			[]int{http.StatusForbidden},
		},
		"cut in the envelope": {func(c callback) callback {
			return callback{c.url, c.body[:len(c.body)-20]}
		}, []int{http.StatusBadRequest}},
		"cut in the cipher": {func(c callback) callback {
			return callback{c.url, bytes.Replace(c.body, []byte("]]></Encrypt>"), nil, 1)[:len(c.body)-50]}
		}, []int{http.StatusBadRequest}},
		"one character changed": {func(c callback) callback {
			at := bytes.Index(c.body, []byte("<Encrypt><![CDATA[")) + 40
			body := bytes.Clone(c.body)
			body[at] ^= 1
			return callback{c.url, body}
		}, []int{http.StatusForbidden, http.StatusBadRequest}},
		"invalid UTF-8": {func(c callback) callback {
			return callback{c.url, append([]byte{0xff, 0xfe}, c.body...)}
		}, []int{http.StatusBadRequest}},
		"empty": {
			func(c callback) callback { return callback{c.url, nil} },
			[]int{http.StatusBadRequest},
		},
		"JSON": {
			func(c callback) callback { return callback{c.url, []byte(`{"a":1}`)} },
			[]int{http.StatusBadRequest},
		},
		"too large": {func(c callback) callback {
			return callback{c.url, append(bytes.Repeat([]byte(" "), 300<<10), c.body...)}
		}, []int{http.StatusRequestEntityTooLarge, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			before := srv.Calls("/cgi-bin/kf/sync_msg")
			spoilt := c.spoil(aCallback(t, srv))
			assert.Contains(t, c.want, spoilt.post(t, true))
			assert.Contains(t, c.want, spoilt.post(t, false))
			assert.LessOrEqual(t, srv.Calls("/cgi-bin/kf/sync_msg"), before+1, "only the timer looked")
		})
	}
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "优待证怎么办理？")
	li.hear("优待证")
	assert.Equal(t, http.StatusNotFound, callback{p.URL() + "/callback/nowhere", nil}.status(t))
}

func (c callback) status(t *testing.T) int {
	t.Helper()
	resp, err := http.Post(c.url, "text/xml", bytes.NewReader(c.body))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestTheCheckOfTheAddressIsAnsweredToThePlatformOnly(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	_, err := srv.VerifyURL(t.Context())
	require.NoError(t, err)
	v := newVisitor(t, p.URL())
	for _, query := range []string{
		"", "?echostr=x", "?msg_signature=0&timestamp=1&nonce=2&echostr=x",
	} {
		assert.Equal(t, http.StatusForbidden, v.get("/callback/wecom"+query).status, query)
	}
}

func TestReplayedAndDuplicateCallbacksChangeNothing(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	srv.SetBells(wecomtest.Bells{Copies: 3})
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "优待证怎么办理？")
	li.hear("优待证")
	bell := aCallback(t, srv)
	for range 5 {
		assert.Equal(t, http.StatusOK, bell.post(t, true))
	}
	li.Say(testAccount, "谢谢")
	li.hear("不客气")
	c, err := p.store.ConversationOf(t.Context(), bot.Address{
		Channel: wecom.Name, Account: testAccount, ExternalID: "li",
	})
	require.NoError(t, err)
	turns, err := p.store.TurnsOf(t.Context(), c.ID)
	require.NoError(t, err)
	assert.Len(t, turns, 2, "each message was answered once")
}
