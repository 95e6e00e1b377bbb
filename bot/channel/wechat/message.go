package wechat

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rongjun/bot"
)

// message is the plain text of a callback: a message or an event. Only what this program reads is
// named, and all of it as text, so that a number written in an unforeseen way spoils nothing else.
type message struct {
	Account string `xml:"ToUserName"`
	From    string `xml:"FromUserName"`
	Created string `xml:"CreateTime"`
	Type    string `xml:"MsgType"`
	ID      string `xml:"MsgId"`

	Content    string `xml:"Content"`
	MenuID     string `xml:"bizmsgmenuid"`
	MediaID    string `xml:"MediaId"`
	Recognised string `xml:"Recognition"`

	Latitude  string `xml:"Location_X"`
	Longitude string `xml:"Location_Y"`
	Label     string `xml:"Label"`

	Title       string `xml:"Title"`
	Description string `xml:"Description"`
	URL         string `xml:"Url"`

	Event    string `xml:"Event"`
	EventKey string `xml:"EventKey"`
}

// labels name the kinds that have no words of their own, for staff and in the transcript. A recording
// has words once it was heard.
var labels = map[string]string{
	"image": "图片", "voice": "语音", "video": "视频", "shortvideo": "小视频",
	"location": "位置", "link": "链接", "file": "文件",
}

// read turns a callback into what it delivers, and gives the message itself too. What this program
// does not act on is acknowledged all the same: the platform would only send it again, and then
// tell the contact that we are out of order.
func (c *account) read(plain []byte) (bot.Delivery, message, error) {
	var m message
	if !utf8.Valid(plain) || xml.Unmarshal(plain, &m) != nil {
		return bot.Delivery{}, m, fmt.Errorf("plain text is no XML: %w", bot.ErrEnvelope)
	}
	if m.From == "" || m.Type == "" {
		return bot.Delivery{}, m, fmt.Errorf("message without a sender or type: %w", bot.ErrEnvelope)
	}
	d := bot.Delivery{Ack: []byte(ack)}
	in := bot.Incoming{
		Address:    bot.Address{Channel: Name, Account: c.o.AppID, ExternalID: m.From},
		PlatformID: m.once(), At: m.at(c.o.Now()),
	}
	kept := true
	if m.Type == "event" {
		in, kept = fromEvent(in, m, plain)
	} else {
		in = fromContact(in, m, plain)
	}
	if kept {
		d.Messages = []bot.Incoming{in}
	} else {
		c.o.Log.Debug("callback without an act", "channel", Name, "event", m.Event)
	}
	return d, m, nil
}

// once names the message for good: a message by its MsgId; an event, which has none, by who caused it
// and when. The event's name is in it too, since following and telling where one is fall together.
func (m message) once() string {
	if m.ID != "" && m.Type != "event" {
		return m.ID
	}
	return strings.Join([]string{m.Type, m.Event, m.Created, m.From}, ":")
}

// at is when it was written, which may lie beyond what 32 bits hold.
func (m message) at(now time.Time) time.Time {
	seconds, err := strconv.ParseInt(strings.TrimSpace(m.Created), 10, 64)
	if err != nil || seconds <= 0 || seconds > maxSeconds {
		return now
	}
	return time.Unix(seconds, 0).UTC()
}

// maxSeconds is the end of the year 9999, behind which dates are not written as dates any more.
const maxSeconds = 253_402_300_799

func fromContact(in bot.Incoming, m message, plain []byte) bot.Incoming {
	in.Text = label(m.Type)
	switch m.Type {
	case "text":
		in.Kind, in.Text = bot.KindText, m.Content
		if m.MenuID != "" {
			in.Kind, in.ChoiceID = bot.KindTap, m.MenuID
		}
	case "image":
		in.Kind, in.Media = bot.KindImage, m.media()
	case "voice":
		in.Kind, in.Media = bot.KindVoice, m.media()
		in.Text = strings.TrimSpace(m.Recognised)
	case "video", "shortvideo":
		// A film is not given out but by a link to another host, which is not followed.
		in.Kind = bot.KindVideo
	case "location":
		in.Kind, in.Location = bot.KindLocation, m.location()
		in.Text += strings.TrimSpace(m.Label)
	case "link":
		in.Kind, in.Text = bot.KindLink, m.link()
	default:
		in.Kind = bot.KindUnknown
	}
	if in.Kind == bot.KindUnknown || in.Kind == bot.KindLocation && in.Location == nil {
		in.Kind, in.Raw = bot.KindUnknown, plain
	}
	return in
}

func label(kind string) string { return "〔" + cmp.Or(labels[kind], "消息") + "〕" }

func (m message) media() *bot.MediaRef {
	if m.MediaID == "" {
		return nil
	}
	return &bot.MediaRef{ID: m.MediaID}
}

// location is a place on the map: X is the latitude here, Y the longitude.
func (m message) location() *bot.Location {
	latitude, err1 := strconv.ParseFloat(strings.TrimSpace(m.Latitude), 64)
	longitude, err2 := strconv.ParseFloat(strings.TrimSpace(m.Longitude), 64)
	if err1 != nil || err2 != nil || !(latitude >= -90 && latitude <= 90) ||
		!(longitude >= -180 && longitude <= 180) {
		return nil
	}
	return &bot.Location{Latitude: latitude, Longitude: longitude, Address: m.Label}
}

func (m message) link() string {
	words := strings.Fields(strings.Join([]string{m.Title, m.Description, m.URL}, " "))
	return label("link") + strings.Join(words, " ")
}
