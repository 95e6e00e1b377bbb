package handlers

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// apiConversation is a conversation as other systems read it.
type apiConversation struct {
	ID           string     `json:"id"`
	Channel      string     `json:"channel"`
	Contact      apiContact `json:"contact"`
	State        bot.State  `json:"state"`
	Staff        string     `json:"staff"`
	Reason       string     `json:"reason"`
	WaitingSince *time.Time `json:"waiting_since"`
}

type apiContact struct {
	ID         string `json:"id"`
	ExternalID string `json:"external_id"`
}

type apiMessage struct {
	ID    string           `json:"id"`
	From  bot.From         `json:"from"`
	Text  string           `json:"text"`
	Time  time.Time        `json:"time"`
	State bot.MessageState `json:"state"`
}

// apiListed is how many conversations a list has at most.
const apiListed = 500

// withToken lets the holder of a token act as its member.
func (f *face) withToken(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
		if !ok {
			return echo.ErrUnauthorized
		}
		m, err := f.o.Accounts.ByToken(c.Request().Context(), strings.TrimSpace(token))
		if errors.Is(err, staff.ErrRefused) {
			if !f.guard.allow(tokenLimit(c.RealIP())) {
				return errTooMany
			}
			return echo.ErrUnauthorized
		}
		if err != nil {
			return err
		}
		c.Set(memberKey, m)
		return next(c)
	}
}

func (f *face) apiList(c echo.Context) error {
	state := bot.State(c.QueryParam("state"))
	switch state {
	case "", bot.StateBot, bot.StateQueued, bot.StateStaff, bot.StateClosed:
	default:
		return fmt.Errorf("state %q: %w", state, bot.ErrInvalid)
	}
	all, err := f.o.Transcript.Conversations(c.Request().Context(), state, apiListed)
	if err != nil {
		return fmt.Errorf("list conversations: %w", err)
	}
	out := make([]apiConversation, len(all))
	for i, conversation := range all {
		out[i] = apiConversationOf(conversation)
	}
	return c.JSON(http.StatusOK, out)
}

func (f *face) apiRead(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := conversationID(c)
	if err != nil {
		return err
	}
	conversation, err := f.o.Transcript.Conversation(ctx, id)
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	messages, err := f.o.Transcript.Messages(ctx, id, 0, transcriptShown)
	if err != nil {
		return fmt.Errorf("read transcript: %w", err)
	}
	out := struct {
		apiConversation
		Messages []apiMessage `json:"messages"`
	}{apiConversationOf(conversation), make([]apiMessage, len(messages))}
	for i, m := range messages {
		out.Messages[i] = apiMessageOf(m)
	}
	return c.JSON(http.StatusOK, out)
}

func (f *face) apiTakeover(c echo.Context) error { return f.apiAct(c, f.o.Desk.Takeover) }

func (f *face) apiRelease(c echo.Context) error { return f.apiAct(c, f.o.Desk.Release) }

func (f *face) apiClose(c echo.Context) error { return f.apiAct(c, f.o.Desk.Close) }

func (f *face) apiAct(c echo.Context, do act) error {
	id, err := conversationID(c)
	if err != nil {
		return err
	}
	conversation, err := do(c.Request().Context(), id, memberOf(c).Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, apiConversationOf(conversation))
}

func (f *face) apiSay(c echo.Context) error {
	id, err := conversationID(c)
	if err != nil {
		return err
	}
	read := f.apiWords
	if mayEnclose(c.Request()) {
		read = f.apiEnclosing
	}
	s, err := read(c)
	if err != nil {
		return err
	}
	m, err := f.o.Desk.Say(c.Request().Context(), id, memberOf(c).Name, s)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, map[string]string{"id": strconv.FormatInt(m.ID, 10)})
}

// apiWords reads what is said in JSON.
func (f *face) apiWords(c echo.Context) (bot.Said, error) {
	body, err := readBody(c, maxPost)
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return bot.Said{}, errTooLong // other systems are promised no status but a few
	}
	if err != nil {
		return bot.Said{}, err
	}
	var s said
	if err := json.Unmarshal(body, &s); err != nil {
		return bot.Said{}, fmt.Errorf("read message: %w: %w", bot.ErrInvalid, err)
	}
	err = f.completeClientID(&s)
	return bot.Said{Text: s.Text, ClientID: s.ClientID}, err
}

// apiEnclosing reads a form with a file, the same as the desk's. No client_id is made up for one without:
// it may stand behind the file, where it is read too late, and a repeat would then send the file a second
// time.
func (f *face) apiEnclosing(c echo.Context) (bot.Said, error) {
	s, err := f.readEnclosing(c)
	if err != nil {
		return s, err
	}
	if !clientIDForm.MatchString(s.ClientID) {
		return s, errClientID
	}
	return s, nil
}

func apiConversationOf(c bot.Conversation) apiConversation {
	out := apiConversation{
		ID: strconv.FormatInt(c.ID, 10), Channel: c.Contact.Channel, State: c.State,
		Contact: apiContact{strconv.FormatInt(c.Contact.ID, 10), c.Contact.ExternalID},
		Staff:   c.Staff, Reason: c.Reason,
	}
	if !c.WaitingSince.IsZero() {
		out.WaitingSince = &c.WaitingSince
	}
	return out
}

// apiMessageOf hides the words of a recalled message, as the desk does.
func apiMessageOf(m bot.Message) apiMessage {
	text := cmp.Or(m.Text, kindWords(m))
	if m.State == bot.MessageRecalled {
		text = ""
	}
	return apiMessage{
		ID: strconv.FormatInt(m.ID, 10), From: m.From, Text: text, Time: m.At, State: m.State,
	}
}
