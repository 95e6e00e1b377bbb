package wecom

import (
	"strings"

	"rongjun/bot"
)

// kinds are the message types of sync_msg [D94670], each with the type of its content.
var kinds = map[string]func() content{
	"text":                  func() content { return new(text) },
	"image":                 func() content { return &media{kind: bot.KindImage, label: "图片"} },
	"voice":                 func() content { return &media{kind: bot.KindVoice, label: "语音"} },
	"video":                 func() content { return &media{kind: bot.KindVideo, label: "视频"} },
	"file":                  func() content { return &media{kind: bot.KindFile, label: "文件"} },
	"location":              func() content { return new(location) },
	"link":                  func() content { return new(link) },
	"business_card":         func() content { return new(businessCard) },
	"miniprogram":           func() content { return new(miniProgram) },
	"msgmenu":               func() content { return new(passedMenu) },
	"channels_shop_product": func() content { return new(product) },
	"channels_shop_order":   func() content { return new(order) },
	"merged_msg":            func() content { return new(merged) },
	"channels":              func() content { return new(channels) },
	"meeting":               func() content { return &shown{label: "会议"} },
	"calendar":              func() content { return &shown{label: "日程"} },
	"note":                  func() content { return &shown{label: "笔记"} },
}

// text is what a customer writes, or what they tap in a menu of ours.
type text struct {
	Content string `json:"content"`
	MenuID  string `json:"menu_id"`
}

func (t *text) fill(in *bot.Incoming) {
	in.Kind, in.Text = bot.KindText, t.Content
	switch {
	case t.MenuID != "":
		in.Kind, in.ChoiceID = bot.KindTap, t.MenuID
	case tooLarge(t.Content):
		in.Kind = bot.KindNotice
	}
}

// media are a picture, a recording, a video or a file, to be fetched by its id.
type media struct {
	MediaID string `json:"media_id"`

	kind  bot.Kind
	label string
}

func (m *media) fill(in *bot.Incoming) {
	in.Kind = m.kind
	if m.kind != bot.KindVoice { // its text is what will be heard in it
		in.Text = labelled(m.label)
	}
	if m.MediaID != "" {
		in.Media = &bot.MediaRef{ID: m.MediaID}
	}
}

// location is a place on the map. The platform does not name the datum; in the mainland it is GCJ-02.
type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name"`
	Address   string  `json:"address"`
}

func (l *location) fill(in *bot.Incoming) {
	in.Kind, in.Text = bot.KindLocation, labelled("位置", l.Name, l.Address)
	in.Location = &bot.Location{
		Latitude: l.Latitude, Longitude: l.Longitude, Name: l.Name, Address: l.Address,
	}
}

// link is a page that the customer passes on.
type link struct {
	Title string `json:"title"`
	Desc  string `json:"desc"`
	URL   string `json:"url"`
}

func (l *link) fill(in *bot.Incoming) {
	in.Kind, in.Text = bot.KindLink, labelled("链接", l.Title, l.URL)
}

// businessCard names a member of the corp.
type businessCard struct {
	UserID string `json:"userid"`
}

func (c *businessCard) fill(in *bot.Incoming) { card(in, "名片", c.UserID) }

type miniProgram struct {
	Title    string `json:"title"`
	AppID    string `json:"appid"`
	PagePath string `json:"pagepath"`
}

func (m *miniProgram) fill(in *bot.Incoming) { card(in, "小程序", m.Title) }

// passedMenu is a menu that is passed on, not one that was tapped.
type passedMenu struct {
	Head string `json:"head_content"`
	Tail string `json:"tail_content"`
}

func (m *passedMenu) fill(in *bot.Incoming) { card(in, "菜单", m.Head, m.Tail) }

type product struct {
	ProductID string `json:"product_id"`
	Title     string `json:"title"`
	Price     string `json:"sales_price"`
	Shop      string `json:"shop_nickname"`
}

func (p *product) fill(in *bot.Incoming) { card(in, "商品", p.Title, p.Shop) }

type order struct {
	OrderID string `json:"order_id"`
	Titles  string `json:"product_titles"`
	State   string `json:"state"`
	Shop    string `json:"shop_nickname"`
}

func (o *order) fill(in *bot.Incoming) { card(in, "订单", o.Titles, o.State, o.Shop) }

// merged is a piece of another chat. Each item holds its own message as JSON in a text.
type merged struct {
	Title string `json:"title"`
	Items []struct {
		MsgType string `json:"msgtype"`
		Sender  string `json:"sender_name"`
		Content string `json:"msg_content"`
	} `json:"item"`
}

func (m *merged) fill(in *bot.Incoming) {
	lines := []string{m.Title}
	for _, item := range m.Items {
		words := labelled("消息")
		if item.MsgType == "text" {
			words = textOf(item.Content)
		}
		lines = append(lines, item.Sender+"："+words)
	}
	card(in, "聊天记录", strings.Join(lines, "\n"))
}

// channels is a post, a broadcast or the card of a channel (视频号).
type channels struct {
	SubType  number `json:"sub_type"`
	Nickname string `json:"nickname"`
	Title    string `json:"title"`
}

func (c *channels) fill(in *bot.Incoming) { card(in, "视频号", c.Nickname, c.Title) }

// shown are the kinds of which the platform tells nothing but that they are there.
type shown struct{ label string }

func (s *shown) fill(in *bot.Incoming) { card(in, s.label) }

func card(in *bot.Incoming, label string, words ...string) {
	in.Kind, in.Text = bot.KindCard, labelled(label, words...)
}

// labelled is a kind's name with what is known of it, for staff.
func labelled(label string, words ...string) string {
	out := "〔" + label + "〕"
	for _, w := range words {
		if w != "" {
			out += w + " "
		}
	}
	return strings.TrimSpace(out)
}
