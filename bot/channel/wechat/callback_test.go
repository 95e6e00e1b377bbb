package wechat_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

func TestTheAddressCheckGivesTheEchoBackToThePlatformOnly(t *testing.T) {
	for _, plain := range []bool{false, true} {
		w := newWorld(t, wechattest.Config{Plain: plain}, nil)
		query := url.Values{"timestamp": {"1795510800"}, "nonce": {"n"}, "echostr": {"5927 abc"}}
		query.Set("signature", platformtest.Sign(w.Config().Token, "1795510800", "n"))
		echo, err := w.channel.Verify(query)
		require.NoError(t, err)
		assert.Equal(t, "5927 abc", string(echo))
		for field, value := range map[string]string{
			"signature": strings.Repeat("0", 40), "timestamp": "1795510801", "nonce": "m", "echostr": "",
		} {
			spoilt := url.Values{}
			for k, v := range query {
				spoilt[k] = v
			}
			spoilt.Set(field, value)
			_, err := w.channel.Verify(spoilt)
			require.Equal(t, bot.ErrForged, err, field)
		}
	}
}

func TestASealedTextIsAMessageAndAcknowledged(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	d := w.decode(t, "text", "Content", "退役金怎么算？", "MsgId", "25000000000000001")
	require.Len(t, d.Messages, 1)
	assert.Equal(t, bot.Incoming{
		Address: bot.Address{
			Channel: wechat.Name, Account: w.Config().AppID, ExternalID: "li",
		},
		PlatformID: "25000000000000001", Kind: bot.KindText, Text: "退役金怎么算？", At: w.clock.Now(),
	}, d.Messages[0])
	assert.Equal(t, "success", string(d.Ack))
}

// The signature of a plain message does not cover its body, so the sender must not choose the mode.
func TestTheModeIsTheOperatorsAndNotTheSenders(t *testing.T) {
	safe := newWorld(t, wechattest.Config{}, nil)
	query, sealed := safe.request(t, safe.XML("li", "text", "Content", "x", "MsgId", "1"))
	written := safe.XML("li", "text", "Content", "我是别人", "MsgId", "2")
	for _, way := range []string{"", "AES", "raw", "aes "} {
		query.Set("encrypt_type", way)
		for _, body := range [][]byte{sealed, written, nil} {
			_, err := safe.channel.Decode(query, body)
			require.Equal(t, bot.ErrForged, err, "encrypt_type %q", way)
		}
	}
	query.Del("encrypt_type")
	_, err := safe.channel.Decode(query, written)
	require.Equal(t, bot.ErrForged, err)
	query.Set("encrypt_type", "aes")
	_, err = safe.channel.Decode(query, written)
	require.ErrorIs(t, err, bot.ErrEnvelope, "nothing sealed is in it")

	plain := newWorld(t, wechattest.Config{Plain: true}, nil)
	d := plain.decode(t, "text", "Content", "在吗", "MsgId", "3")
	assert.Equal(t, "在吗", d.Messages[0].Text)
	query, body := plain.request(t, written)
	query.Set("signature", strings.Repeat("0", 40))
	_, err = plain.channel.Decode(query, body)
	require.Equal(t, bot.ErrForged, err)
	_, err = plain.channel.Decode(url.Values{}, body)
	require.Equal(t, bot.ErrForged, err)
}

