package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// act is an operation of the desk that changes who is in charge.
type act func(ctx context.Context, conversation int64, staff string) (bot.Conversation, error)

func (f *face) deskTakeover(c echo.Context) error { return f.deskAct(c, f.o.Desk.Takeover) }

func (f *face) deskRelease(c echo.Context) error { return f.deskAct(c, f.o.Desk.Release) }

func (f *face) deskClose(c echo.Context) error { return f.deskAct(c, f.o.Desk.Close) }

// deskToClient lets the member go on in the WeCom client, where their account is bound to it; the
// contact of another waits there for whoever is free.
func (f *face) deskToClient(c echo.Context) error {
	return f.deskAct(c, func(ctx context.Context, id int64, name string) (bot.Conversation, error) {
		return bot.Conversation{}, f.o.Desk.ToClient(ctx, id, name, memberOf(c).WeComID)
	})
}

func (f *face) deskTakeBack(c echo.Context) error {
	return f.deskAct(c, func(ctx context.Context, id int64, name string) (bot.Conversation, error) {
		return bot.Conversation{}, f.o.Desk.TakeBack(ctx, id, name)
	})
}

// deskAct carries an act out and shows the conversation again, with the reason if it was refused.
func (f *face) deskAct(c echo.Context, do act) error {
	id, err := conversationID(c)
	if err != nil {
		return err
	}
	if _, err := do(c.Request().Context(), id, memberOf(c).Name); err != nil {
		return f.deskRefused(c, err, bot.Said{})
	}
	return backToConversation(c, id)
}

func backToConversation(c echo.Context, id int64) error {
	return c.Redirect(http.StatusSeeOther, "/desk/conversations/"+strconv.FormatInt(id, 10)+"#end")
}

// deskSay sends the words and the file of the person in charge; a script is told, a form goes back to the page.
func (f *face) deskSay(c echo.Context) error {
	id, err := conversationID(c)
	if err != nil {
		return err
	}
	s, err := f.readSaid(c)
	if err != nil {
		return f.deskRefused(c, err, s)
	}
	if !clientIDForm.MatchString(s.ClientID) {
		return bot.ErrInvalid
	}
	m, err := f.o.Desk.Say(c.Request().Context(), id, memberOf(c).Name, s)
	if err != nil {
		return f.deskRefused(c, err, s)
	}
	if wantsJSON(c.Request()) {
		return c.JSON(http.StatusAccepted, map[string]string{"id": strconv.FormatInt(m.ID, 10)})
	}
	return backToConversation(c, id)
}

// deskRefused shows the desk with the reason and the words that were not taken.
func (f *face) deskRefused(c echo.Context, err error, s bot.Said) error {
	a := answerTo(err)
	if wantsJSON(c.Request()) || a.Status == http.StatusInternalServerError ||
		errors.Is(err, bot.ErrNotFound) || errors.Is(err, staff.ErrSignedOut) {
		return err
	}
	return f.showDesk(c, a.Status, func(v *deskView) {
		v.Notice = a.Words
		if s.Text != "" {
			v.Draft, v.ClientID = s.Text, s.ClientID
		}
	})
}
