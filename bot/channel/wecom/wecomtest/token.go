package wecomtest

import (
	"net/http"
)

// tokenLength is that of every access token.
const tokenLength = 48

// issueToken answers gettoken. A repeat within the validity gives the same token.
func (s *Server) issueToken(r *http.Request, _ []byte) (any, error) {
	q := r.URL.Query()
	if q.Get("corpid") != s.cfg.CorpID {
		return nil, refuse(codeBadCorp, "invalid corpid")
	}
	if q.Get("corpsecret") != s.cfg.Secret {
		return nil, refuse(codeBadSecret, "invalid credential")
	}
	return s.IssueToken(false), nil
}
