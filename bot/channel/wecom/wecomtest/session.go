package wecomtest

import (
	"net/http"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

// The states of service of one customer at one account.
const (
	StateNew   = 0 // nobody has taken it yet
	StateBot   = 1 // the smart assistant, that is the API
	StatePool  = 2 // waiting in the pool of receptionists
	StateHuman = 3 // a receptionist
	StateEnded = 4 // ended, or never begun
)

type stateRequest struct {
	Account  string `json:"open_kfid"`
	Customer string `json:"external_userid"`
	State    *int   `json:"service_state"`
	Servicer string `json:"servicer_userid"`
}

type stateReply struct {
	State    int    `json:"service_state"`
	Servicer string `json:"servicer_userid,omitempty"`
}

type transReply struct {
	Code string `json:"msg_code,omitempty"`
}

// serviceState answers service_state/get.
func (s *Server) serviceState(_ *http.Request, body []byte) (any, error) {
	var in stateRequest
	s.mu.Lock()
	defer s.mu.Unlock()
	ses, err := s.stateOf(body, &in)
	if err != nil {
		return nil, err
	}
	return stateReply{ses.state, ses.servicer}, nil
}

// transServiceState answers service_state/trans. It makes no event, as the documentation says
// of changes by the API.
func (s *Server) transServiceState(_ *http.Request, body []byte) (any, error) {
	var in stateRequest
	s.mu.Lock()
	defer s.mu.Unlock()
	ses, err := s.stateOf(body, &in)
	if err != nil {
		return nil, err
	}
	if in.State == nil {
		return nil, missing("service_state")
	}
	if err := s.mayTrans(ses, *in.State); err != nil {
		return nil, err
	}
	if *in.State == StateHuman {
		if err := ses.account.mayReceive(in.Servicer); err != nil {
			return nil, err
		}
	}
	code := s.transCode(ses, *in.State)
	ses.move(*in.State, in.Servicer)
	return transReply{code}, nil
}

// stateOf reads a request and finds the session it is about.
func (s *Server) stateOf(body []byte, in *stateRequest) (*session, error) {
	if err := platformtest.Decode(body, in); err != nil {
		return nil, err
	}
	a := s.accounts[in.Account]
	if a == nil {
		return nil, refuse(codeBadAccount, "invalid open_kfid")
	}
	c := s.customers[in.Customer]
	if c == nil {
		return nil, refuse(codeBadCustomer, "invalid external userid")
	}
	return a.session(c), nil
}

func (s *Server) mayTrans(ses *session, to int) error {
	if to < StateNew || to > StateEnded {
		return refuse(codeBadParam, "invalid service_state")
	}
	for _, allowed := range s.cfg.Transitions[ses.state] {
		if allowed == to {
			return nil
		}
	}
	if ses.state == StateEnded {
		return refuse(codeEnded, "conversation end")
	}
	return refuse(codeBadTransition, "not allowed to change to this service state")
}

// transCode makes the code for a message that a change of state allows: for the pool and for a
// person once in a session, for its end always.
func (s *Server) transCode(ses *session, to int) string {
	switch {
	case to == StateEnded:
		return s.newCode(ses, eventCode{state: to, life: codeLifeShort, menu: true})
	case to != StatePool && to != StateHuman, ses.greeted[to]:
		return ""
	}
	ses.greeted[to] = true
	return s.newCode(ses, eventCode{state: to, life: codeLifeLong})
}

func (ses *session) move(to int, servicer string) {
	if to != StateHuman {
		servicer = ""
	}
	ses.state, ses.servicer = to, servicer
	ses.customer.wake()
	if to == StateEnded {
		clear(ses.greeted)
	}
}

// EndQuietly ends a session without an event, as the platform's own time limits may.
func (s *Server) EndQuietly(openKfID string, c *Customer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustAccount(openKfID).session(c).move(StateEnded, "")
}

// wrote notes a message of the customer: it opens the window and, where the session had ended,
// a new session.
func (ses *session) wrote(now time.Time) {
	if ses.state == StateEnded {
		ses.move(StateNew, "")
	}
	ses.wroteAt, ses.left = now, sendBudget
}
