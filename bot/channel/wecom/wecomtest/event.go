package wecomtest

import (
	"net/http"
	"time"
)

const (
	codeLifeShort = 20 * time.Second
	codeLifeLong  = 48 * time.Hour
	noState       = -1
)

// eventCode allows one message in answer to an event (send_msg_on_event).
type eventCode struct {
	session *session
	state   int // the state the session must still be in; noState: any
	life    time.Duration
	menu    bool // a menu may be sent, not text only
	until   time.Time
}

// newCode hands out a code for a session.
func (s *Server) newCode(ses *session, c eventCode) string {
	c.session, c.until = ses, s.cfg.Now().Add(c.life)
	code := s.Random(40)
	s.codes[code] = &c
	return code
}

// sendOnEvent answers send_msg_on_event: one message per code, within its time.
func (s *Server) sendOnEvent(r *http.Request, body []byte) (any, error) {
	return s.take(r, body, s.deliverOnEvent)
}

func (s *Server) deliverOnEvent(m *outgoing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.codes[m.Code]
	if code == nil || s.cfg.Now().After(code.until) {
		return refuse(codeBadCode, "invalid code")
	}
	ses := code.session
	m.Account, m.To = ses.account.id, ses.customer.id
	switch {
	case m.Type != "text" && (m.Type != "msgmenu" || !code.menu):
		return refuse(codeBadMsgType, "invalid message type")
	case m.Menu != nil && len(m.Menu.Items) > maxEventItems:
		return refuse(codeBadParam, "msgmenu.list exceeds %d items", maxEventItems)
	case code.state != noState && ses.state != code.state:
		return refuse(codeBadSendState, "send msg session status invalid")
	}
	if err := s.checkFresh(ses.account, m.MsgID); err != nil {
		return err
	}
	delete(s.codes, m.Code)
	if code.state == noState {
		ses.welcomed = s.cfg.Now()
	}
	ses.account.sent[m.MsgID] = true
	if s.cfg.EventCounts {
		ses.left--
	}
	s.hand(ses, m, true)
	return nil
}
