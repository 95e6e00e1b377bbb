package wecomtest

import (
	"encoding/json"
	"errors"
	"net/http"

	"rongjun/bot/channel/platform/platformtest"
)

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
		platformtest.PathUpload:     {method: post, do: (*Server).uploadMedia},
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
	if ep.sends {
		r = s.begin(r)
	}
	w.Header().Set("Date", s.cfg.Now().UTC().Format(http.TimeFormat))
	s.Serve(w, r, func(body []byte) (any, error) { return s.call(ep, r, body) }, answer)
}

// call checks what all calls have in common and runs one.
func (s *Server) call(ep endpoint, r *http.Request, body []byte) (any, error) {
	if err := s.Check(r, ep.method, ep.open); err != nil {
		return nil, err
	}
	return ep.do(s, r, body)
}

// answer writes a reply's fields behind errcode and errmsg, as every call of the API does but for
// that which gives a file.
func answer(w http.ResponseWriter, out any, err error) {
	if file, ok := out.(File); ok && err == nil {
		file.Write(w)
		return
	}
	status := struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}{0, "ok"}
	var refusal *platformtest.Refusal
	if errors.As(err, &refusal) {
		status.Code, status.Text, out = refusal.Code, refusal.Text, nil
	} else if err != nil {
		status.Code, status.Text, out = platformtest.CodeSystemBusy, err.Error(), nil
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

// encode is for values of this package's own types, which cannot fail to encode.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
