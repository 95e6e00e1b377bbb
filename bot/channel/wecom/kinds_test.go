package wecom_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
)

func TestEveryKindOfMessageIsReadAsWhatItIs(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	type fields = map[string]any
	for _, tt := range []struct {
		kind string
		body any
		want bot.Incoming
	}{
		{"text", fields{"content": "在吗"}, bot.Incoming{Kind: bot.KindText, Text: "在吗"}},
		{
			"text",
			fields{"content": "要带什么", "menu_id": "c1"},
			bot.Incoming{Kind: bot.KindTap, Text: "要带什么", ChoiceID: "c1"},
		},
		{
			"image",
			fields{"media_id": "m1"},
			bot.Incoming{Kind: bot.KindImage, Text: "〔图片〕", Media: &bot.MediaRef{ID: "m1"}},
		},
		{
			"voice",
			fields{"media_id": "m2"},
			bot.Incoming{Kind: bot.KindVoice, Media: &bot.MediaRef{ID: "m2"}},
		},
		{
			"video",
			fields{"media_id": "m3"},
			bot.Incoming{Kind: bot.KindVideo, Text: "〔视频〕", Media: &bot.MediaRef{ID: "m3"}},
		},
		{
			"file",
			fields{"media_id": "m4"},
			bot.Incoming{Kind: bot.KindFile, Text: "〔文件〕", Media: &bot.MediaRef{ID: "m4"}},
		},
		{
			"location",
			fields{"latitude": 30.25, "longitude": 120.5, "name": "断桥", "address": "西湖区"},
			bot.Incoming{
				Kind: bot.KindLocation, Text: "〔位置〕断桥 西湖区",
				Location: &bot.Location{
					Latitude: 30.25, Longitude: 120.5, Name: "断桥", Address: "西湖区",
				},
			},
		},
		{
			"link",
			fields{"title": "通知", "desc": "长", "url": "https://example.org", "pic_url": "p"},
			bot.Incoming{Kind: bot.KindLink, Text: "〔链接〕通知 https://example.org"},
		},
		{
			"business_card",
			fields{"userid": "zhang"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔名片〕zhang"},
		},
		{
			"miniprogram",
			fields{"title": "办事", "appid": "wx", "pagepath": "a.html"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔小程序〕办事"},
		},
		{
			"msgmenu",
			fields{"head_content": "请选", "list": []any{}, "tail_content": "谢谢"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔菜单〕请选 谢谢"},
		},
		{
			"channels_shop_product",
			fields{"title": "茶", "sales_price": "10", "shop_nickname": "店"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔商品〕茶 店"},
		},
		{
			"channels_shop_order",
			fields{"product_titles": "茶", "state": "待付款"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔订单〕茶 待付款"},
		},
		{
			"merged_msg",
			fields{"title": "群聊", "item": []any{
				fields{
					"send_time": 1, "msgtype": "text", "sender_name": "老王",
					"msg_content": `{"text":{"content":"优待证下来了"}}`,
				},
				fields{"msgtype": "image", "sender_name": "老李", "msg_content": `{"image":{}}`},
			}},
			bot.Incoming{
				Kind: bot.KindCard, Text: "〔聊天记录〕群聊\n老王：优待证下来了\n老李：〔消息〕",
			},
		},
		{
			"channels",
			fields{"sub_type": 1, "nickname": "某号", "title": "某事"},
			bot.Incoming{Kind: bot.KindCard, Text: "〔视频号〕某号 某事"},
		},
		{"meeting", nil, bot.Incoming{Kind: bot.KindCard, Text: "〔会议〕"}},
		{"calendar", nil, bot.Incoming{Kind: bot.KindCard, Text: "〔日程〕"}},
		{"note", nil, bot.Incoming{Kind: bot.KindCard, Text: "〔笔记〕"}},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			cursor := w.pull(t, "", "").Cursor
			message := fields{"msgtype": tt.kind}
			if tt.body != nil {
				message[tt.kind] = tt.body
			}
			tt.want.PlatformID = li.SendRaw(account, message)
			tt.want.Address = bot.Address{Channel: "wecom", Account: account, ExternalID: "li"}
			tt.want.At = w.clock.Now()
			page := w.pull(t, cursor, "")
			require.Len(t, page.Messages, 1)
			assert.Equal(t, tt.want, page.Messages[0])
		})
	}
}

func TestWhatIsNotKnownOrNotWhatItSaysIsKeptRaw(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.SendRaw(account, map[string]any{"msgtype": "something_new", "something_new": 1})
	li.SendRaw(account, map[string]any{"msgtype": "location", "location": "nowhere"})
	li.SendRaw(account, map[string]any{"msgtype": "image"})
	page := w.pull(t, "", "")
	require.Len(t, page.Messages, 3, "nothing is lost")
	for _, m := range page.Messages {
		assert.Equal(t, bot.KindUnknown, m.Kind)
		assert.True(t, json.Valid(m.Raw))
		assert.Contains(t, string(m.Raw), "msgtype")
	}
}

func TestEveryEventIsReadAsWhatItIs(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	code := li.Enter(account, wecomtest.Scene{Scene: "poster", Param: "西湖区"})
	type fields = map[string]any
	li.Event(account, fields{"event_type": "msg_send_fail", "fail_msgid": "m1", "fail_type": 10})
	for change := 1; change <= 4; change++ {
		li.Event(account, fields{
			"event_type": "session_status_change", "change_type": change,
			"old_servicer_userid": "zhang", "new_servicer_userid": "wang", "msg_code": "c",
		})
	}
	li.Event(account, fields{"event_type": "user_recall_msg", "recall_msgid": "m2"})
	li.Event(account, fields{
		"event_type": "servicer_recall_msg", "recall_msgid": "m3", "servicer_userid": "zhang",
	})
	li.Event(account, fields{
		"event_type": "reject_customer_msg_switch_change", "servicer_userid": "zhang",
		"reject_switch": 1,
	})
	li.Event(account, fields{"event_type": "something_new"})
	w.AddReceptionist(account, "zhang").Receive(account, false)

	page := w.pull(t, "", "")
	require.Len(t, page.Messages, 10)
	for _, m := range page.Messages {
		assert.Equal(t, "li", m.ExternalID, "an event names its customer inside")
	}
	entered := page.Messages[0]
	assert.Equal(t, bot.KindEvent, entered.Kind)
	assert.Equal(t, "〔进入会话〕poster 西湖区", entered.Text)
	assert.Equal(t, &bot.Enter{
		Scene: "poster", Param: "西湖区",
		Ticket: bot.Ticket{Code: code, Until: w.clock.Now().Add(15 * time.Second)},
	}, entered.Enter)
	assert.Equal(t, &bot.Failure{Message: "m1", Code: 10, Reason: "客户拒收"}, page.Messages[1].Failure)
	for i, want := range []bot.SessionChange{
		bot.SessionTaken, bot.SessionPassed, bot.SessionEnded, bot.SessionReopened,
	} {
		session := &bot.Session{Change: want, From: "zhang", To: "wang"}
		if want == bot.SessionEnded { // in the others a receptionist has the customer
			session.Ticket = bot.Ticket{Code: "c", Until: w.clock.Now().Add(15 * time.Second)}
		}
		assert.Equal(t, session, page.Messages[2+i].Session)
	}
	assert.Equal(t, "m2", page.Messages[6].Recalls)
	assert.Equal(t, "m3", page.Messages[7].Recalls)
	assert.Equal(t, "〔接待人员拒收了这位客户的消息〕", page.Messages[8].Text)
	assert.Equal(t, bot.KindEvent, page.Messages[9].Kind)
	assert.Contains(t, string(page.Messages[9].Raw), "something_new")
	assert.Equal(t, []bot.Duty{{
		Account: account, Staff: "zhang", Receiving: false, At: w.clock.Now(),
	}}, page.Duties)
}

func TestWhatAReceptionistTypesIsTheirs(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	w.AddReceptionist(account, "zhang").Say(account, li, "我来答")
	page := w.pull(t, "", "")
	typed := page.Messages[len(page.Messages)-1]
	assert.Equal(t, "zhang", typed.Author)
	assert.Equal(t, "我来答", typed.Text)
}

func TestTheNoticeOfALargeFileIsNoQuestion(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.SendFile(account, "档案.pdf", make([]byte, 25<<20))
	li.SendImage(account, make([]byte, 3<<20))
	for _, question := range []string{
		"我的文件太大发不过来怎么办", "图片大小超过多少不行？", "退役军人优待证遗失补办材料的照片有要求吗",
	} {
		li.Say(account, question)
	}
	page := w.pull(t, "", "")
	require.Len(t, page.Messages, 5)
	for i, m := range page.Messages {
		want := bot.KindText
		if i < 2 {
			want = bot.KindNotice
		}
		assert.Equal(t, want, m.Kind, m.Text)
	}
}
