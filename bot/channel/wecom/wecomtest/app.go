package wecomtest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// AppMessage is a message of the app to members of the corporation.
type AppMessage struct {
	MsgID string
	At    time.Time // by the platform's clock
	To    []string  // the members it has reached
	Type  string
	Raw   json.RawMessage // the request that sent it
}

// AddMember adds a member of staff whom the app may write to. Receptionists are members too.
func (s *Server) AddMember(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members[userID] = true
}

// WaitApp returns the app's messages so far as soon as there are at least n of them. When ctx
// ends first it returns what there is, and the error of ctx.
func (s *Server) WaitApp(ctx context.Context, n int) ([]AppMessage, error) {
	for {
		s.mu.Lock()
		got, news := append([]AppMessage{}, s.app...), s.appNews
		s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
}

type appReply struct {
	Invalid string `json:"invaliduser,omitempty"`
	MsgID   string `json:"msgid"`
	Code    string `json:"response_code,omitempty"`
}

// sendToMembers answers message/send, as far as staff notices need it: to members by userid.
func (s *Server) sendToMembers(_ *http.Request, body []byte) (any, error) {
	var in struct {
		To    string      `json:"touser"`
		Type  string      `json:"msgtype"`
		Agent json.Number `json:"agentid"`
		Text  textContent `json:"text"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	users := strings.Split(in.To, "|")
	switch {
	case in.Agent.String() != s.cfg.AgentID:
		return nil, refuse(codeBadAgent, "invalid agentid")
	case len(users) > 1000:
		return nil, refuse(codeBadParam, "touser exceeds 1000")
	case in.Type == "text" && in.Text.Content == "":
		return nil, refuse(codeEmptyText, "text content is empty")
	case in.Type == "":
		return nil, refuse(codeBadMsgType, "invalid message type")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	message := AppMessage{At: s.cfg.Now(), Type: in.Type, Raw: body}
	var invalid []string
	for _, user := range users {
		if s.members[user] {
			message.To = append(message.To, user)
		} else {
			invalid = append(invalid, user)
		}
	}
	if len(message.To) == 0 {
		return nil, refuse(codeNobody, "user & party & tag all invalid")
	}
	message.MsgID = "app" + strconv.Itoa(len(s.app)+1) + s.random(16)
	s.app = append(s.app, message)
	close(s.appNews)
	s.appNews = make(chan struct{})
	reply := appReply{Invalid: strings.Join(invalid, "|"), MsgID: message.MsgID}
	if in.Type == "template_card" {
		reply.Code = s.random(40)
	}
	return reply, nil
}
