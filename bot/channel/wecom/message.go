package wecom

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rongjun/bot"
)

// errNotForUs marks what a pull returns and this program has no act for.
var errNotForUs = errors.New("not for us")

// The origins of pulled messages [D94670].
const (
	originCustomer = 3
	originEvent    = 4
)

// pulled is one message of sync_msg. Only what this program reads is named; the raw form is kept for
// the kinds that it does not understand.
type pulled struct {
	MsgID    string `json:"msgid"`
	OpenKfID string `json:"open_kfid"`
	External string `json:"external_userid"`
	SendTime int64  `json:"send_time"`
	Origin   int    `json:"origin"`
	MsgType  string `json:"msgtype"`
	Text     struct {
		Content string `json:"content"`
		MenuID  string `json:"menu_id"`
	} `json:"text"`
	Event struct {
		Type        string `json:"event_type"`
		OpenKfID    string `json:"open_kfid"`
		External    string `json:"external_userid"`
		RecallMsgID string `json:"recall_msgid"`
	} `json:"event"`
}

// labels name the kinds that are kept raw, for staff and for the contact's own page.
var labels = map[string]string{
	"image": "图片", "voice": "语音", "video": "视频", "file": "文件", "location": "位置",
	"link": "链接", "business_card": "名片", "miniprogram": "小程序", "msgmenu": "菜单",
	"merged_msg": "聊天记录", "channels": "视频号", "channels_shop_product": "商品",
	"channels_shop_order": "订单", "meeting": "会议", "calendar": "日程", "note": "笔记",
}

func (c *Channel) parse(account string, raw json.RawMessage) (bot.Incoming, error) {
	var p pulled
	if err := json.Unmarshal(raw, &p); err != nil {
		return bot.Incoming{}, fmt.Errorf("message of another shape: %w", err)
	}
	if p.MsgID == "" {
		return bot.Incoming{}, fmt.Errorf("message without an id: %w", bot.ErrInvalid)
	}
	in := bot.Incoming{
		Address:    bot.Address{Channel: Name, Account: account, ExternalID: p.External},
		PlatformID: p.MsgID,
		At:         time.Unix(p.SendTime, 0).UTC(),
	}
	switch p.Origin {
	case originCustomer:
		return fromCustomer(in, p, raw), nil
	case originEvent:
		return fromEvent(in, p)
	}
	return bot.Incoming{}, errNotForUs
}

func fromCustomer(in bot.Incoming, p pulled, raw json.RawMessage) bot.Incoming {
	switch {
	case p.MsgType == "text" && p.Text.MenuID != "":
		in.Kind, in.Text, in.ChoiceID = bot.KindTap, p.Text.Content, p.Text.MenuID
	case p.MsgType == "text":
		in.Kind, in.Text = bot.KindText, p.Text.Content
	default:
		label := labels[p.MsgType]
		if label == "" {
			label = "消息"
		}
		in.Kind, in.Text, in.Raw = bot.KindUnknown, "〔"+label+"〕", raw
	}
	return in
}

// fromEvent reads the events that change the transcript. In events the customer stands inside.
func fromEvent(in bot.Incoming, p pulled) (bot.Incoming, error) {
	if p.Event.Type != "user_recall_msg" || p.Event.RecallMsgID == "" {
		return bot.Incoming{}, errNotForUs
	}
	in.ExternalID = p.Event.External
	in.Recalls = p.Event.RecallMsgID
	return in, nil
}
