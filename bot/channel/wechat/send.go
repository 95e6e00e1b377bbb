package wechat

import (
	"context"
	"time"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const sendPath = "/cgi-bin/message/custom/send"

// limits are those of the customer-service API. They are not published; a passive answer may have
// 2048 bytes.
var limits = bot.Limits{Text: bot.MaxParked - bot.ParkedRoom, Head: 1024, Choice: 128, Choices: 10, Items: 2}

// budget is what the platform lets through after a message. What follows a click, a follow or a scan
// has less, which is for the platform to say.
var budget = bot.Budget{Window: 48 * time.Hour, Messages: 5}

// Budget implements bot.Budgeted.
func (c *Channel) Budget() bot.Budget { return budget }

// Send sends one message by the customer-service API.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (bot.Receipt, error) {
	r := bot.Reply{Text: o.Text, Sources: o.Sources, Choices: o.Choices}
	err := c.form(ctx, o, r)
	if o.File == nil && wrongForm(err) {
		// What is refused for its form is better sent as words than not at all.
		err = c.post(ctx, words(o.ExternalID, limits.InWords(r)))
	}
	c.faults.Note(sendPath, err)
	if err != nil {
		return bot.Receipt{}, c.client.SendError(sendPath, err)
	}
	return bot.Receipt{}, nil
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
func (c *Channel) form(ctx context.Context, o bot.Outgoing, r bot.Reply) error {
	switch {
	case o.File != nil:
		return c.sendPicture(ctx, o)
	case len(o.Items) == 1:
		return c.sendItem(ctx, o)
	}
	return c.post(ctx, payload(o.ExternalID, r))
}

func (c *Channel) post(ctx context.Context, m custom) error {
	var out struct{}
	return c.client.Post(ctx, sendPath, m, &out)
}

// custom is a message of the customer-service API. The SDK has the same, in a package that brings two
// clients of caches into the program.
type custom struct {
	To    string   `json:"touser"`
	Type  string   `json:"msgtype"`
	Text  *text    `json:"text,omitempty"`
	Image *picture `json:"image,omitempty"`
	News  *news    `json:"news,omitempty"`
	Mini  *mini    `json:"miniprogrampage,omitempty"`
	Menu  *menu    `json:"msgmenu,omitempty"`
}

type text struct {
	Content string `json:"content"`
}

type menu struct {
	Head string `json:"head_content"`
	List []item `json:"list"`
	Tail string `json:"tail_content"`
}

type item struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

func words(to, content string) custom {
	return custom{To: to, Type: "text", Text: &text{content}}
}

func payload(to string, r bot.Reply) custom {
	if len(r.Choices) == 0 {
		return words(to, r.Written())
	}
	m := &menu{Head: r.Written()}
	for _, choice := range r.Choices {
		m.List = append(m.List, item{choice.ID, limits.Label(choice)})
	}
	return custom{To: to, Type: "msgmenu", Menu: m}
}
