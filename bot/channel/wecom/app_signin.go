package wecom

import (
	"context"
	"fmt"
	"net/url"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// The platform's pages that prove who a person is. A server that stands in for the API stands in for
// them too.
const (
	officialAPI = "https://qyapi.weixin.qq.com"
	scanHost    = "https://login.work.weixin.qq.com"
	insideHost  = "https://open.weixin.qq.com"
	scanPath    = "/wwlogin/sso/login"
	insidePath  = "/connect/oauth2/authorize"
)

// SignInPage is where a person proves who they are, by a QR code [D98151] or, inside WeCom, without a
// question. From there they come back to the address with the state and a code.
func (a *App) SignInPage(back, state string, inside bool) string {
	q := url.Values{
		"appid": {a.c.o.CorpID}, "agentid": {a.account()}, "redirect_uri": {back}, "state": {state},
	}
	if inside {
		q.Set("response_type", "code")
		q.Set("scope", "snsapi_base")
		return a.page(insideHost) + insidePath + "?" + q.Encode() + "#wechat_redirect"
	}
	q.Set("login_type", "CorpApp")
	return a.page(scanHost) + scanPath + "?" + q.Encode()
}

func (a *App) page(official string) string {
	if a.c.o.APIBase == officialAPI {
		return official
	}
	return a.c.o.APIBase
}

const whoPath = "/cgi-bin/auth/getuserinfo"

// codeRefused is the platform's code for a sign-in code that is not good.
const codeRefused = 40029

// Member returns the userid of who came back with a code, which is good once. bot.ErrSignInCode says
// that it is not, bot.ErrOutsider that the person is no member of the corp.
func (a *App) Member(ctx context.Context, code string) (string, error) {
	var out struct {
		UserID string `json:"userid"`
	}
	call := platform.Call{Path: whoPath, Query: url.Values{"code": {code}}}
	err := a.c.client.Do(ctx, call, &out)
	a.faults.Note(whoPath, err)
	if refused := platform.Refused(err); refused != nil && refused.Code == codeRefused {
		return "", fmt.Errorf("%w: %w", bot.ErrSignInCode, err)
	}
	if err != nil {
		return "", fmt.Errorf("ask who came: %w", err)
	}
	if out.UserID == "" {
		return "", bot.ErrOutsider
	}
	return out.UserID, nil
}
