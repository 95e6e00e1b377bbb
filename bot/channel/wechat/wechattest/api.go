package wechattest

import (
	"encoding/json"
	"errors"
	"net/http"

	"rongjun/bot/channel/platform/platformtest"
)

// The calls that this platform knows.
const (
	pathToken = "/cgi-bin/stable_token"
	pathSend  = "/cgi-bin/message/custom/send"
	pathMedia = "/cgi-bin/media/get"
)

// An endpoint is one platform call: its method, whether it needs an access token, and what it
// does with the body.
type endpoint struct {
	method string
	open   bool // needs no access token
	do     func(*Server, *http.Request, []byte) (any, error)
}

// endpoint is the whole API on one page.
func (s *Server) endpoint(path string) (endpoint, bool) {
	switch path {
	case pathToken:
		return endpoint{http.MethodPost, true, (*Server).stableToken}, true
	case pathSend:
		return endpoint{http.MethodPost, false, (*Server).sendMessage}, true
	case platformtest.PathUpload:
		return endpoint{http.MethodPost, false, (*Server).uploadMedia}, true
	case pathMedia:
		return endpoint{http.MethodGet, false, (*Server).getMedia}, true
	}
	return endpoint{}, false
}

// ServeHTTP answers one call of the platform's API. A planted fault may abort the connection,
// for which it panics with [http.ErrAbortHandler] as net/http wants it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ep, ok := s.endpoint(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.Serve(w, r, func(body []byte) (any, error) { return s.call(ep, r, body) }, answer)
}

// call checks what all calls have in common and runs one.
func (s *Server) call(ep endpoint, r *http.Request, body []byte) (any, error) {
	if err := s.Check(r, ep.method, ep.open); err != nil {
		return nil, err
	}
	return ep.do(s, r, body)
}

// answer writes what a call returned. Unlike WeCom, this platform leaves errcode out where there
// is something else to say.
func answer(w http.ResponseWriter, out any, err error) {
	if file, ok := out.(File); ok && err == nil {
		file.Write(w)
		return
	}
	var refusal *platformtest.Refusal
	switch {
	case errors.As(err, &refusal):
		out = map[string]any{"errcode": refusal.Code, "errmsg": refusal.Text}
	case err != nil:
		out = map[string]any{"errcode": platformtest.CodeSystemBusy, "errmsg": "system error"}
	case out == nil:
		out = map[string]any{"errcode": 0, "errmsg": "ok"}
	}
	data, err := json.Marshal(out)
	if err != nil {
		panic(err) // values of this package's own types
	}
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	_, _ = w.Write(data)
}
