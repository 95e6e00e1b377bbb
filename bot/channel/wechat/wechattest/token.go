package wechattest

import (
	"net/http"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

const (
	// renewal is how long before its end the platform replaces a stable token; both are good for
	// the time that is left.
	renewal = 5 * time.Minute
	// tokenLength is that of every access token.
	tokenLength = 120
	// secretLength is that of every AppSecret.
	secretLength = 32
)

type tokenRequest struct {
	Grant  string `json:"grant_type"`
	AppID  string `json:"appid"`
	Secret string `json:"secret"`
	Force  bool   `json:"force_refresh"`
}

// stableToken answers stable_token: the same token until shortly before its end, unless a refresh
// is forced, which ends the old one at once.
func (s *Server) stableToken(_ *http.Request, body []byte) (any, error) {
	var in tokenRequest
	if err := platformtest.Decode(body, &in); err != nil {
		return nil, err
	}
	switch {
	case in.Grant != "client_credential":
		return nil, refuse(codeBadGrant, "invalid grant_type")
	case in.AppID != s.cfg.AppID:
		return nil, refuse(codeBadAppID, "invalid appid")
	case len(in.Secret) != secretLength:
		return nil, refuse(codeBadSecret2, "invalid appsecret")
	case in.Secret != s.cfg.Secret:
		return nil, refuse(codeBadSecret, "invalid credential")
	}
	return s.IssueToken(in.Force), nil
}