// Every fault of signature, ciphertext, padding and receiver looks the same from outside.
func TestWhatThePlatformDidNotMakeIsForged(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	plain := w.XML("li", "text", "Content", "x", "MsgId", "1")
	query, body := w.request(t, plain)
	_, encrypted, _ := strings.Cut(string(body), "<Encrypt><![CDATA[")
	encrypted, _, _ = strings.Cut(encrypted, "]]>")
	sealed := func(cipher string) (url.Values, []byte) {
		q := url.Values{"timestamp": {"1"}, "nonce": {"2"}, "encrypt_type": {"aes"}}
		q.Set("msg_signature", platformtest.Sign(w.Config().Token, "1", "2", cipher))
		return q, []byte("<xml><Encrypt>" + cipher + "</Encrypt></xml>")
	}
	with := func(key, value string) (url.Values, []byte) {
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		q.Set(key, value)
		return q, body
	}
	zeroes := func(n int) (url.Values, []byte) {
		return sealed(base64.StdEncoding.EncodeToString(make([]byte, n)))
	}
	flipped := []byte(encrypted)
	flipped[40] ^= 1
	other := w.Crypt().Encrypt([16]byte{1}, plain, "wx-somebody-else")
	for name, make := range map[string]func() (url.Values, []byte){
		"no signature":     func() (url.Values, []byte) { return with("msg_signature", "") },
		"wrong signature":  func() (url.Values, []byte) { return with("msg_signature", strings.Repeat("0", 40)) },
		"the plain one":    func() (url.Values, []byte) { return with("msg_signature", query.Get("signature")) },
		"another nonce":    func() (url.Values, []byte) { return with("nonce", "x") },
		"another account":  func() (url.Values, []byte) { return sealed(other) },
		"a flipped bit":    func() (url.Values, []byte) { return sealed(string(flipped)) },
		"not base64":       func() (url.Values, []byte) { return sealed("!!!!") },
		"sixteen bytes":    func() (url.Values, []byte) { return zeroes(16) },
		"forty-eight":      func() (url.Values, []byte) { return zeroes(48) },
		"zeroes encrypted": func() (url.Values, []byte) { return zeroes(64) },
	} {
		t.Run(name, func(t *testing.T) {
			q, b := make()
			_, err := w.channel.Decode(q, b)
			require.Equal(t, bot.ErrForged, err, "the very same error for each")
		})
	}
}

func TestWhatIsNoEnvelopeIsSaidToBeNone(t *testing.T) {
	for _, plain := range []bool{false, true} {
		w := newWorld(t, wechattest.Config{Plain: plain}, nil)
		query, _ := w.request(t, w.XML("li", "text", "Content", "x"))
		for name, body := range map[string]string{
			"empty":         "",
			"json":          `{"Encrypt":"x"}`,
			"no sender":     "<xml><ToUserName>x</ToUserName><MsgType>text</MsgType></xml>",
			"truncated":     "<xml><Encrypt>abc",
			"invalid UTF-8": "<xml><Encrypt>\xff\xfe</Encrypt></xml>",
			"NUL":           "<xml><Encrypt>a\x00b</Encrypt></xml>",
			"declared GBK":  `<?xml version="1.0" encoding="GBK"?><xml><Encrypt>abc</Encrypt></xml>`,
			"entity bomb":   `<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>`,
			"deep nesting":  strings.Repeat("<a>", 20000) + strings.Repeat("</a>", 20000),
		} {
			t.Run(name, func(t *testing.T) {
				_, err := w.channel.Decode(query, []byte(body))
				require.ErrorIs(t, err, bot.ErrEnvelope)
			})
		}
	}
}

func TestATimestampFarOffIsLoggedAndTaken(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	w.clock.Add(-time.Hour)
	query, body := w.request(t, w.XML("li", "text", "Content", "在吗", "MsgId", "1"))
	w.clock.Add(time.Hour)
	_, err := w.channel.Decode(query, body)
	require.NoError(t, err)
	assert.Contains(t, w.log.String(), "far off")
	assert.NotContains(t, w.log.String(), "在吗")
}

func TestABadKeyIsFoundAtTheStart(t *testing.T) {
	for _, key := range []string{"", "short", strings.Repeat("!", 43), strings.Repeat("A", 44)} {
		_, err := wechat.New(wechat.Options{AESKey: key})
		require.Error(t, err, key)
	}
	_, err := wechat.New(wechat.Options{Plain: true})
	require.NoError(t, err, "plain messages need none")
}

func FuzzDecode(f *testing.F) {
	channel, err := wechat.New(wechat.Options{
		AppID: "wx1", Token: "t", AESKey: "d2VjaGF0dGVzdC1rZXktd2VjaGF0dGVzdC1rZXktMDE",
	})
	require.NoError(f, err)
	f.Add("msg_signature=a&timestamp=1&nonce=2&encrypt_type=aes", []byte("<xml><Encrypt>abc</Encrypt></xml>"))
	f.Add("signature=a&timestamp=1&nonce=2", []byte("<xml><FromUserName>x</FromUserName></xml>"))
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		if _, err = channel.Decode(q, body); err == nil {
			t.Fatal("something unsigned was believed")
		}
	})
}
