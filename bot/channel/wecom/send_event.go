package wecom

import (
	"context"

	"rongjun/bot"
)

const eventPath = "/cgi-bin/kf/send_msg_on_event"

// onEvent is the one message that the code of an event, or of a change of state, allows [D95122]. Whom it
// goes to stands in the code; the state that gave it must still be, except for a welcome.
type onEvent struct {
	Code    string     `json:"code"`
	MsgID   string     `json:"msgid"`
	MsgType string     `json:"msgtype"`
	Text    *eventText `json:"text,omitempty"`
	Menu    *menuBody  `json:"msgmenu,omitempty"`
}

type eventText struct {
	Content string `json:"content"`
}

// sendOnEvent answers an event. It is tried once, whatever comes of it: the code is spent.
func (c *Channel) sendOnEvent(ctx context.Context, o bot.Outgoing) (bot.Receipt, error) {
	m := onEvent{Code: o.Code, MsgID: o.ID, MsgType: "text"}
	if words := reply(o).Written(); len(o.Choices) == 0 {
		m.Text = &eventText{Content: words}
	} else {
		body := menuOf(words, o.Choices)
		m.MsgType, m.Menu = "msgmenu", &body
	}
	var out struct{}
	err := c.client.Post(ctx, eventPath, m, &out)
	c.faults.Note(eventPath, err)
	if err != nil {
		return bot.Receipt{}, c.client.SendError(eventPath, err)
	}
	return bot.Receipt{}, nil
}
