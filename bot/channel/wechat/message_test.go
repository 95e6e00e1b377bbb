package wechat_test

import (
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

func TestEachKindIsWhatItIs(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	for name, c := range map[string]struct {
		kind   string
		fields []string
		want   bot.Incoming
	}{
		"text":      {"text", []string{"Content", "在吗"}, bot.Incoming{Kind: bot.KindText, Text: "在吗"}},
		"menu item": {"text", []string{"Content", "转人工", "bizmsgmenuid", "123456789012345678"}, bot.Incoming{Kind: bot.KindTap, Text: "转人工", ChoiceID: "123456789012345678"}},
		"image":     {"image", []string{"PicUrl", "http://p", "MediaId", "m"}, bot.Incoming{Kind: bot.KindImage, Text: "〔图片〕", Media: &bot.MediaRef{ID: "m"}}},
		"voice":     {"voice", []string{"MediaId", "m", "Format", "amr"}, bot.Incoming{Kind: bot.KindVoice, Media: &bot.MediaRef{ID: "m"}}},
		"video":     {"video", []string{"MediaId", "m", "ThumbMediaId", "t"}, bot.Incoming{Kind: bot.KindVideo, Text: "〔视频〕"}},
		"short video": {
			"shortvideo",
			[]string{"MediaId", "m"},
			bot.Incoming{Kind: bot.KindVideo, Text: "〔小视频〕"},
		},
		"place": {"location", []string{"Location_X", "30.25", "Location_Y", "120.16", "Scale", "16", "Label", "杭州市西湖区"}, bot.Incoming{
			Kind: bot.KindLocation, Text: "〔位置〕杭州市西湖区",
			Location: &bot.Location{Latitude: 30.25, Longitude: 120.16, Address: "杭州市西湖区"},
		}},
		"link": {"link", []string{"Title", "通知", "Description", "", "Url", "https://example.org/"}, bot.Incoming{Kind: bot.KindLink, Text: "〔链接〕通知 https://example.org/"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := w.decode(t, c.kind, append(c.fields, "MsgId", "1")...)
			require.Len(t, d.Messages, 1)
			got := d.Messages[0]
			c.want.Address, c.want.PlatformID, c.want.At = got.Address, "1", w.clock.Now()
			assert.Equal(t, c.want, got)
		})
	}
}

func TestWhatThePlatformHeardInAVoiceIsItsText(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	m := w.decode(t, "voice", "MediaId", "m", "Recognition", "退役金怎么算？", "MsgId", "1").Messages[0]
	assert.Equal(t, bot.KindVoice, m.Kind)
	assert.Equal(t, "退役金怎么算？", m.Text)
	assert.Equal(t, &bot.MediaRef{ID: "m"}, m.Media, "staff can listen")
}

func TestWhatIsNotUnderstoodIsKeptRaw(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	for _, fields := range [][]string{
		{"hologram", "Depth", "3"},
		{"location", "Location_X", "north", "Location_Y", "1"},
		{"location", "Location_X", "NaN", "Location_Y", "1"},
		{"location", "Location_X", "91", "Location_Y", "1"},
	} {
		m := w.decode(t, fields[0], append(fields[1:], "MsgId", "1")...).Messages[0]
		assert.Equal(t, bot.KindUnknown, m.Kind)
		assert.Contains(t, string(m.Raw), fields[1])
		assert.Nil(t, m.Location)
	}
}

func TestEachEventHasItsEffect(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	until := w.clock.Now().Add(50 * time.Second)
	for name, c := range map[string]struct {
		fields []string
		kind   bot.Kind
		text   string
		enter  *bot.Enter
	}{
		"follow":   {[]string{"subscribe", "EventKey", ""}, bot.KindEvent, "〔关注了公众号〕", &bot.Enter{Ticket: bot.Ticket{Code: "subscribe", Until: until}}},
		"by code":  {[]string{"subscribe", "EventKey", "qrscene_西湖区", "Ticket", "t"}, bot.KindEvent, "〔关注了公众号〕", &bot.Enter{Scene: "西湖区", Ticket: bot.Ticket{Code: "subscribe", Until: until}}},
		"scan":     {[]string{"SCAN", "EventKey", "西湖区", "Ticket", "t"}, bot.KindEvent, "〔扫了二维码〕", &bot.Enter{Scene: "西湖区", Ticket: bot.Ticket{Code: "SCAN", Until: until}}},
		"unfollow": {[]string{"unsubscribe", "EventKey", ""}, bot.KindEvent, "〔取消了关注〕", nil},
		"page":     {[]string{"VIEW", "EventKey", "https://example.org/", "MenuId", "1"}, bot.KindEvent, "〔打开了菜单里的网页〕", nil},
		"button":   {[]string{"CLICK", "EventKey", "转人工"}, bot.KindText, "转人工", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := w.decode(t, "event", append([]string{"Event"}, c.fields...)...)
			require.Len(t, d.Messages, 1)
			m := d.Messages[0]
			assert.Equal(t, c.kind, m.Kind)
			assert.Equal(t, c.text, m.Text)
			assert.Equal(t, c.enter, m.Enter)
		})
	}
	for _, fields := range [][]string{
		{"Event", "LOCATION", "Latitude", "30.25", "Longitude", "120.16", "Precision", "65"},
		{"Event", "CLICK", "EventKey", ""},
		{"Event", "MASSSENDJOBFINISH", "MsgID", "1"},
		{"Event", ""},
	} {
		d := w.decode(t, "event", fields...)
		assert.Empty(t, d.Messages, fields[1])
		assert.Equal(t, "success", string(d.Ack), "or the contact reads that we are out of order")
	}
}

