package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

const (
	// maxPost bounds what a page may post: a text of bot.MaxText characters fits several times.
	maxPost = 64 << 10
	// maxSaid is the most characters that a person can type into a page.
	maxSaid = 4000
	// shownAtFirst is how many messages a page begins with.
	shownAtFirst = 50
)

// said is what a page or another program posts to the web chat.
type said struct {
	Text string `json:"text"`
	// Reply is the id of a tapped choice.
	Reply    string `json:"reply"`
	ClientID string `json:"client_id"`
}

var clientIDForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// chatPost stores what the contact says. A script is told the message's id, a form goes back to the
// page; when the store cannot take it, both are told to send it again, and neither loses the words.
func (f *face) chatPost(c echo.Context) error {
	who, err := f.visitor(c)
	if err != nil {
		return err
	}
	s, err := readSaid(c)
	if err == nil {
		err = f.completeClientID(&s)
	}
	var accepted bot.Accepted
	if err == nil {
		accepted, err = f.take(c.Request().Context(), who, s)
	}
	if isForm(c.Request()) {
		return f.chatFormDone(c, who, s, err)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, map[string]string{
		"id": strconv.FormatInt(accepted.Message, 10),
	})
}

// chatFormDone shows the page again with what went wrong, or sends the browser back to it.
func (f *face) chatFormDone(c echo.Context, who visitor, s said, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/#end")
	}
	a := answerTo(err)
	if a.Status >= http.StatusInternalServerError && a.Status != http.StatusServiceUnavailable {
		return err
	}
	page, pageErr := f.chatView(c.Request().Context(), who)
	if pageErr != nil {
		return errors.Join(err, pageErr)
	}
	page.Notice, page.Draft = a.Words, s.Text
	if a.Status == http.StatusServiceUnavailable {
		page.Notice = "刚才没有发出去，请再点一次“发送”。"
		page.ClientID = s.ClientID
	}
	return f.pages.render(c, a.Status, "chat.html", page)
}

// take stores the message. A repeat has the same platform id and changes nothing.
func (f *face) take(ctx context.Context, who visitor, s said) (bot.Accepted, error) {
	m := bot.Incoming{
		Address: who.Address, PlatformID: who.ExternalID + ":" + s.ClientID,
		Kind: bot.KindText, Text: bot.CleanText(s.Text, maxSaid), At: f.o.Now(),
	}
	if s.Reply != "" {
		m.Kind, m.ChoiceID, m.Text = bot.KindTap, s.Reply, ""
	} else if m.Text == "" {
		return bot.Accepted{}, fmt.Errorf("empty message: %w", bot.ErrInvalid)
	}
	accepted, err := f.o.Inbox.Receive(ctx, []bot.Incoming{m})
	if err != nil {
		return bot.Accepted{}, fmt.Errorf("take web message: %w", err)
	}
	f.firsts.Changed(who.key())
	return accepted[0], nil
}

func (f *face) completeClientID(s *said) error {
	if s.ClientID == "" {
		var err error
		s.ClientID, err = f.randomID()
		return err
	}
	if !clientIDForm.MatchString(s.ClientID) || len(s.Reply) > 64 {
		return fmt.Errorf("client id or reply: %w", bot.ErrInvalid)
	}
	return nil
}

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func readSaid(c echo.Context) (said, error) {
	body, err := readBody(c, maxPost)
	if err != nil {
		return said{}, err
	}
	var s said
	if isForm(c.Request()) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return said{}, fmt.Errorf("read form: %w: %w", bot.ErrInvalid, err)
		}
		return said{form.Get("text"), form.Get("reply"), form.Get("client_id")}, nil
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return said{}, fmt.Errorf("read message: %w: %w", bot.ErrInvalid, err)
	}
	return s, nil
}
