package platformtest

import (
	"sync"
	"time"
)

// tokens are the access tokens handed out and not yet forgotten.
type tokens struct {
	mu      sync.Mutex
	current string
	expires map[string]time.Time
}

// TokenReply is the answer to a call for an access token.
type TokenReply struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// IssueToken gives the access token out: the same one until Config.TokenRenewal before its end,
// unless a refresh is forced, which ends the old one at once.
func (p *Platform) IssueToken(force bool) TokenReply {
	t := &p.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	now := p.cfg.Now()
	if force {
		delete(t.expires, t.current)
		t.current = ""
	}
	if t.current == "" || t.expires[t.current].Sub(now) <= p.cfg.TokenRenewal {
		t.current = p.Random(p.cfg.TokenLength)
		t.expires[t.current] = now.Add(p.cfg.TokenLife)
	}
	left := t.expires[t.current].Sub(now)
	return TokenReply{t.current, int(left / time.Second)}
}

// RevokeTokens makes every access token handed out so far unknown, as the platform may do before
// its time and a change of the secret does; the next call for one gives a fresh one.
func (p *Platform) RevokeTokens() {
	p.tokens.mu.Lock()
	defer p.tokens.mu.Unlock()
	p.tokens.current = ""
	clear(p.tokens.expires)
}

// checkToken refuses an access token that is missing, unknown or past its time.
func (p *Platform) checkToken(token string) error {
	if token == "" {
		return Refuse(codeNoToken, "access_token missing")
	}
	p.tokens.mu.Lock()
	defer p.tokens.mu.Unlock()
	expires, ok := p.tokens.expires[token]
	switch {
	case !ok:
		return Refuse(p.cfg.BadToken, "access_token is invalid or not latest")
	case !p.cfg.Now().Before(expires):
		return Refuse(codeTokenExpired, "access_token expired")
	}
	return nil
}
