package wecomtest

import (
	"net/http"
	"sync"
	"time"
)

// accessTokens are those handed out and not yet forgotten.
type accessTokens struct {
	mu      sync.Mutex
	current string
	expires map[string]time.Time
}

// RevokeTokens makes every access token handed out so far invalid (40014), as the platform may
// do before its time; the next gettoken gives a fresh one.
func (s *Server) RevokeTokens() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	s.tokens.current = ""
	clear(s.tokens.expires)
}

type tokenReply struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// issueToken answers gettoken. A repeat within the validity gives the same token.
func (s *Server) issueToken(r *http.Request, _ []byte) (any, error) {
	q := r.URL.Query()
	if q.Get("corpid") != s.cfg.CorpID {
		return nil, refuse(codeBadCorp, "invalid corpid")
	}
	if q.Get("corpsecret") != s.cfg.Secret {
		return nil, refuse(codeBadSecret, "invalid credential")
	}
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	now := s.cfg.Now()
	if t.current == "" || !now.Before(t.expires[t.current]) {
		t.current = s.random(48)
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
		return refuse(codeBadToken, "invalid access_token")
	}
	if !s.cfg.Now().Before(expires) {
		return refuse(codeTokenExpired, "access_token expired")
	}
	return nil
}
