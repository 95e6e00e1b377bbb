package wecomtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rongjun/bot/channel/platform/platformtest"
)

// AppMessage is a message of the app to members of the corporation.
type AppMessage struct {
	MsgID string
	At    time.Time // by the platform's clock
	To    []string  // the members it has reached
	// Dropped are the members it did not reach, without a word to the sender, because they had
	// as many messages as a member may have.
	Dropped []string
	Type    string
	Text    string          // what is read of a text, cut to the platform's limit
	Task    string          // of a template card
	Raw     json.RawMessage // the request that sent it
}

// A member gets so many messages of an app; the excess is dropped and nobody is told.
const (
	memberPerMinute = 30
	memberPerHour   = 1000
	mostMembers     = 1000
	everybody       = "@all"
	cardMessage     = "template_card"
)

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

// appRequest is message/send, as far as this program's kind of app needs it: to members by
// userid, in texts and template cards.
type appRequest struct {
	To       string        `json:"touser"`
	Type     string        `json:"msgtype"`
	Agent    json.Number   `json:"agentid"`
	Text     textContent   `json:"text"`
	Markdown textContent   `json:"markdown"`
	Image    *mediaContent `json:"image"`
	File     *mediaContent `json:"file"`
	Card     *templateCard `json:"template_card"`
}

type appReply struct {
	Invalid string `json:"invaliduser,omitempty"`
	MsgID   string `json:"msgid"`
	Code    string `json:"response_code,omitempty"`
}

// sendToMembers answers message/send.
func (s *Server) sendToMembers(_ *http.Request, body []byte) (any, error) {
	var in appRequest
	if err := platformtest.Decode(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	users, err := s.checkApp(in)
	if err != nil {
		return nil, err
	}
	message := AppMessage{
		At: s.cfg.Now(), Type: in.Type, Raw: body,
		Text: cutText(in.Text.Content + in.Markdown.Content),
	}
	var invalid []string
	for _, user := range users {
		switch {
		case !s.members[user]:
			invalid = append(invalid, user)
		case s.overLimit(user):
			message.Dropped = append(message.Dropped, user)
		default:
			message.To = append(message.To, user)
		}
	}
	if len(invalid) == len(users) {
		return nil, refuse(codeNobody, "user & party & tag all invalid")
	}
	message.MsgID = "app" + strconv.Itoa(len(s.app)+1) + s.Random(16)
	reply := appReply{Invalid: strings.Join(invalid, "|"), MsgID: message.MsgID}
	if in.Type == cardMessage {
		message.Task = in.Card.Task
		reply.Code = s.cards.add(s, in.Card, message.To)
	}
	s.app = append(s.app, message)
	s.appChanged()
	return reply, nil
}

// checkApp refuses what breaks a rule, and returns whom a message is for.
func (s *Server) checkApp(in appRequest) ([]string, error) {
	users := strings.Split(in.To, "|")
	if in.To == everybody {
		users = nil
		for user := range s.members {
			users = append(users, user)
		}
		slices.Sort(users)
	}
	switch {
	case in.Agent.String() != s.cfg.AgentID:
		return nil, refuse(codeBadAgent, "invalid agentid")
	case len(users) > mostMembers:
		return nil, refuse(codeBadParam, "touser exceeds 1000")
	case in.Type == "":
		return nil, refuse(codeBadMsgType, "invalid message type")
	case in.Type == "text" && in.Text.Content == "":
		return nil, refuse(codeEmptyText, "text content is empty")
	case in.Type == cardMessage:
		return users, s.cards.check(in.Card)
	case in.Type == "image" || in.Type == "file":
		m := outgoing{Type: in.Type, Image: in.Image, File: in.File}
		return users, first(m.checkKind(), s.shows(&m))
	}
	return users, nil
}

// overLimit counts what a member has got in the last minute and hour.
func (s *Server) overLimit(user string) bool {
	now := s.cfg.Now()
	minute, hour := 0, 0
	for _, m := range slices.Backward(s.app) {
		age := now.Sub(m.At)
		if age >= time.Hour {
			break
		}
		if !slices.Contains(m.To, user) {
			continue
		}
		hour++
		if age < time.Minute {
			minute++
		}
	}
	return minute >= memberPerMinute || hour >= memberPerHour
}

// cutText is what of a text arrives: 2048 bytes, the rest is cut without a word.
func cutText(text string) string {
	if len(text) <= maxText {
		return text
	}
	n := maxText
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// appChanged wakes those who wait for something of the app.
func (s *Server) appChanged() {
	close(s.appNews)
	s.appNews = make(chan struct{})
}
