package wechat_test

import (
	"encoding/xml"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

var _ bot.Channel = (*wechat.Passive)(nil)

func newPassive(t *testing.T, plain bool) (world, *wechat.Passive) {
	t.Helper()
	w := newWorld(t, wechattest.Config{Plain: plain}, nil)
	cfg := w.Config()
	p, err := wechat.NewPassive(wechat.Options{
		AppID: cfg.AppID, Token: cfg.Token, AESKey: cfg.AESKey, Plain: plain, Now: w.clock.Now,
		Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	return w, p
}

func (w world) deliver(t *testing.T, p *wechat.Passive, kind string, fields ...string) bot.Delivery {
	t.Helper()
	query, body := w.request(t, w.XML("li", kind, fields...))
	d, err := p.Decode(query, body)
	require.NoError(t, err)
	return d
}

func TestAPassiveAnswerIsTheSameBytesEachTimeAndForThisMessageAlone(t *testing.T) {
	for _, plain := range []bool{false, true} {
		w, p := newPassive(t, plain)
		text := []string{"Content", "退役金？", "MsgId", "1"}
		write := func(d bot.Delivery, words string) string {
			body, err := d.Passive.Body(words)
			require.NoError(t, err)
			return string(body)
		}
		first := write(w.deliver(t, p, "text", text...), "按年限 ]]> <算>。")
		assert.Equal(t, first, write(w.deliver(t, p, "text", text...), "按年限 ]]> <算>。"), "sealed anew")
		assert.NotEqual(t, first, write(w.deliver(t, p, "text", text...), "别的"))
		other := write(w.deliver(t, p, "text", "Content", "退役金？", "MsgId", "2"), "按年限 ]]> <算>。")
		assert.Equal(t, plain, first == other, "the sealed one is this message's alone")
		if plain {
			var got struct{ ToUserName, FromUserName, Content string }
			require.NoError(t, xml.Unmarshal([]byte(first), &got))
			assert.Equal(t, "li", got.ToUserName)
			assert.Equal(t, w.Config().Account, got.FromUserName)
			assert.Equal(t, "按年限 ]]> <算>。", got.Content)
			continue
		}
		assert.NotContains(t, first, "按年限")
	}
}

func TestTheWordsThatFetchAreKnown(t *testing.T) {
	w, p := newPassive(t, false)
	for words, want := range map[string]bool{
		"1": true, " １ ": true, "11": false, "一": false, "1吗": false, "": false,
	} {
		d := w.deliver(t, p, "text", "Content", words, "MsgId", "1")
		assert.Equal(t, want, d.Messages[0].Fetches, words)
		assert.Equal(t, "success", string(d.Ack))
	}
	d := w.deliver(t, p, "event", "Event", "LOCATION", "Latitude", "30")
	assert.Nil(t, d.Passive, "nothing is to be said")
	d = w.deliver(t, p, "event", "Event", "subscribe", "EventKey", "")
	require.NotNil(t, d.Passive)
	assert.Empty(t, d.Messages[0].Enter.Ticket, "the greeting waits as everything does")
	w2 := newWorld(t, wechattest.Config{}, nil)
	assert.False(t, w2.decode(t, "text", "Content", "1", "MsgId", "1").Messages[0].Fetches)
}

func TestNothingIsSentWhereNothingCanBe(t *testing.T) {
	_, p := newPassive(t, false)
	_, err := p.Send(t.Context(), outgoing("在"))
	assert.Equal(t, bot.ClassHeld, classOf(t, err))
	assert.True(t, p.Keyed())
	for _, part := range p.Parts(bot.Reply{
		Text:    strings.Repeat("符合条件的可以申请，由县级部门受理。", 120),
		Choices: []bot.Choice{{ID: "1", Text: "转人工"}},
	}) {
		assert.LessOrEqual(t, len(part.Text), 2048-64, "room for the line that says there is more")
	}
	_, err = wechat.NewPassive(wechat.Options{AESKey: "short", Now: time.Now})
	require.Error(t, err)
}
