package wecom_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

// maxFuzzed is the most bytes of a callback that the program reads.
const maxFuzzed = 256 << 10

// answering is a platform that gives a token to who asks for one, and one answer to everything else.
type answering struct{ body []byte }

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	body := a.body
	if strings.HasSuffix(r.URL.Path, "/gettoken") {
		body = []byte(`{"errcode":0,"access_token":"t","expires_in":7200}`)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// fuzzed is a channel on such a platform, and the platform's side of the encryption.
func fuzzed(f *testing.F) (*wecom.Channel, *answering, *wecomtest.Server) {
	f.Helper()
	platform := wecomtest.New(wecomtest.Config{})
	f.Cleanup(platform.Close)
	cfg, transport := platform.Config(), &answering{}
	channel, err := wecom.New(wecom.Options{
		CorpID: cfg.CorpID, AgentID: 1000002, Secret: cfg.Secret, Token: cfg.Token, AESKey: cfg.AESKey,
		APIBase: "http://platform.invalid", Now: time.Now, Rand: rand.Reader, Transport: transport,
		Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(f, err)
	return channel, transport, platform
}

// bounded fails when an act takes memory out of proportion to what it was given.
func bounded(t *testing.T, given int, act func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	act()
	runtime.ReadMemStats(&after)
	if taken, most := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+200*given); taken > most {
		t.Fatalf("%d bytes were given and %d bytes of memory taken", given, taken)
	}
}

// sound holds what is handed on to the inbox: an id to know it by, a sender, and an account.
func sound(t *testing.T, m bot.Incoming) {
	if m.PlatformID == "" || m.Channel == "" {
		t.Fatalf("handed on without what it is known by: %+v", m)
	}
}

// FuzzDecodePlain lets the platform say anything: the plain text is signed and encrypted as it should be.
func FuzzDecodePlain(f *testing.F) {
	channel, _, platform := fuzzed(f)
	platform.AddAccount("wk1", "x")
	f.Add(platform.KFEvent("wk1"))
	f.Add(platform.AppXML("zhang", "text", "Content", "你好", "MsgId", "1"))
	f.Add(platform.AppXML("zhang", "event", "Event", "template_card_event", "TaskId", "1", "ResponseCode", "x"))
	f.Add([]byte("<xml><MsgType>event</MsgType><Event>kf_account_auth_change</Event>" +
		"<AuthAddOpenKfId>wk1</AuthAddOpenKfId><AuthDelOpenKfId>wk2</AuthDelOpenKfId></xml>"))
	f.Add([]byte("<xml><CreateTime>soon</CreateTime>"))
	f.Fuzz(func(t *testing.T, plain []byte) {
		if len(plain) > maxFuzzed {
			return
		}
		encrypted := platform.Crypt().Encrypt([16]byte{1}, plain, platform.Config().CorpID)
		query := url.Values{"timestamp": {"1"}, "nonce": {"2"}}
		query.Set("msg_signature", platformtest.Sign(platform.Config().Token, "1", "2", encrypted))
		body := []byte("<xml><Encrypt>" + encrypted + "</Encrypt></xml>")
		bounded(t, len(body), func() {
			d, err := channel.Decode(query, body)
			if err != nil {
				return
			}
			for _, m := range d.Messages {
				sound(t, m)
			}
		})
	})
}

// FuzzPullMessage lets a pulled message be anything.
func FuzzPullMessage(f *testing.F) {
	channel, transport, _ := fuzzed(f)
	for _, m := range []string{
		`{"msgid":"1","open_kfid":"wk1","external_userid":"wm1","send_time":1795510800,"origin":3,` +
			`"msgtype":"text","text":{"content":"优待证怎么办？","menu_id":"m_1"}}`,
		`{"msgid":"2","send_time":1,"origin":3,"msgtype":"voice","voice":{"media_id":"x"}}`,
		`{"msgid":"3","origin":3,"msgtype":"location","location":{"latitude":30.25,"longitude":120.1,"name":"x"}}`,
		`{"msgid":"4","origin":3,"msgtype":"merged_msg","merged_msg":{"title":"t","item":[{"msg_content":"{\"text\":1}"}]}}`,
		`{"msgid":"5","origin":4,"msgtype":"event","event":{"event_type":"enter_session","open_kfid":"wk1",` +
			`"external_userid":"wm1","scene":"s","scene_param":"p","welcome_code":"w"}}`,
		`{"msgid":"6","origin":4,"msgtype":"event","event":{"event_type":"msg_send_fail","fail_msgid":"x","fail_type":10}}`,
		`{"msgid":"7","origin":5,"servicer_userid":"zhang","msgtype":"text","text":{"content":"您好"}}`,
		`{"msgid":"8","origin":4,"msgtype":"event","event":{"event_type":"session_status_change","change_type":3}}`,
		`{"msgid":9,"origin":"3"}`, `[]`, `null`,
	} {
		f.Add([]byte(m))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		if len(message) > maxFuzzed || !json.Valid(message) || !utf8.Valid(message) {
			return
		}
		transport.body = []byte(`{"errcode":0,"next_cursor":"c","has_more":0,"msg_list":[` +
			string(message) + `]}`)
		bounded(t, len(transport.body), func() {
			page, err := channel.Pull(t.Context(), bot.Pull{Account: "wk1"})
			if err != nil {
				return
			}
			if page.Cursor != "c" || page.More {
				t.Fatalf("the page's end was misread: %q %v", page.Cursor, page.More)
			}
			for _, m := range page.Messages {
				sound(t, m)
			}
		})
	})
}
