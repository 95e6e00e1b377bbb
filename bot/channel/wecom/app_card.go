package wecom

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// appCards is a template card of the kind with buttons [D90236].
type appCards struct {
	Type    string       `json:"card_type"`
	Title   *cardTitle   `json:"main_title,omitempty"`
	Words   string       `json:"sub_title_text,omitempty"`
	Quote   *cardQuote   `json:"quote_area,omitempty"`
	Rows    []cardRow    `json:"horizontal_content_list,omitempty"`
	Action  *cardAction  `json:"card_action,omitempty"`
	Task    string       `json:"task_id"`
	Buttons []cardButton `json:"button_list"`
}

type cardTitle struct {
	Title string `json:"title"`
	Desc  string `json:"desc,omitempty"`
}

type cardQuote struct {
	Title string `json:"title"`
	Text  string `json:"quote_text"`
}

type cardRow struct {
	Name  string `json:"keyname"`
	Value string `json:"value"`
}

type cardAction struct {
	Type int    `json:"type"`
	URL  string `json:"url"`
}

type cardButton struct {
	Text  string `json:"text"`
	Style int    `json:"style,omitempty"`
	Key   string `json:"key,omitempty"`
	Type  int    `json:"type"`
	URL   string `json:"url,omitempty"`
}

const buttonCard = "button_interaction"

// How much of each line a card shows, in characters [D90236].
const (
	cardTitleRunes  = 26
	cardReasonRunes = 30
	cardQuoteRunes  = 100
	cardValueRunes  = 26
	cardDoneRunes   = 30
	cardWordsRunes  = 200
	cardButtonRunes = 24
	cardRows        = 6
	cardButtons     = 6
	opensPage       = 1
	blue            = 1
	grey            = 4
)

// Show shows a card to those who may get another message now. A task is taken once [D90236], with which
// code a second one is refused is not published; so a refused repeat without an act of its own means
// that the first attempt arrived.
func (a *App) Show(ctx context.Context, c bot.Card) (bot.Shown, error) {
	var to []string
	wait := time.Hour
	for _, member := range c.To {
		if over := a.quotas.take(member); over > 0 {
			wait = min(wait, over)
			continue
		}
		to = append(to, member)
	}
	if len(to) == 0 {
		return bot.Shown{}, bot.RetryAfter(errQuota, wait)
	}
	out, err := a.post(ctx, appMessage{
		To: strings.Join(to, "|"), Type: cardMessage, Agent: a.c.o.AgentID, Card: drawn(c),
	})
	if refused := platform.Refused(err); c.Repeat && refused != nil && !refused.Known {
		return bot.Shown{}, fmt.Errorf("%w: %w", bot.ErrCardShown, err)
	}
	if err != nil {
		return bot.Shown{}, err
	}
	return bot.Shown{Code: out.Code, Missed: len(c.To) - len(to) + len(listed(out.Invalid))}, nil
}

func drawn(c bot.Card) *appCards {
	card := &appCards{
		Type: buttonCard, Task: c.Task,
		Title:  &cardTitle{shorten(c.Title, cardTitleRunes), shorten(c.Reason, cardReasonRunes)},
		Action: &cardAction{Type: opensPage, URL: c.Link},
		Buttons: []cardButton{
			{Text: "我来接手", Style: blue, Key: bot.CardTakeover},
			{Text: "查看", Style: grey, Type: opensPage, URL: c.Link},
		},
	}
	if c.Quote != "" {
		card.Quote = &cardQuote{Title: "对方说", Text: shorten(c.Quote, cardQuoteRunes)}
	}
	for _, row := range c.Rows[:min(len(c.Rows), cardRows)] {
		card.Rows = append(card.Rows, cardRow{row.Name, shorten(row.Value, cardValueRunes)})
	}
	return card
}

// shorten keeps the beginning of a line.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// menuTasks begins the tasks of cards that are menus.
const menuTasks = "menu-"

// sendMenu sends words with choices to tap.
func (a *App) sendMenu(ctx context.Context, o bot.Outgoing, said bot.Reply) error {
	card := &appCards{Type: buttonCard, Task: menuTasks + o.ID, Words: said.Written()}
	for _, choice := range o.Choices[:min(len(o.Choices), cardButtons)] {
		card.Buttons = append(card.Buttons, cardButton{
			Text: shorten(choice.Text, cardButtonRunes), Style: blue, Key: choice.ID,
		})
	}
	_, err := a.post(ctx, appMessage{
		To: o.ExternalID, Type: cardMessage, Agent: a.c.o.AgentID, Card: card,
	})
	return err
}

const changePath = "/cgi-bin/message/update_template_card"

// change is update_template_card with a dead button in place of the live ones [D94888].
type change struct {
	Users  []string   `json:"userids,omitempty"`
	All    int        `json:"atall"`
	Agent  int        `json:"agentid"`
	Code   string     `json:"response_code"`
	Button changeName `json:"button"`
}

type changeName struct {
	Name string `json:"replace_name"`
}

// Change replaces the buttons of a card. Which code the platform refuses a used response_code with is
// not published, so a refusal without an act of its own means that.
func (a *App) Change(ctx context.Context, c bot.CardChange) error {
	in := change{
		All: 1, Agent: a.c.o.AgentID, Code: c.Code,
		Button: changeName{shorten(c.Words, cardDoneRunes)},
	}
	if c.Only != "" {
		in.All, in.Users = 0, []string{c.Only}
	}
	var out struct{}
	err := a.c.client.Post(ctx, changePath, in, &out)
	a.faults.Note(changePath, err)
	if refused := platform.Refused(err); refused != nil && !refused.Known {
		return fmt.Errorf("%w: %w", bot.ErrCardCode, err)
	}
	if err != nil {
		err = a.c.client.SendError(changePath, err)
	}
	return err
}
