package wecomtest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"
)

// maxBody bounds a request body; real ones are a few kilobytes.
const maxBody = 1 << 20

// An endpoint is one platform call: its method, whether it needs an access token, and what it
// does with the body.
type endpoint struct {
	method string
	open   bool // needs no access token
	sends  bool // reported to the OnSend hook
	do     func(*Server, *http.Request, []byte) (any, error)
}

// endpoints is the whole API on one page.
func endpoints() map[string]endpoint {
	get, post := http.MethodGet, http.MethodPost
	return map[string]endpoint{
		"/cgi-bin/gettoken":             {method: get, open: true, do: (*Server).issueToken},
		"/cgi-bin/kf/account/list":      {do: (*Server).listAccounts},
		"/cgi-bin/kf/sync_msg":          {method: post, do: (*Server).syncMessages},
		pathSend:                        {method: post, sends: true, do: (*Server).sendMessage},
		pathSendOnEvent:                 {method: post, sends: true, do: (*Server).sendOnEvent},
		"/cgi-bin/kf/service_state/get": {method: post, do: (*Server).serviceState},
		"/cgi-bin/kf/service_state/trans": {
			method: post, do: (*Server).transServiceState,
		},
		"/cgi-bin/kf/servicer/list":     {method: get, do: (*Server).listServicers},
		"/cgi-bin/kf/customer/batchget": {method: post, do: (*Server).customerDetails},
		"/cgi-bin/message/send":         {method: post, do: (*Server).sendToMembers},
		"/cgi-bin/message/update_template_card": {
			method: post, do: (*Server).updateCard,
		},
		"/cgi-bin/agent/get":        {method: get, do: (*Server).readApp},
		"/cgi-bin/user/get":         {method: get, do: (*Server).readMember},
		pathMedia:                   {method: get, do: (*Server).getMedia},
		"/cgi-bin/auth/getuserinfo": {method: get, do: (*Server).whoCame},
	}
}

// The two calls that put words before a customer.
const (
	pathSend        = "/cgi-bin/kf/send_msg"
	pathSendOnEvent = "/cgi-bin/kf/send_msg_on_event"
)

// serveAPI answers one call of the platform's API. A planted fault may abort the connection,
// for which it panics with [http.ErrAbortHandler] as net/http wants it.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	ep, ok := s.endpoints[r.URL.Path]
	if !ok {
		s.serveLogin(w, r)
		return
	}
	s.mu.Lock()
	s.calls[r.URL.Path]++
	s.mu.Unlock()
	if ep.sends {
		r = s.begin(r)
	}
	w.Header().Set("Date", s.cfg.Now().UTC().Format(http.TimeFormat))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := s.faults.take(r.URL.Path, body)
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
		if file, ok := out.(File); ok && err == nil {
			file.write(w)
			return
		}
		answer(w, out, err)
	}
}

// call checks what all calls have in common and runs one.
func (s *Server) call(ep endpoint, r *http.Request, body []byte) (any, error) {
	switch {
	case ep.method == http.MethodGet && r.Method != http.MethodGet:
		return nil, refuse(codeNeedGet, "require GET method")
	case ep.method == http.MethodPost && r.Method != http.MethodPost:
		return nil, refuse(codeNeedPost, "require POST method")
	}
	if !ep.open {
		if err := s.checkToken(r); err != nil {
			return nil, err
		}
	}
	return ep.do(s, r, body)
}

// answer writes a reply's fields behind errcode and errmsg, as every call of the API does.
func answer(w http.ResponseWriter, out any, err error) {
	status := struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}{0, "ok"}
	var refusal *apiError
	if errors.As(err, &refusal) {
		status.Code, status.Text, out = refusal.code, refusal.text, nil
	} else if err != nil {
		status.Code, status.Text, out = codeSystemBusy, err.Error(), nil
	}
	head := encode(status)
	if out != nil {
		if rest := encode(out); len(rest) > len("{}") {
			head = append(append(head[:len(head)-1], ','), rest[1:]...)
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write(head)
}

// decode reads a JSON request body; what is no JSON in UTF-8 is 47001.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return refuse(codeBadJSON, "data format error: not UTF-8")
	}
	if err := json.Unmarshal(body, into); err != nil {
		return refuse(codeBadJSON, "data format error: %v", err)
	}
	return nil
}

// encode is for values of this package's own types, which cannot fail to encode.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
