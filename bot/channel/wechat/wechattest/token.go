package wechattest

import (
	"net/http"
	"sync"
	"time"
)

// tokens are the access tokens handed out and not yet forgotten.
type tokens struct {
	mu      sync.Mutex
	current string
	expires map[string]time.Time
}

const (
	// renewal is how long before its end the platform replaces a stable token; both are good for
	// the time that is left.
	renewal = 5 * time.Minute
	// secretLength is that of every AppSecret.
	secretLength = 32
)

// RevokeTokens makes every access token handed out so far invalid, as a change of the AppSecret
// does; the next stable_token gives a fresh one.
func (s *Server) RevokeTokens() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	s.tokens.current = ""
	clear(s.tokens.expires)
}

type tokenRequest struct {
	Grant  string `json:"grant_type"`
	AppID  string `json:"appid"`
	Secret string `json:"secret"`
	Force  bool   `json:"force_refresh"`
}

type tokenReply struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// stableToken answers stable_token: the same token until shortly before its end, unless a refresh
// is forced, which ends the old one at once.
func (s *Server) stableToken(_ *http.Request, body []byte) (any, error) {
	var in tokenRequest
	if err := decode(body, &in); err != nil {
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
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	now := s.cfg.Now()
	if in.Force {
		delete(t.expires, t.current)
		t.current = ""
	}
	if t.current == "" || t.expires[t.current].Sub(now) < renewal {
		t.current = s.random(120)
		t.expires[t.current] = now.Add(s.cfg.TokenLife)
	}
	left := t.expires[t.current].Sub(now)
	return tokenReply{t.current, int(left / time.Second)}, nil
}

// checkToken refuses a call whose access token is missing, unknown or past its time.
func (s *Server) checkToken(r *http.Request) error {
	token := r.URL.Query().Get("access_token")
	if token == "" {
		return refuse(codeNoToken, "access_token missing")
	}
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	expires, ok := s.tokens.expires[token]
	if !ok {
		return refuse(codeBadSecret, "invalid credential, access_token is invalid or not latest")
	}
	if !s.cfg.Now().Before(expires) {
		return refuse(codeTokenExpired, "access_token expired")
	}
	return nil
}
