package wecomtest

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// The platform's two pages that prove who a person is: the one with the QR code, and the one that
// is passed through inside WeCom. The real ones have other hosts than the API.
const (
	pathScan   = "/wwlogin/sso/login"
	pathInside = "/connect/oauth2/authorize"
)

// loginCodeLife is how long the code of a sign-in is good for its one use.
const loginCodeLife = 5 * time.Minute

// Visitor is who stands before the platform's sign-in page.
type Visitor struct {
	// Member is the userid of a member of the corporation; empty for somebody else.
	Member string
	// External is the external_userid of somebody else, or empty for one the corporation does not know.
	External string
}

// logins are the codes of sign-ins, and who signs in next.
type logins struct {
	codes   map[string]*login
	visitor *Visitor
}

type login struct {
	Visitor
	until time.Time
	used  bool
}

func (l *logins) init() { l.codes = map[string]*login{} }

// SignInAs lets everybody who opens a sign-in page be this person, without a question.
func (s *Server) SignInAs(v Visitor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins.visitor = &v
}

// LoginCode is a code of somebody who has just proved who they are.
func (s *Server) LoginCode(v Visitor) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loginCode(v)
}

func (s *Server) loginCode(v Visitor) string {
	code := s.Random(43)
	s.logins.codes[code] = &login{Visitor: v, until: s.cfg.Now().Add(loginCodeLife)}
	return code
}

type userInfo struct {
	UserID   string `json:"userid,omitempty"`
	Ticket   string `json:"user_ticket,omitempty"`
	OpenID   string `json:"openid,omitempty"`
	External string `json:"external_userid,omitempty"`
}

// whoCame answers auth/getuserinfo.
func (s *Server) whoCame(r *http.Request, _ []byte) (any, error) {
	code := r.URL.Query().Get("code")
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logins.codes[code]
	if l == nil || l.used || !s.cfg.Now().Before(l.until) {
		return nil, refuse(codeBadCode, "invalid code")
	}
	l.used = true
	if l.Member != "" {
		return userInfo{UserID: l.Member, Ticket: s.Random(32)}, nil
	}
	return userInfo{OpenID: "o" + s.Random(27), External: l.External}, nil
}

// loginPage is what the page with the choice of members shows.
type loginPage struct {
	Inside  bool
	Members []string
	Query   url.Values
}

// As is where a tap on a member leads.
func (p loginPage) As(member string) string {
	q := url.Values{"as": {member}}
	for k, v := range p.Query {
		q[k] = v
	}
	return "?" + q.Encode()
}

// serveLogin plays the sign-in pages; everything else is not found.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	inside := r.URL.Path == pathInside
	if r.Method != http.MethodGet || !inside && r.URL.Path != pathScan {
		http.NotFound(w, r)
		return
	}
	target, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case inside && (q.Get("response_type") != "code" || q.Get("scope") != "snsapi_base"),
		!inside && q.Get("login_type") != "CorpApp",
		q.Get("appid") != s.cfg.CorpID, q.Get("agentid") != s.cfg.AgentID:
		http.Error(w, "参数错误", http.StatusBadRequest)
		return
	case err != nil || target.Host == "" || s.cfg.LoginDomain != "" && target.Host != s.cfg.LoginDomain:
		http.Error(w, "redirect_uri 与配置的授权完成回调域名不一致", http.StatusBadRequest)
		return
	}
	if v := s.visitor(q.Get("as")); v != nil {
		back := target.Query()
		back.Set("code", s.LoginCode(*v))
		back.Set("state", q.Get("state"))
		target.RawQuery = back.Encode()
		http.Redirect(w, r, target.String(), http.StatusFound)
		return
	}
	page := template.Must(template.ParseFS(pageFiles, "page/login.html"))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = page.Execute(w, loginPage{inside, s.memberIDs(), q}) // a failed write has nobody left to be told
}

// visitor is who passes the page: the member that was tapped, or whom the test chose.
func (s *Server) visitor(tapped string) *Visitor {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.members[tapped] {
		return &Visitor{Member: tapped}
	}
	return s.logins.visitor
}

func (s *Server) memberIDs() (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.members {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
