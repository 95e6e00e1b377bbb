package wecom

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"rongjun/bot"
)

// events are the event types of sync_msg [D94670] that belong to a customer.
var events = map[string]func() content{
	"enter_session":                     func() content { return new(entered) },
	"msg_send_fail":                     func() content { return new(sendFailed) },
	"session_status_change":             func() content { return new(sessionChanged) },
	"user_recall_msg":                   func() content { return new(recalled) },
	"servicer_recall_msg":               func() content { return new(recalled) },
	"reject_customer_msg_switch_change": func() content { return new(rejected) },
}

// eventHead is what every event says, inside the message.
type eventHead struct {
	Event struct {
		Type     string `json:"event_type"`
		External string `json:"external_userid"`
	} `json:"event"`
}

// fromEvent reads an event. One of a type that is not known is kept raw in its customer's
// conversation, where there is one.
func fromEvent(in bot.Incoming, raw json.RawMessage) (bot.Incoming, error) {
	var h eventHead
	if err := json.Unmarshal(raw, &h); err != nil {
		return bot.Incoming{}, fmt.Errorf("event of another shape: %w", err)
	}
	if h.Event.External == "" {
		return bot.Incoming{}, errNotForUs
	}
	in.ExternalID, in.Kind, in.Raw = h.Event.External, bot.KindEvent, raw
	in.Text = "〔平台事件〕" + h.Event.Type
	if make, known := events[h.Event.Type]; known {
		body := make()
		var e struct {
			Event json.RawMessage `json:"event"`
		}
		if json.Unmarshal(raw, &e) == nil && json.Unmarshal(e.Event, body) == nil {
			body.fill(&in)
		}
	}
	return in, nil
}

// How long the one message that an event's code allows may be sent, each shorter than what the platform
// gives [D95122] by what a request may take: 20 s after an entry and after the end of a session, 48 h
// once a contact is in the pool.
const (
	shortLife = 15 * time.Second
	poolLife  = 47*time.Hour + 50*time.Minute
)

// ticket is the leave that a code gives from a moment on.
func ticket(code string, from time.Time, life time.Duration) bot.Ticket {
	if code == "" {
		return bot.Ticket{}
	}
	return bot.Ticket{Code: code, Until: from.Add(life)}
}

// entered: the customer opened the chat through our link. There is a code only where a welcome may be
// sent.
type entered struct {
	Scene    string `json:"scene"`
	Param    string `json:"scene_param"`
	Code     string `json:"welcome_code"`
	Channels struct {
		Nickname string `json:"nickname"`
	} `json:"wechat_channels"`
}

func (e *entered) fill(in *bot.Incoming) {
	enter := bot.Enter{Scene: e.Scene, Param: e.Param, Ticket: ticket(e.Code, in.At, shortLife)}
	if e.Scene == "" {
		enter.Scene = e.Channels.Nickname
	}
	in.Enter, in.Text = &enter, labelled("进入会话", enter.Origin())
}

// sendFailed: a message that was accepted did not arrive.
type sendFailed struct {
	MsgID string `json:"fail_msgid"`
	Type  number `json:"fail_type"`
}

// failTypes are the reasons in Chinese, for staff [D94670].
var failTypes = map[number]string{
	0: "原因未知", 1: "客服账号已删除", 2: "应用已关闭", 4: "客户超过48小时没有来消息", 5: "会话已结束",
	6: "客户来一条消息后发送超过5条", 8: "企业未认证", 10: "客户拒收", 11: "没有成员登录企业微信",
	12: "这种消息不允许发送", 13: "内容被安全规则拦截",
}

// closing are the reasons for which nothing more is taken until the customer writes.
var closing = map[number]bool{4: true, 6: true}

func (f *sendFailed) fill(in *bot.Incoming) {
	reason := failTypes[f.Type]
	if reason == "" {
		reason = "平台没有说明原因（" + strconv.FormatInt(int64(f.Type), 10) + "）"
	}
	in.Failure = &bot.Failure{Message: f.MsgID, Code: int(f.Type), Reason: reason, Closed: closing[f.Type]}
	in.Text = labelled("没有送到", reason)
}

// sessionChanged: receptionists acted in the WeCom client; what we do by the API makes no event.
type sessionChanged struct {
	Change number `json:"change_type"`
	Old    string `json:"old_servicer_userid"`
	New    string `json:"new_servicer_userid"`
	Code   string `json:"msg_code"`
}

var sessionChanges = map[number]struct {
	change bot.SessionChange
	words  string
}{
	1: {bot.SessionTaken, "接待人员接入会话"}, 2: {bot.SessionPassed, "会话转给别的接待人员"},
	3: {bot.SessionEnded, "接待人员结束会话"}, 4: {bot.SessionReopened, "接待人员重新接入会话"},
}

func (s *sessionChanged) fill(in *bot.Incoming) {
	known, ok := sessionChanges[s.Change]
	if !ok {
		return
	}
	in.Session = &bot.Session{Change: known.change, From: s.Old, To: s.New}
	if known.change == bot.SessionEnded {
		// The code that comes when a contact is taken is left alone: a receptionist has them by then, and
		// what we said would be said over that person's shoulder.
		in.Session.Ticket = ticket(s.Code, in.At, shortLife)
	}
	in.Text = labelled(known.words)
}

// recalled: the customer, or a receptionist, took a message back.
type recalled struct {
	MsgID string `json:"recall_msgid"`
}

func (r *recalled) fill(in *bot.Incoming) {
	if r.MsgID != "" {
		in.Recalls, in.Kind, in.Text, in.Raw = r.MsgID, "", "", nil
	}
}

// rejected: a receptionist refuses a customer's messages, or takes them again.
type rejected struct {
	Switch number `json:"reject_switch"`
}

func (r *rejected) fill(in *bot.Incoming) {
	in.Text = labelled("接待人员恢复接收这位客户的消息")
	if r.Switch == 1 {
		in.Text = labelled("接待人员拒收了这位客户的消息")
	}
}
