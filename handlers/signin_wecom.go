package handlers

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// SignInSite is a platform that vouches for who a person is.
type SignInSite interface {
	// SignInPage is where a person proves it, to come back to an address with the state and a code;
	// inside is for who has the platform's own client open.
	SignInPage(back, state string, inside bool) string
	// Member is the platform's id of who came back with a code. bot.ErrSignInCode says that the code is
	// not good, bot.ErrOutsider that the person is no member of ours.
	Member(ctx context.Context, code string) (id string, err error)
}

// States keeps what sign-ins were begun with, each for one return.
type States interface {
	CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error
	// TakeCtx returns and removes what is kept: of two who ask at once, one is given it.
	TakeCtx(ctx context.Context, token string) (data []byte, found bool, err error)
}

const (
	returnPath   = "/desk/wecom/return"
	stateCookie  = "rongjun_wecom"
	stateFor     = 10 * time.Minute
	statePrefix  = "wecom "
	maxCode      = 512
	askWhoCameIn = 8 * time.Second
)

var (
	errState     = errors.New("sign-in was not begun in this browser, or is over")
	errNoConsent = errors.New("person did not agree to sign in")
)

// begun is what a sign-in over WeCom was begun with.
type begun struct {
	// Browser is the hash of the cookie that the return must carry.
	Browser string `json:"browser"`
	// Conversation is where the person wanted to go.
	Conversation string `json:"conversation,omitempty"`
	// Bind is the account that is to be bound to who comes back, empty for a sign-in.
	Bind string `json:"bind,omitempty"`
}

// beginWeCom sends the browser to the platform with a state that is good for one return of this very
// browser.
func (f *face) beginWeCom(c echo.Context) error {
	if f.o.WeCom == nil {
		return echo.ErrNotFound
	}
	if !f.guard.allow(placeLimit(c.RealIP())) {
		return f.signInAgain(c, url.Values{}, errTooMany)
	}
	b := begun{}
	if id := c.QueryParam("conversation"); isNumber(id) {
		b.Conversation = id
	}
	if c.QueryParam("bind") != "" {
		m, err := f.sessionMember(c)
		if err != nil {
			return err
		}
		b.Bind = m.Name
	}
	state, cookie, err := f.newState(c.Request().Context(), b)
	if err != nil {
		return err
	}
	f.setStateCookie(c, cookie, stateFor)
	page := f.o.WeCom.SignInPage(f.o.PublicURL+returnPath, state, insideWeCom(c.Request()))
	return c.Redirect(http.StatusSeeOther, page)
}

// insideWeCom reports whether the page is opened in the platform's own client.
func insideWeCom(r *http.Request) bool { return strings.Contains(r.UserAgent(), "wxwork/") }

func (f *face) newState(ctx context.Context, b begun) (state, cookie string, err error) {
	secrets := make([]byte, 64)
	if _, err := io.ReadFull(f.o.Rand, secrets); err != nil {
		return "", "", fmt.Errorf("read randomness: %w", err)
	}
	state, cookie = lowerBase32.EncodeToString(secrets[:32]), lowerBase32.EncodeToString(secrets[32:])
	b.Browser = hashOf(cookie)
	data, err := json.Marshal(b)
	if err != nil {
		return "", "", fmt.Errorf("write state: %w", err)
	}
	err = f.o.States.CommitCtx(ctx, statePrefix+state, data, f.o.Now().Add(stateFor))
	if err != nil {
		return "", "", fmt.Errorf("keep state: %w", err)
	}
	return state, cookie, nil
}

