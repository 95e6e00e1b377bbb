package wecomtest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

const (
	sendWindow = 48 * time.Hour // how long after a customer's message one may answer
	sendBudget = 5              // how many messages one customer message allows
)

// Stage is how far a send request has come.
type Stage int

// The stages at which the OnSend hook is called.
const (
	SendBegun   Stage = iota + 1 // the head was read, the body not yet
	SendTaken                    // accepted and in effect, not yet answered
	SendRefused                  // refused with SendCall.Code, not yet answered
)

// SendCall is one request to send_msg or send_msg_on_event at one stage. At SendBegun only
// Stage, N, Path and At are known.
type SendCall struct {
	Stage   Stage
	N       int       // counts the begun requests, from 1
	Path    string    // which call
	At      time.Time // when it was begun, by the machine's clock, not Config.Now
	Account string
	To      string // the customer
	MsgID   string
	Code    int // why it was refused
}

// sends counts and reports the requests that put words before a customer.
type sends struct {
	mu    sync.Mutex
	begun []time.Time
	hook  func(SendCall)
}

type sendKey struct{} // the context key of the SendCall begun

// OnSend sets a function that is called at each stage of each send request. The request waits
// until it returns, so a test can hold it there. A request that a fault keeps from having any
// effect is only begun.
func (s *Server) OnSend(hook func(SendCall)) {
	s.sends.mu.Lock()
	defer s.sends.mu.Unlock()
	s.sends.hook = hook
}

// SendsBegun is when the platform began to read each send request so far, by the machine's
// clock. Requests that were refused or hit by a fault count too.
func (s *Server) SendsBegun() []time.Time {
	s.sends.mu.Lock()
	defer s.sends.mu.Unlock()
	return append([]time.Time{}, s.sends.begun...)
}

// begin counts a send request and leaves its number in the request for the later stages.
func (s *Server) begin(r *http.Request) *http.Request {
	s.sends.mu.Lock()
	call := SendCall{Stage: SendBegun, Path: r.URL.Path, At: time.Now()}
	s.sends.begun = append(s.sends.begun, call.At)
	call.N = len(s.sends.begun)
	hook := s.sends.hook
	s.sends.mu.Unlock()
	if hook != nil {
		hook(call)
	}
	return r.WithContext(withSend(r.Context(), call))
}

// finish reports what became of a send request.
func (s *Server) finish(r *http.Request, m outgoing, err error) {
	call, _ := r.Context().Value(sendKey{}).(SendCall)
	call.Stage, call.Account, call.To, call.MsgID = SendTaken, m.Account, m.To, m.MsgID
	if err != nil {
		call.Stage, call.Code = SendRefused, codeOf(err)
	}
	s.sends.mu.Lock()
	hook := s.sends.hook
	s.sends.mu.Unlock()
	if hook != nil {
		hook(call)
	}
}

type sendReply struct {
	MsgID string `json:"msgid"`
}

// sendMessage answers send_msg.
func (s *Server) sendMessage(r *http.Request, body []byte) (any, error) {
	return s.take(r, body, s.deliver)
}

// take reads a message, delivers it if it is well-formed, and reports what became of it.
func (s *Server) take(r *http.Request, body []byte, deliver func(*outgoing) error) (any, error) {
	m := outgoing{raw: body}
	err := platformtest.Decode(body, &m)
	if err == nil {
		err = m.check()
	}
	if err == nil {
		if m.MsgID == "" {
			m.MsgID = s.Random(maxMsgID)
		}
		err = deliver(&m)
	}
	s.finish(r, m, err)
	if err != nil {
		return nil, err
	}
	return sendReply{m.MsgID}, nil
}

// deliver holds a well-formed message to the rules of its session and hands it over.
func (s *Server) deliver(m *outgoing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[m.Account]
	if a == nil {
		return refuse(codeBadAccount, "invalid open_kfid")
	}
	c := s.customers[m.To]
	if c == nil {
		return refuse(codeBadCustomer, "invalid external userid")
	}
	ses := a.session(c)
	fresh, allowed := s.checkFresh(a, m.MsgID), ses.maySend(s.cfg.Now())
	if s.cfg.DuplicateLast {
		fresh, allowed = allowed, fresh
	}
	if err := first(s.shows(m), fresh, allowed); err != nil {
		return err
	}
	a.sent[m.MsgID] = true
	ses.left--
	s.hand(ses, m, false)
	return nil
}

func (s *Server) checkFresh(a *account, msgid string) error {
	if a.sent[msgid] {
		return refuse(s.cfg.DuplicateCode, "msgid already exists")
	}
	return nil
}

// maySend is the rule of 48 hours, five messages and the session's state.
func (ses *session) maySend(now time.Time) error {
	switch {
	case !ses.account.managed:
		return refuse(codeBadSendState, "send msg session status invalid")
	case ses.wroteAt.IsZero():
		return refuse(codeBudgetSpent, "send msg count limit")
	case now.Sub(ses.wroteAt) > sendWindow:
		return refuse(codeWindowClosed, "send msg time limit")
	case ses.state != StateNew && ses.state != StateBot:
		return refuse(codeBadSendState, "send msg session status invalid")
	case ses.left <= 0:
		return refuse(codeBudgetSpent, "send msg count limit")
	}
	return nil
}

func withSend(ctx context.Context, call SendCall) context.Context {
	return context.WithValue(ctx, sendKey{}, call)
}

func codeOf(err error) int {
	var refusal *platformtest.Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return platformtest.CodeSystemBusy
}
