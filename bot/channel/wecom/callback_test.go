package wecom_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wecom"
)

func TestTheAddressCheckAnswersThePlainTextAlone(t *testing.T) {
	w := newWorld(t, nil)
	ours := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		plain, err := w.channel.Verify(r.URL.Query())
		if err != nil {
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = rw.Write(plain)
	}))
	defer ours.Close()
	w.SetCallback(ours.URL)
	_, err := w.VerifyURL(t.Context())
	require.NoError(t, err)
}

func TestAnEchoWhosePlusBecameASpaceIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	for range 50 {
		query, body := w.callback(t, w.KFEvent(account))
		encrypted := between(string(body), "<Encrypt><![CDATA[", "]]>")
		query.Set("echostr", encrypted)
		_, err := w.channel.Verify(query)
		require.NoError(t, err)
		if !strings.Contains(encrypted, "+") {
			continue
		}
		query.Set("echostr", strings.ReplaceAll(encrypted, "+", " "))
		_, err = w.channel.Verify(query)
		require.ErrorIs(t, err, bot.ErrForged)
		return
	}
	t.Fatal("no ciphertext with a plus in fifty")
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestAKfEventIsABell(t *testing.T) {
	w := newWorld(t, nil)
	query, body := w.callback(t, w.KFEvent(account))
	d, err := w.channel.Decode(query, body)
	require.NoError(t, err)
	require.Len(t, d.Bells, 1)
	assert.Equal(t, account, d.Bells[0].Account)
	assert.NotEmpty(t, d.Bells[0].Token)
	assert.Empty(t, d.Ack)
	assert.Empty(t, d.Messages)
}

func TestAnAccountTakenFromUsIsAFaultUntilItIsGivenBackOrListed(t *testing.T) {
	w := newWorld(t, nil)
	change := func(element string) bot.Delivery {
		query, body := w.callback(t, []byte("<xml><MsgType>event</MsgType>"+
			"<Event>kf_account_auth_change</Event><"+element+">kf2</"+element+"></xml>"))
		d, err := w.channel.Decode(query, body)
		require.NoError(t, err)
		return d
	}
	for name, mend := range map[string]func(){
		"given back": func() {
			assert.Equal(t, []bot.Bell{{Channel: "wecom", Account: "kf2"}}, change("AuthAddOpenKfId").Bells)
		},
		"listed": func() { _, err := w.channel.Accounts(t.Context()); require.NoError(t, err) },
	} {
		assert.Empty(t, change("AuthDelOpenKfId").Bells)
		state, reason := w.channel.Status()
		assert.Equal(t, "fault", state, name)
		assert.Contains(t, reason, "没有交给接口管理")
		mend()
		state, _ = w.channel.Status()
		assert.Equal(t, "ok", state, name)
	}
}

func TestAnEventWithoutAnActIsAcknowledged(t *testing.T) {
	w := newWorld(t, nil)
	query, body := w.callback(t, w.AppXML("zhang", "text", "Content", "你好"))
	d, err := w.channel.Decode(query, body)
	require.NoError(t, err)
	assert.Empty(t, d.Bells)
}

