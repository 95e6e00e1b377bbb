package wechattest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"
)

// maxBody bounds a request body; real ones are a few kilobytes.
const maxBody = 1 << 20

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
	s.mu.Lock()
	s.calls[r.URL.Path]++
	s.mu.Unlock()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := s.faults.take(r.URL.Path)
	s.pause(r.Context(), fault.Delay)
	switch {
	case s.ctx.Err() != nil || fault.Drop == DropBefore:
		panic(http.ErrAbortHandler)
	case fault.Drop == DropAfter:
		_, _ = s.call(ep, r, body)
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		http.Error(w, http.StatusText(fault.Status), fault.Status)
	case fault.Code != 0:
		answer(w, nil, refuse(fault.Code, "fault planted by the test"))
	default:
		out, err := s.call(ep, r, body)
		answer(w, out, err)
	}
}

// call checks what all calls have in common and runs one.
func (s *Server) call(ep endpoint, r *http.Request, body []byte) (any, error) {
	if r.Method != ep.method {
		if ep.method == http.MethodGet {
			return nil, refuse(codeNeedGet, "require GET method")
		}
		return nil, refuse(codeNeedPost, "require POST method")
	}
	if !ep.open {
		if err := s.checkToken(r); err != nil {
			return nil, err
		}
	}
	return ep.do(s, r, body)
}

// answer writes what a call returned. Unlike WeCom, this platform leaves errcode out where there
// is something else to say.
func answer(w http.ResponseWriter, out any, err error) {
	if file, ok := out.(media); ok && err == nil {
		file.write(w)
		return
	}
	var refusal *apiError
	switch {
	case errors.As(err, &refusal):
		out = map[string]any{"errcode": refusal.code, "errmsg": refusal.text}
	case err != nil:
		out = map[string]any{"errcode": codeSystemBusy, "errmsg": "system error"}
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

// decode reads a JSON request body; what is no JSON in UTF-8 is 47001.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) || json.Unmarshal(body, into) != nil {
		return refuse(codeBadJSON, "data format error")
	}
	return nil
}