func TestEventsAreToldApartByWhoWhenAndWhat(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	follow := []string{"Event", "subscribe", "EventKey", ""}
	first := w.decode(t, "event", follow...).Messages[0].PlatformID
	assert.Equal(t, first, w.decode(t, "event", follow...).Messages[0].PlatformID, "told again")
	assert.NotEqual(t, first, w.decode(t, "event", "Event", "SCAN", "EventKey", "1").Messages[0].PlatformID)
	w.clock.Add(time.Second)
	assert.NotEqual(t, first, w.decode(t, "event", follow...).Messages[0].PlatformID)
}

func TestTimesBeyond32BitsAreTakenAndNonsenseIsNow(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	at := func(created string) time.Time {
		plain := "<xml><FromUserName>li</FromUserName><CreateTime>" + created +
			"</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>"
		query, body := w.request(t, []byte(plain))
		d, err := w.channel.Decode(query, body)
		require.NoError(t, err)
		return d.Messages[0].At
	}
	assert.Equal(t, time.Date(2040, 1, 2, 3, 4, 5, 0, time.UTC), at("2209086245"))
	for _, nonsense := range []string{"", "soon", "-5", "0", "99999999999999", "1e9"} {
		assert.Equal(t, w.clock.Now(), at(nonsense), nonsense)
	}
}

// FuzzMessage lets anything be written by somebody who can sign, as in plain mode.
func FuzzMessage(f *testing.F) {
	channel, err := wechat.New(wechat.Options{
		AppID: "wx1", Token: "t", Plain: true, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(f, err)
	query := url.Values{"timestamp": {"1"}, "nonce": {"2"}, "signature": {platformtest.Sign("t", "1", "2")}}
	f.Add([]byte("<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>"))
	f.Add([]byte("<xml><FromUserName>a</FromUserName><MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_1</EventKey></xml>"))
	f.Add([]byte("<xml><FromUserName>a</FromUserName><MsgType>location</MsgType><Location_X>1e999</Location_X><Location_Y>NaN</Location_Y></xml>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := channel.Decode(query, body)
		if err != nil {
			return
		}
		for _, m := range d.Messages {
			if m.PlatformID == "" || m.ExternalID == "" || m.Kind == "" || m.At.IsZero() {
				t.Fatalf("a message without its id, sender, kind or time: %+v", m)
			}
			if l := m.Location; l != nil && !(l.Latitude*l.Longitude < 90*180+1) {
				t.Fatalf("no place on earth: %+v", l)
			}
		}
	})
}
