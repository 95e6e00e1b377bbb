package wecom

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"rongjun/bot"
)

// appXML is a message or event of the app [D90239, D90240]. Numbers are read as text, since an odd one
// must not lose a message.
type appXML struct {
	From    string `xml:"FromUserName"`
	Created string `xml:"CreateTime"`
	Agent   string `xml:"AgentID"`
	Type    string `xml:"MsgType"`
	MsgID   string `xml:"MsgId"`

	Content   string `xml:"Content"`
	MediaID   string `xml:"MediaId"`
	Latitude  string `xml:"Location_X"`
	Longitude string `xml:"Location_Y"`
	Label     string `xml:"Label"`
	Title     string `xml:"Title"`
	URL       string `xml:"Url"`

	Event string `xml:"Event"`
	Key   string `xml:"EventKey"`
	Task  string `xml:"TaskId"`
	Code  string `xml:"ResponseCode"`
}

// id is the same for every redelivery: the message's own where it has one, else it is made of who did
// what when [D90238].
func (x appXML) id() string {
	if x.MsgID != "" {
		return x.MsgID
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{x.From, x.Created, x.Event, x.Key, x.Task}, "\n")))
	return "event-" + hex.EncodeToString(sum[:16])
}

func (x appXML) at(now time.Time) time.Time {
	seconds, err := strconv.ParseInt(x.Created, 10, 64)
	if err != nil || seconds <= 0 {
		return now
	}
	return time.Unix(seconds, 0).UTC()
}

// read turns what a member wrote or did into a delivery.
func (a *App) read(plain []byte) (bot.Delivery, error) {
	var x appXML
	if err := xml.Unmarshal(plain, &x); err != nil {
		return bot.Delivery{}, fmt.Errorf("plain text is no XML: %w", bot.ErrEnvelope)
	}
	var d bot.Delivery
	if x.Agent != "" && x.Agent != a.account() {
		a.c.o.Log.Warn("callback of another app", "channel", AppName, "app", x.Agent)
		return d, nil
	}
	if x.Type == "event" {
		a.event(&d, x)
		return d, nil
	}
	a.setAlert("")
	d.Messages = []bot.Incoming{a.message(x, plain)}
	return d, nil
}

func (a *App) incoming(x appXML) bot.Incoming {
	return bot.Incoming{
		Address:    bot.Address{Channel: AppName, Account: a.account(), ExternalID: x.From},
		PlatformID: x.id(), At: x.at(a.c.o.Now()),
	}
}

// message reads what a member wrote. What is not understood is kept as it came.
func (a *App) message(x appXML, plain []byte) bot.Incoming {
	in := a.incoming(x)
	if said := x.said(); said != nil {
		said.fill(&in)
		return in
	}
	in.Kind, in.Text, in.Raw = bot.KindUnknown, labelled("消息"), plain
	return in
}

// said is the message as customer service would have it, nil for what is not understood.
func (x appXML) said() content {
	switch x.Type {
	case "text":
		return &text{Content: x.Content}
	case "link":
		return &link{Title: x.Title, URL: x.URL}
	case "location":
		if latitude, longitude, ok := x.place(); ok {
			return &location{Latitude: latitude, Longitude: longitude, Name: x.Label}
		}
	case "image", "voice", "video", "file":
		if m, ok := kinds[x.Type]().(*media); ok && x.MediaID != "" {
			m.MediaID = x.MediaID
			return m
		}
	}
	return nil
}

// place is where on the map the message points.
func (x appXML) place() (latitude, longitude float64, ok bool) {
	latitude, err := strconv.ParseFloat(x.Latitude, 64)
	if err != nil {
		return 0, 0, false
	}
	longitude, err = strconv.ParseFloat(x.Longitude, 64)
	ok = err == nil && math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180
	return latitude, longitude, ok
}

// event takes the events that mean something here; the others are acknowledged, or they would only
// come again. Who may use the app from now on enters the conversation. A tap on the app's own menu is
// the question that the operator wrote as its key.
func (a *App) event(d *bot.Delivery, x appXML) {
	switch {
	case x.Event == "click" && strings.TrimSpace(x.Key) != "":
		in := a.incoming(x)
		in.Kind, in.Text = bot.KindText, x.Key
		d.Messages = []bot.Incoming{in}
	case x.Event == "template_card_event" && strings.HasPrefix(x.Task, menuTasks):
		in := a.incoming(x)
		in.Kind, in.ChoiceID = bot.KindTap, x.Key
		d.Messages = []bot.Incoming{in}
	case x.Event == "template_card_event":
		d.Clicks = []bot.Click{{
			ID: x.id(), Task: x.Task, By: x.From, Act: x.Key, Code: x.Code, At: x.at(a.c.o.Now()),
		}}
	case x.Event == "subscribe":
		in := a.incoming(x)
		in.Kind, in.Text, in.Enter = bot.KindEvent, "开始使用应用", &bot.Enter{Scene: x.Event}
		d.Messages = []bot.Incoming{in}
	case alerts[x.Event] != "":
		a.warn(x.Event)
	default:
		a.c.o.Log.Debug("callback without an act", "channel", AppName, "type", plainName(x.Type),
			"event", plainName(x.Event))
	}
}
