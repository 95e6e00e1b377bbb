package wecomtest

import (
	"context"
	"encoding/json"
	"time"
)

// Customer is a person with WeChat on their phone.
type Customer struct {
	s        *Server
	id, name string
	news     chan struct{} // closed and replaced when something happens on the phone
	received []Received
	lines    []line
	refusing int // fail_type of what is sent next; noRefusal: it arrives
	scene    Scene
	scenedAt time.Time
}

const noRefusal = -1

// Received is a message as it arrived on the phone.
type Received struct {
	MsgID    string
	Account  string
	At       time.Time // by the platform's clock
	Type     string
	Text     string // what is read first: the text, the head of a menu, a title
	Menu     *Menu
	Cut      bool            // the text was longer than the platform carries
	Event    bool            // it came by send_msg_on_event
	Servicer string          // the receptionist who typed it; empty: it came by the API
	Raw      json.RawMessage // the request that sent it
}

// Customer finds or makes the customer with an external_userid.
func (s *Server) Customer(externalUserID string) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers[externalUserID]
	if c == nil {
		c = &Customer{
			s: s, id: externalUserID, name: externalUserID,
			news: make(chan struct{}), refusing: noRefusal,
		}
		s.customers[externalUserID] = c
	}
	return c
}

// ID is the external_userid.
func (c *Customer) ID() string { return c.id }

// SetName sets the nickname that customer/batchget tells; it is the id until then.
func (c *Customer) SetName(name string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.name = name
}

// Received is what has arrived on the phone, in order.
func (c *Customer) Received() []Received {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return append([]Received{}, c.received...)
}

// Wait returns what has arrived as soon as that is at least n messages. When ctx ends first it
// returns what there is, and the error of ctx.
func (c *Customer) Wait(ctx context.Context, n int) ([]Received, error) {
	for {
		c.s.mu.Lock()
		got, news := append([]Received{}, c.received...), c.news
		c.s.mu.Unlock()
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

// RefuseSends lets every later message to this customer be accepted and then reported as
// failed (msg_send_fail) with a fail_type, such as 10 when the customer refuses messages.
func (c *Customer) RefuseSends(failType int) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.refusing = failType
}

// AcceptSends ends RefuseSends.
func (c *Customer) AcceptSends() { c.RefuseSends(noRefusal) }

// hand puts a message on the phone, or tells the account later that it could not.
func (s *Server) hand(ses *session, m *outgoing, event bool) {
	c := ses.customer
	if c.refusing != noRefusal {
		s.appendEvent(ses, map[string]any{
			"event_type": "msg_send_fail", "fail_msgid": m.MsgID, "fail_type": c.refusing,
		})
		s.ringLocked(ses.account)
		return
	}
	got := Received{
		MsgID: m.MsgID, Account: ses.account.id, At: s.cfg.Now(), Type: m.Type, Event: event,
		Menu: m.Menu, Raw: m.raw,
	}
	got.Text, got.Cut = m.words()
	c.received = append(c.received, got)
	c.show(line{
		From: fromService, Time: got.At, MsgID: got.MsgID, Account: got.Account,
		Type: got.Type, Text: got.Text, Menu: got.Menu, Cut: got.Cut, Event: event,
	})
}

// words is what a person reads first of a message.
func (m *outgoing) words() (text string, wasCut bool) {
	switch m.Type {
	case "text":
		return cut(m.Text.Content)
	case "msgmenu":
		return m.Menu.Head, false
	case "link":
		return m.Link.Title, false
	case "miniprogram":
		return m.MiniProgram.Title, false
	case "location":
		return m.Location.Name, false
	case "image":
		return "〔图片〕" + m.file, false
	case "file":
		return "〔文件〕" + m.file, false
	}
	return "", false
}

// show puts a line on the phone's screen and wakes whoever watches it.
func (c *Customer) show(l line) {
	l.N = len(c.lines) + 1
	c.lines = append(c.lines, l)
	c.wake()
}

// wake tells whoever watches the phone that something has changed.
func (c *Customer) wake() {
	close(c.news)
	c.news = make(chan struct{})
	if c.s.stir != nil {
		close(c.s.stir)
		c.s.stir = make(chan struct{})
	}
}