func (f *face) setStateCookie(c echo.Context, value string, lasts time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: stateCookie, Value: value, Path: "/desk/wecom", MaxAge: int(lasts.Seconds()),
		HttpOnly: true, Secure: f.o.secure(), SameSite: http.SameSiteLaxMode,
	})
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// returnWeCom signs in who comes back from the platform, or binds them to the account that asked.
func (f *face) returnWeCom(c echo.Context) error {
	if f.o.WeCom == nil {
		return echo.ErrNotFound
	}
	b, member, err := f.whoReturns(c)
	if err != nil {
		if b.Bind != "" {
			return f.bindingFailed(c, err)
		}
		return f.signInAgain(c, url.Values{"conversation": {b.Conversation}}, err)
	}
	if err := f.beginSession(c, member); err != nil {
		return f.signInAgain(c, url.Values{}, err)
	}
	if b.Bind != "" {
		return c.Redirect(http.StatusSeeOther, "/desk/password")
	}
	return c.Redirect(http.StatusSeeOther, afterSignIn(b.Conversation))
}

func (f *face) whoReturns(c echo.Context) (begun, staff.Member, error) {
	if !f.guard.allow(placeLimit(c.RealIP())) {
		return begun{}, staff.Member{}, errTooMany
	}
	b, err := f.spendState(c)
	if err != nil {
		return begun{}, staff.Member{}, err
	}
	code := c.QueryParam("code")
	if code == "" || len(code) > maxCode {
		return b, staff.Member{}, errNoConsent
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), askWhoCameIn)
	defer cancel()
	id, err := f.o.WeCom.Member(ctx, code)
	if err != nil {
		return b, staff.Member{}, vouchingFault(err)
	}
	if b.Bind != "" {
		member, err := f.bind(c, b.Bind, id)
		return b, member, err
	}
	member, err := f.o.Accounts.SignInByWeCom(ctx, id)
	if err != nil {
		return b, member, fmt.Errorf("sign in over WeCom: %w", err)
	}
	return b, member, nil
}

// spendState believes a return once, and only in the browser that began it.
func (f *face) spendState(c echo.Context) (begun, error) {
	cookie, err := c.Cookie(stateCookie)
	if err != nil || c.QueryParam("state") == "" {
		return begun{}, errState
	}
	f.setStateCookie(c, "", -time.Second)
	token := statePrefix + c.QueryParam("state")
	data, found, err := f.o.States.TakeCtx(c.Request().Context(), token)
	if err != nil {
		return begun{}, fmt.Errorf("take state: %w", err)
	}
	var b begun
	if !found || json.Unmarshal(data, &b) != nil {
		return begun{}, errState
	}
	if subtle.ConstantTimeCompare([]byte(b.Browser), []byte(hashOf(cookie.Value))) != 1 {
		return begun{}, errState
	}
	return b, nil
}

// vouchingFault tells what the person can mend from a platform that cannot be asked now.
func vouchingFault(err error) error {
	if errors.Is(err, bot.ErrSignInCode) || errors.Is(err, bot.ErrOutsider) {
		return fmt.Errorf("sign in over WeCom: %w", err)
	}
	return fmt.Errorf("sign in over WeCom: %w: %w", errNotVouched, err)
}

// bind ties the account that asked for it to who came back. It must still be signed in here.
func (f *face) bind(c echo.Context, name, id string) (staff.Member, error) {
	m, err := f.sessionMember(c)
	if err != nil {
		return staff.Member{}, err
	}
	if m.Name != name {
		return staff.Member{}, errState
	}
	ctx := c.Request().Context()
	if err := f.o.Accounts.Bind(ctx, name, id); err != nil {
		if errors.Is(err, bot.ErrConflict) {
			err = errBoundElsewhere
		}
		return staff.Member{}, fmt.Errorf("bind: %w", err)
	}
	m, err = f.o.Accounts.SignInByWeCom(ctx, id)
	if err != nil {
		return staff.Member{}, fmt.Errorf("read bound member: %w", err)
	}
	return m, nil
}

// bindingFailed shows the account page with what went wrong.
func (f *face) bindingFailed(c echo.Context, err error) error {
	m, gone := f.sessionMember(c)
	if gone != nil {
		return f.signInAgain(c, url.Values{}, gone)
	}
	c.Set(memberKey, m)
	return f.passwordAgain(c, err)
}

var (
	errNotVouched     = errors.New("platform does not say who came")
	errBoundElsewhere = errors.New("WeCom id is bound to another account")
)
