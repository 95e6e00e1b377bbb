package wecom

import (
	"context"
	"slices"

	"github.com/silenceper/wechat/v2/work/kf/sendmsg"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const sendPath = "/cgi-bin/kf/send_msg"

// Send sends one message under our own msgid [D94677]. Accepted is not yet delivered.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (bot.Receipt, error) {
	if o.Code != "" {
		return c.sendOnEvent(ctx, o)
	}
	err := c.form(ctx, o)
	if o.File == nil && wrongForm(err) {
		// What is refused for its form is better sent as words than not at all.
		err = c.post(ctx, textPayload(o, limits.InWords(reply(o))))
	}
	c.faults.Note(sendPath, err)
	if err == nil {
		return bot.Receipt{}, nil
	}
	if o.Repeat && c.duplicate(platform.Refused(err)) {
		return bot.Receipt{Note: "重发时平台以编号重复为由拒收，视为先前已送达"}, nil
	}
	switch platform.ClassOf(err) {
	case platform.ClassState:
		return bot.Receipt{}, c.elsewhere(ctx, o, err)
	case platform.ClassBlocked:
		// The same words would be blocked again, and more of them the account.
		c.faults.Add(sendPath, platform.Refused(err).Code)
		c.o.Log.Error("platform blocked a message as spam", "channel", Name, "account", o.Account)
	}
	return bot.Receipt{}, c.client.SendError(sendPath, err)
}

// wrongForm reports whether the platform refused how a message was made, or the picture that goes with
// it.
func wrongForm(err error) bool {
	refused := platform.Refused(err)
	if refused == nil {
		return false
	}
	return refused.Class == platform.ClassPayload ||
		refused.Path != sendPath && refused.Class == platform.ClassNone
}

// form sends a message in the form that shows most of it.
func (c *Channel) form(ctx context.Context, o bot.Outgoing) error {
	switch {
	case o.File != nil:
		return c.sendFile(ctx, o)
	case len(o.Items) == 1:
		return c.sendItem(ctx, o)
	}
	return c.post(ctx, payload(o))
}

func (c *Channel) post(ctx context.Context, message any) error {
	var out struct{}
	return c.client.Post(ctx, sendPath, message, &out)
}

// duplicate reports whether a refused repeat means that the first attempt arrived. The platform does
// not publish the code, so any code without an act of its own counts, unless the settings name some.
func (c *Channel) duplicate(refused *platform.Error) bool {
	if refused == nil || refused.Path != sendPath {
		return false
	}
	if len(c.o.DuplicateCodes) > 0 {
		return slices.Contains(c.o.DuplicateCodes, refused.Code)
	}
	return !refused.Known
}

// menu is a message with items to tap [D94677]. The SDK's type has nameless inner structs and leaves
// out what it does not know, so ours is written out.
type menu struct {
	sendmsg.Message
	MsgType string   `json:"msgtype"`
	Menu    menuBody `json:"msgmenu"`
}

type menuBody struct {
	Head string     `json:"head_content"`
	List []menuItem `json:"list"`
}

type menuItem struct {
	Type  string `json:"type"`
	Click click  `json:"click"`
}

type click struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

func payload(o bot.Outgoing) any {
	words := reply(o).Written()
	if len(o.Choices) == 0 {
		return textPayload(o, words)
	}
	return menu{Message: head(o), MsgType: "msgmenu", Menu: menuOf(words, o.Choices)}
}

func menuOf(words string, choices []bot.Choice) menuBody {
	body := menuBody{Head: words}
	for _, choice := range choices {
		body.List = append(body.List, menuItem{
			Type: "click", Click: click{ID: choice.ID, Content: limits.Label(choice)},
		})
	}
	return body
}

func textPayload(o bot.Outgoing, words string) any {
	m := sendmsg.Text{Message: head(o), MsgType: "text"}
	m.Text.Content = words
	return m
}

func head(o bot.Outgoing) sendmsg.Message {
	return sendmsg.Message{ToUser: o.ExternalID, OpenKFID: o.Account, MsgID: o.ID}
}

func reply(o bot.Outgoing) bot.Reply {
	return bot.Reply{Text: o.Text, Sources: o.Sources, Choices: o.Choices}
}
