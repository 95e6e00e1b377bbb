package wecomtest

import (
	"maps"
	"time"
)

// Origins of an entry in an account's log.
const (
	originCustomer = 3
	originSystem   = 4
	originServicer = 5
)

// Scene is how a customer came to the account: the code of the link and what was appended.
type Scene struct {
	Scene, Param string
}

// Say writes a text to an account and returns its msgid.
func (c *Customer) Say(openKfID, text string) string {
	return c.put(openKfID, map[string]any{
		"msgtype": "text", "text": textContent{Content: text},
	}, text)
}

// Tap taps a line of a menu: a text that carries the line's id. Any id can be given, so that
// forged and expired ones can be tried.
func (c *Customer) Tap(openKfID, menuID, text string) string {
	return c.put(openKfID, map[string]any{
		"msgtype": "text", "text": textContent{Content: text, MenuID: menuID},
	}, text)
}

// SendRaw writes a message of any kind: the map holds msgtype and the field of that name. Other
// fields win over those that the platform would set, so that odd messages can be made.
func (c *Customer) SendRaw(openKfID string, message map[string]any) string {
	return c.put(openKfID, message, "")
}

// put stores a customer's message and rings the bell.
func (c *Customer) put(openKfID string, message map[string]any, shown string) string {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	ses := s.mustAccount(openKfID).session(c)
	ses.wrote(now)
	m := map[string]any{
		"msgid": s.Random(32), "open_kfid": openKfID, "external_userid": c.id,
		"send_time": now.Unix(), "origin": originCustomer,
	}
	maps.Copy(m, message)
	msgid, _ := m["msgid"].(string)
	kind, _ := m["msgtype"].(string)
	ses.account.append(now, msgid, m)
	c.show(line{
		From: fromCustomer, Time: now, MsgID: msgid, Account: openKfID,
		Type: kind, Text: shown,
	})
	s.ringLocked(ses.account)
	return msgid
}

// Enter opens the chat through the account's link. The welcome code is empty when the customer
// was welcomed or wrote within the last 48 hours.
func (c *Customer) Enter(openKfID string, scene Scene) (welcomeCode string) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	ses := s.mustAccount(openKfID).session(c)
	c.scene, c.scenedAt = scene, now
	event := map[string]any{
		"event_type": "enter_session", "scene": scene.Scene, "scene_param": scene.Param,
	}
	if lapsed(ses.welcomed, now) && lapsed(ses.wroteAt, now) {
		welcomeCode = s.newCode(ses,
			eventCode{state: noState, life: codeLifeShort, menu: true})
		event["welcome_code"] = welcomeCode
	}
	s.appendEvent(ses, event)
	s.ringLocked(ses.account)
	return welcomeCode
}

// Recall takes a message back that the customer sent before.
func (c *Customer) Recall(openKfID, msgid string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for i := range c.lines {
		if c.lines[i].MsgID == msgid && c.lines[i].From == fromCustomer {
			c.show(line{
				From: fromNotice, Time: c.s.cfg.Now(), Account: openKfID,
				Text: "你撤回了一条消息", Recalls: c.lines[i].N,
			})
			break
		}
	}
	c.event(openKfID, map[string]any{
		"event_type": "user_recall_msg", "recall_msgid": msgid,
	})
}

// Event puts any event about this customer into the account's log; the map holds event_type
// and its fields.
func (c *Customer) Event(openKfID string, event map[string]any) (msgid string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.event(openKfID, event)
}

func (c *Customer) event(openKfID string, event map[string]any) string {
	ses := c.s.mustAccount(openKfID).session(c)
	msgid := c.s.appendEvent(ses, event)
	c.s.ringLocked(ses.account)
	return msgid
}

// appendEvent stores an event; its account and customer stand inside it, not beside.
func (s *Server) appendEvent(ses *session, event map[string]any) (msgid string) {
	now := s.cfg.Now()
	inner := map[string]any{"open_kfid": ses.account.id, "external_userid": ses.customer.id}
	maps.Copy(inner, event)
	msgid = s.Random(32)
	ses.account.append(now, msgid, map[string]any{
		"msgid": msgid, "send_time": now.Unix(), "origin": originSystem,
		"msgtype": "event", "event": inner,
	})
	return msgid
}

func (a *account) append(at time.Time, msgid string, message map[string]any) {
	a.log = append(a.log, entry{at, msgid, encode(message)})
}

// lapsed says whether 48 hours have gone by since then, or it never was.
func lapsed(then, now time.Time) bool {
	return then.IsZero() || now.Sub(then) > sendWindow
}
