package wechat

import (
	"strings"
	"time"

	"rongjun/bot"
)

// The events that this program acts on.
const (
	eventFollow   = "subscribe"
	eventUnfollow = "unsubscribe"
	eventScan     = "SCAN"
	eventClick    = "CLICK"
	eventView     = "VIEW"
	// scenePrefix stands before the scene of the code through which somebody followed.
	scenePrefix = "qrscene_"
)

// fromEvent reads an event, and says whether there is anything to keep. Where somebody is (LOCATION)
// is told by their phone, again and again and not to us: it is not kept.
func fromEvent(in bot.Incoming, m message, plain []byte) (bot.Incoming, bool) {
	in.Kind, in.Raw = bot.KindEvent, plain
	switch m.Event {
	case eventFollow:
		in.Text = "〔关注了公众号〕"
		in.Enter = entered(in, m, strings.TrimPrefix(m.EventKey, scenePrefix))
	case eventScan:
		in.Text = "〔扫了二维码〕"
		in.Enter = entered(in, m, m.EventKey)
	case eventUnfollow:
		in.Text = "〔取消了关注〕"
	case eventView:
		in.Text = "〔打开了菜单里的网页〕"
	case eventClick:
		// The key of a button is what the contact says by it; the operator who made the menu chose it.
		if strings.TrimSpace(m.EventKey) == "" {
			return in, false
		}
		in.Kind, in.Text, in.Raw = bot.KindText, m.EventKey, nil
	default:
		return in, false
	}
	return in, true
}

// greetFor is how long after a follow or a scan something may be sent. The platform gives a minute.
const greetFor = 50 * time.Second

// entered is how somebody came, and that they may be greeted once: what is sent to them counts for the
// event, not for a message that they wrote. The platform wants no code for it; ours names the event.
func entered(in bot.Incoming, m message, scene string) *bot.Enter {
	return &bot.Enter{Scene: scene, Ticket: bot.Ticket{Code: m.Event, Until: in.At.Add(greetFor)}}
}
