package wecomtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

// Card is a template card as one member sees it.
type Card struct {
	Task    string
	Title   string
	Text    string // below the title
	Quote   string
	Rows    []CardRow
	Buttons []CardButton
	Link    string // where a tap on the card itself leads
	// Replaced is what stands in place of the buttons after an update; nothing can be tapped then.
	Replaced string
}

// CardRow is a line of a card, a name and a value.
type CardRow struct {
	Name  string `json:"keyname"`
	Value string `json:"value"`
}

// CardButton is a button of a card: one that calls back with its key, or one that opens a page.
type CardButton struct {
	Text string `json:"text"`
	Key  string `json:"key"`
	URL  string `json:"url"`
	Type int    `json:"type"`
}

// templateCard is a card as message/send takes it.
type templateCard struct {
	Type  string `json:"card_type"`
	Task  string `json:"task_id"`
	Title struct {
		Title string `json:"title"`
		Desc  string `json:"desc"`
	} `json:"main_title"`
	SubTitle string `json:"sub_title_text"`
	Quote    struct {
		Title string `json:"title"`
		Text  string `json:"quote_text"`
	} `json:"quote_area"`
	Rows    []CardRow    `json:"horizontal_content_list"`
	Buttons []CardButton `json:"button_list"`
	Action  struct {
		Type int    `json:"type"`
		URL  string `json:"url"`
	} `json:"card_action"`
}

const (
	buttonCard  = "button_interaction"
	mostButtons = 6
	mostRows    = 6
	maxTask     = 128
	maxKey      = 1024
	// cardCodeLife is how long a card's code is good for its one update.
	cardCodeLife = 72 * time.Hour
)

// cards are the template cards that were sent, by task.
type cards struct {
	byTask map[string]*sentCard
	codes  map[string]*cardCode
}

type sentCard struct {
	templateCard
	replaced map[string]string // by the member who sees it; a member is there from the start
}

// cardCode is good for one update of a card.
type cardCode struct {
	card  *sentCard
	until time.Time
	used  bool
}

func (c *cards) init() {
	c.byTask, c.codes = map[string]*sentCard{}, map[string]*cardCode{}
}

// check refuses a card that breaks a documented rule.
func (c *cards) check(card *templateCard) error {
	switch {
	case card == nil:
		return refuse(codeBadCard, "template_card is missing")
	case card.Type != buttonCard:
		return refuse(codeBadCard, "card_type %q is not played here", card.Type)
	case card.Task == "" || len(card.Task) > maxTask || !made(card.Task, "_-@"):
		return refuse(codeBadCard, "invalid task_id")
	case c.byTask[card.Task] != nil:
		return refuse(codeBadCard, "task_id has been used")
	case card.Title.Title == "" && card.SubTitle == "":
		return refuse(codeBadCard, "main_title and sub_title_text are empty")
	case len(card.Buttons) == 0 || len(card.Buttons) > mostButtons:
		return refuse(codeBadCard, "button_list holds none or more than 6")
	case len(card.Rows) > mostRows:
		return refuse(codeBadCard, "horizontal_content_list holds more than 6")
	}
	for _, b := range card.Buttons {
		if b.Text == "" || b.Type == 0 && (b.Key == "" || len(b.Key) > maxKey) || b.Type == 1 && b.URL == "" {
			return refuse(codeBadCard, "a button lacks its text, key or url")
		}
	}
	return nil
}

// add keeps a card that was shown to members, and returns its first code.
func (c *cards) add(s *Server, card *templateCard, to []string) string {
	sent := &sentCard{templateCard: *card, replaced: map[string]string{}}
	for _, user := range to {
		sent.replaced[user] = ""
	}
	c.byTask[card.Task] = sent
	return c.issue(s, sent)
}

func (c *cards) issue(s *Server, card *sentCard) string {
	code := s.Random(40)
	c.codes[code] = &cardCode{card: card, until: s.cfg.Now().Add(cardCodeLife)}
	return code
}

// updateRequest is update_template_card with a replaced button.
type updateRequest struct {
	Users  []string    `json:"userids"`
	All    int         `json:"atall"`
	Agent  json.Number `json:"agentid"`
	Code   string      `json:"response_code"`
	Button struct {
		Name string `json:"replace_name"`
	} `json:"button"`
}

// updateCard answers update_template_card.
func (s *Server) updateCard(_ *http.Request, body []byte) (any, error) {
	var in updateRequest
	if err := platformtest.Decode(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.cards.codes[in.Code]
	switch {
	case in.Agent.String() != s.cfg.AgentID:
		return nil, refuse(codeBadAgent, "invalid agentid")
	case code == nil || code.used || !s.cfg.Now().Before(code.until):
		return nil, refuse(codeBadCardCode, "response_code is unknown, used or expired")
	case in.Button.Name == "" || in.All == 0 && len(in.Users) == 0:
		return nil, refuse(codeBadParam, "nothing to update")
	}
	code.used = true
	invalid := []string{}
	for _, user := range in.Users {
		if _, ok := code.card.replaced[user]; !ok {
			invalid = append(invalid, user)
		}
	}
	for user := range code.card.replaced {
		if in.All == 1 || slices.Contains(in.Users, user) {
			code.card.replaced[user] = in.Button.Name
		}
	}
	s.appChanged()
	return struct {
		Invalid []string `json:"invaliduser"`
	}{invalid}, nil
}

// seen is the card as a member sees it.
func (c *sentCard) seen(user string) Card {
	return Card{
		Task: c.Task, Title: c.Title.Title, Text: c.SubTitle, Quote: c.Quote.Text,
		Rows: c.Rows, Buttons: c.Buttons, Link: c.Action.URL, Replaced: c.replaced[user],
	}
}
