package wecomtest

import (
	"net/http"
	"strconv"
)

// corp is what the address book knows of members beside their seats.
type corp struct {
	hidden map[string]bool // members outside the app's visible range
}

const (
	codeOutOfRange = 60011 // a member whom the app may not see
	codeNoMember   = 60111

	memberActive   = 1
	memberInactive = 4
)

// Hide takes a member out of the app's visible range.
func (s *Server) Hide(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.corp.hidden == nil {
		s.corp.hidden = map[string]bool{}
	}
	s.corp.hidden[userID] = true
}

type appReading struct {
	Agent int    `json:"agentid"`
	Name  string `json:"name"`
	Close int    `json:"close"`
}

// readApp answers agent/get: only the app whose token is used may be read.
func (s *Server) readApp(r *http.Request, _ []byte) (any, error) {
	agent := r.URL.Query().Get("agentid")
	if agent != s.cfg.AgentID {
		return nil, refuse(codeBadAgent, "invalid agentid")
	}
	id, err := strconv.Atoi(agent)
	if err != nil {
		return nil, refuse(codeBadAgent, "invalid agentid")
	}
	return appReading{Agent: id, Name: "退役军人服务（模拟）"}, nil
}

type memberReading struct {
	User   string `json:"userid"`
	Name   string `json:"name"`
	Status int    `json:"status"`
}

// readMember answers user/get for members whom the app may see. Who has not activated any seat has
// not activated WeCom.
func (s *Server) readMember(r *http.Request, _ []byte) (any, error) {
	user := r.URL.Query().Get("userid")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.members[user]:
		return nil, refuse(codeNoMember, "userid not found")
	case s.corp.hidden[user]:
		return nil, refuse(codeOutOfRange, "no privilege to access/modify contact/party/agent")
	}
	out := memberReading{User: user, Name: user, Status: memberActive}
	for _, a := range s.accounts {
		if v := a.servicer(user); v != nil && !v.activated {
			out.Status = memberInactive
		}
	}
	return out, nil
}
