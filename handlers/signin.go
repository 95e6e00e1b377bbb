package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// signInView is the page to sign in.
type signInView struct {
	Name   string
	Notice string
	// Conversation is where the person wanted to go.
	Conversation string
	// WeCom is whether members of the corp can sign in over it, Inside whether they are in it now.
	WeCom, Inside bool
}

// maxForm bounds the forms to sign in and to change a password.
const maxForm = 8 << 10

func (f *face) signInPage(c echo.Context) error {
	if _, err := f.sessionMember(c); err == nil {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	view := f.signInView(c)
	if id := c.QueryParam("conversation"); isNumber(id) {
		view.Conversation = id
	}
	return f.pages.render(c, http.StatusOK, "signin.html", view)
}

func (f *face) signInView(c echo.Context) signInView {
	return signInView{WeCom: f.o.WeCom != nil, Inside: insideWeCom(c.Request())}
}

func (f *face) signIn(c echo.Context) error {
	form, err := readForm(c, maxForm)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(form.Get("name"))
	if !f.guard.allow(signInLimits(name, c.RealIP())...) {
		return f.signInAgain(c, form, errTooMany)
	}
	m, err := f.o.Accounts.SignIn(c.Request().Context(), name, form.Get("password"))
	if err != nil {
		return f.signInAgain(c, form, err)
	}
	if err := f.beginSession(c, m); err != nil {
		return f.signInAgain(c, form, err)
	}
	return c.Redirect(http.StatusSeeOther, afterSignIn(form.Get("conversation")))
}

func afterSignIn(conversation string) string {
	if conversation != "" && isNumber(conversation) {
		return "/desk/conversations/" + conversation
	}
	return "/desk"
}

// signInAgain shows the page with what went wrong, in words that do not tell names from passwords.
func (f *face) signInAgain(c echo.Context, form url.Values, err error) error {
	a := answerTo(err)
	if a.Status >= http.StatusInternalServerError {
		f.log.Error("sign-in failed", "error", err)
	}
	view := f.signInView(c)
	view.Name, view.Notice = bot.CleanText(form.Get("name"), 32), a.Words
	if id := form.Get("conversation"); isNumber(id) {
		view.Conversation = id
	}
	return f.pages.render(c, a.Status, "signin.html", view)
}

func (f *face) signOut(c echo.Context) error {
	if err := f.endSession(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/desk/signin")
}

// passwordView is the page to choose a password.
type passwordView struct {
	Member staff.Member
	Notice string
	// WeCom is whether the account can be bound to a member of the corp.
	WeCom bool
}

func (f *face) passwordPage(c echo.Context) error {
	view := passwordView{Member: memberOf(c), WeCom: f.o.WeCom != nil}
	return f.pages.render(c, http.StatusOK, "password.html", view)
}

func (f *face) changePassword(c echo.Context) error {
	form, err := readForm(c, maxForm)
	if err != nil {
		return err
	}
	member := memberOf(c)
	if !f.guard.allow(signInLimits(member.Name, c.RealIP())...) {
		return f.passwordAgain(c, errTooMany)
	}
	if form.Get("new") != form.Get("again") {
		return f.passwordAgain(c, &staff.PasswordError{Words: "两次输入的新密码不一样。"})
	}
	member, err = f.o.Accounts.ChangePassword(
		c.Request().Context(), member.Name, form.Get("old"), form.Get("new"))
	if err != nil {
		return f.passwordAgain(c, err)
	}
	if err := f.beginSession(c, member); err != nil {
		return f.passwordAgain(c, err)
	}
	return c.Redirect(http.StatusSeeOther, "/desk")
}

func (f *face) passwordAgain(c echo.Context, err error) error {
	a := answerTo(err)
	if a.Status >= http.StatusInternalServerError {
		return err
	}
	view := passwordView{Member: memberOf(c), Notice: a.Words, WeCom: f.o.WeCom != nil}
	if errors.Is(err, staff.ErrRefused) {
		view.Notice = "现在的密码不对。"
	}
	return f.pages.render(c, a.Status, "password.html", view)
}

func readForm(c echo.Context, limit int64) (url.Values, error) {
	body, err := readBody(c, limit)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("read form: %w: %w", bot.ErrInvalid, err)
	}
	return form, nil
}