// Every fault of signature, ciphertext, padding and receiver looks the same from outside.
func TestWhatThePlatformDidNotMakeIsForged(t *testing.T) {
	w := newWorld(t, nil)
	query, body := w.callback(t, w.KFEvent(account))
	encrypted := between(string(body), "<Encrypt><![CDATA[", "]]>")
	sealed := func(cipher string) (url.Values, []byte) {
		q := url.Values{"timestamp": {"1"}, "nonce": {"2"}}
		q.Set("msg_signature", platformtest.Sign(w.Config().Token, "1", "2", cipher))
		return q, []byte("<xml><Encrypt>" + cipher + "</Encrypt></xml>")
	}
	with := func(key, value string) url.Values {
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		q.Set(key, value)
		return q
	}
	flipped := []byte(encrypted)
	flipped[40] ^= 1
	otherCorp := w.Crypt().Encrypt([16]byte{1}, w.KFEvent(account), "ww-somebody-else")
	cases := map[string]func() (url.Values, []byte){
		"no signature":    func() (url.Values, []byte) { return url.Values{}, body },
		"wrong signature": func() (url.Values, []byte) { return with("msg_signature", strings.Repeat("0", 40)), body },
		"upper case": func() (url.Values, []byte) {
			return with("msg_signature", strings.ToUpper(query.Get("msg_signature"))), body
		},
		"another nonce":    func() (url.Values, []byte) { return with("nonce", "x"), body },
		"another corp":     func() (url.Values, []byte) { return sealed(otherCorp) },
		"a flipped bit":    func() (url.Values, []byte) { return sealed(string(flipped)) },
		"not base64":       func() (url.Values, []byte) { return sealed("!!!!") },
		"sixteen bytes":    func() (url.Values, []byte) { return sealed(base64.StdEncoding.EncodeToString(make([]byte, 16))) },
		"thirty-three":     func() (url.Values, []byte) { return sealed(base64.StdEncoding.EncodeToString(make([]byte, 33))) },
		"forty-eight":      func() (url.Values, []byte) { return sealed(base64.StdEncoding.EncodeToString(make([]byte, 48))) },
		"zeroes encrypted": func() (url.Values, []byte) { return sealed(base64.StdEncoding.EncodeToString(make([]byte, 64))) },
	}
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			q, b := make()
			_, err := w.channel.Decode(q, b)
			require.Equal(t, bot.ErrForged, err, "the very same error for each")
		})
	}
}

func TestWhatIsNoEnvelopeIsSaidToBeNone(t *testing.T) {
	w := newWorld(t, nil)
	query, body := w.callback(t, w.KFEvent(account))
	for name, b := range map[string]string{
		"empty":         "",
		"json":          `{"Encrypt":"x"}`,
		"no encrypt":    "<xml><ToUserName>x</ToUserName></xml>",
		"truncated":     string(body[:len(body)/2]),
		"invalid utf-8": "<xml><Encrypt>\xff\xfe</Encrypt></xml>",
		"NUL":           "<xml><Encrypt>a\x00b</Encrypt></xml>",
		"declared GBK":  `<?xml version="1.0" encoding="GBK"?><xml><Encrypt>abc</Encrypt></xml>`,
		"entity bomb":   `<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>`,
		"deep nesting":  strings.Repeat("<a>", 20000) + strings.Repeat("</a>", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.channel.Decode(query, []byte(b))
			require.ErrorIs(t, err, bot.ErrEnvelope)
		})
	}
}

func TestAReplayedCallbackIsTheSameBellAgain(t *testing.T) {
	w := newWorld(t, nil)
	query, body := w.callback(t, w.KFEvent(account))
	for range 3 {
		d, err := w.channel.Decode(query, body)
		require.NoError(t, err)
		require.Len(t, d.Bells, 1)
	}
}

func TestABadKeyIsFoundAtTheStart(t *testing.T) {
	for _, key := range []string{"", "short", strings.Repeat("!", 43), strings.Repeat("A", 44)} {
		_, err := wecom.New(wecom.Options{AESKey: key})
		require.Error(t, err, key)
	}
}

func FuzzDecode(f *testing.F) {
	channel, err := wecom.New(wecom.Options{
		CorpID: "ww1", Token: "t", AESKey: "d2Vjb210ZXN0LWtleS13ZWNvbXRlc3Qta2V5LTAwMDE",
	})
	require.NoError(f, err)
	f.Add("msg_signature=a&timestamp=1&nonce=2", []byte("<xml><Encrypt>abc</Encrypt></xml>"))
	f.Add("", []byte("<xml"))
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		_, err = channel.Decode(q, body)
		if err == nil {
			t.Fatal("something unsigned was believed")
		}
	})
}
