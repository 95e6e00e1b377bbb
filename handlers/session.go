package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// sessionFor is how long a sign-in lasts: a working day.
const sessionFor = 12 * time.Hour

// What a session remembers.
const (
	sessionName       = "name"
	sessionGeneration = "generation"
)

// newSessions fills the manager by hand: scs.New would start a store in memory with a goroutine
// that never ends.
func newSessions(o Options) *scs.SessionManager {
	return &scs.SessionManager{
		Store: o.Sessions, Codec: scs.GobCodec{}, Lifetime: sessionFor,
		Cookie: scs.SessionCookie{
			Name: "rongjun_staff", Path: "/desk", HttpOnly: true, Secure: o.secure(),
			SameSite: http.SameSiteLaxMode,
		},
	}
}

// withSession reads the session that the cookie names. What changes a session saves it itself,
// before it answers.
func (f *face) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token := ""
		if cookie, err := c.Cookie(f.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := f.sessions.Load(c.Request().Context(), token)
		if err != nil {
			return fmt.Errorf("load session: %w: %w", bot.ErrUnavailable, err)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// beginSession gives the member a session with a new token, so that one planted before is
// worthless.
func (f *face) beginSession(c echo.Context, m staff.Member) error {
	ctx := c.Request().Context()
	if err := f.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w: %w", bot.ErrUnavailable, err)
	}
	f.sessions.Put(ctx, sessionName, m.Name)
	f.sessions.Put(ctx, sessionGeneration, m.Generation)
	token, expiry, err := f.sessions.Commit(ctx)
	if err != nil {
		return fmt.Errorf("save session: %w: %w", bot.ErrUnavailable, err)
	}
	f.sessions.WriteSessionCookie(ctx, c.Response(), token, expiry)
	return nil
}

func (f *face) endSession(c echo.Context) error {
	ctx := c.Request().Context()
	if err := f.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("end session: %w: %w", bot.ErrUnavailable, err)
	}
	f.sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	return nil
}

// sessionMember is whose session it is, as the account stands now.
func (f *face) sessionMember(c echo.Context) (staff.Member, error) {
	ctx := c.Request().Context()
	name := f.sessions.GetString(ctx, sessionName)
	if name == "" {
		return staff.Member{}, staff.ErrSignedOut
	}
	return f.o.Accounts.Current(ctx, name, f.sessions.GetInt64(ctx, sessionGeneration))
}

const memberKey = "member"

func memberOf(c echo.Context) staff.Member {
	m, _ := c.Get(memberKey).(staff.Member)
	return m
}

// signedIn lets members pass. A person without a session is shown where to sign in, a script is
// told.
func (f *face) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		m, err := f.sessionMember(c)
		if errors.Is(err, staff.ErrSignedOut) && wantsPage(c.Request()) {
			return c.Redirect(http.StatusSeeOther, signInAddress(c))
		}
		if err != nil {
			return err
		}
		c.Set(memberKey, m)
		return next(c)
	}
}

func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// signInAddress keeps the conversation that the person wanted to see.
func signInAddress(c echo.Context) string {
	if id := c.Param("id"); id != "" && isNumber(id) {
		return "/desk/signin?conversation=" + id
	}
	return "/desk/signin"
}

func isNumber(s string) bool {
	return len(s) < 20 && strings.Trim(s, "0123456789") == ""
}

// mustHavePassword keeps those out whose password somebody else made up.
func (f *face) mustHavePassword(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if memberOf(c).MustChange {
			return c.Redirect(http.StatusSeeOther, "/desk/password")
		}
		return next(c)
	}
}

// mayAnswer keeps readers from acting.
func (f *face) mayAnswer(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !memberOf(c).Role.May(staff.MayAnswer) {
			return errForbidden
		}
		return next(c)
	}
}
