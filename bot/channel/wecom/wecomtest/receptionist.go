package wecomtest

// Receptionist is a member of staff who works in the WeCom client, at the seats they have been
// given. What they do there makes events, as what the API does would not.
type Receptionist struct {
	s    *Server
	user string
}

// The change_type values of session_status_change.
const (
	changePicked      = 1
	changeTransferred = 2
	changeEnded       = 3
	changeReopened    = 4
)

// AddReceptionist gives a member of staff an activated seat at an account, receiving.
func (s *Server) AddReceptionist(openKfID, userID string) *Receptionist {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.mustAccount(openKfID)
	if a.servicer(userID) == nil {
		a.servicers = append(a.servicers, &servicer{user: userID, activated: true})
	}
	s.members[userID] = true
	return &Receptionist{s, userID}
}

// Deactivate takes the activation from the seat at an account.
func (r *Receptionist) Deactivate(openKfID string) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.seat(r.s.mustAccount(openKfID)).activated = false
}

// Receive starts or stops receiving at an account.
func (r *Receptionist) Receive(openKfID string, on bool) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	a := r.s.mustAccount(openKfID)
	r.seat(a).stopped = !on
	status := 1
	if !on {
		status = 2
	}
	now := r.s.cfg.Now()
	msgid := r.s.Random(32)
	a.append(now, msgid, map[string]any{
		"msgid": msgid, "send_time": now.Unix(), "origin": originSystem, "msgtype": "event",
		"event": map[string]any{
			"event_type": "servicer_status_change", "servicer_userid": r.user,
			"status": status, "stop_type": 0, "open_kfid": openKfID,
		},
	})
	r.s.ringLocked(a)
}

// PickUp takes a customer, out of the pool or from whoever has them. The code it makes allows
// one message.
func (r *Receptionist) PickUp(openKfID string, c *Customer) {
	r.change(openKfID, c, StateHuman, changePicked)
}

// Take is handed a customer by another receptionist.
func (r *Receptionist) Take(openKfID string, c *Customer) {
	r.change(openKfID, c, StateHuman, changeTransferred)
}

// End closes the session with a customer.
func (r *Receptionist) End(openKfID string, c *Customer) {
	r.change(openKfID, c, StateEnded, changeEnded)
}

// Say types a text to a customer. It reaches the phone at once and the account's log with
// origin 5; in a session that has ended it first opens it again.
func (r *Receptionist) Say(openKfID string, c *Customer, text string) (msgid string) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a, now := s.mustAccount(openKfID), s.cfg.Now()
	if ses := a.session(c); ses.state == StateEnded {
		r.changeLocked(ses, StateHuman, changeReopened)
	}
	r.seat(a)
	msgid = s.Random(32)
	message := map[string]any{
		"msgid": msgid, "open_kfid": openKfID, "external_userid": c.id,
		"send_time": now.Unix(), "origin": originServicer, "servicer_userid": r.user,
		"msgtype": "text", "text": textContent{Content: text},
	}
	a.append(now, msgid, message)
	c.received = append(c.received, Received{
		MsgID: msgid, Account: openKfID, At: now,
		Type: "text", Text: text, Servicer: r.user, Raw: encode(message),
	})
	c.show(line{
		From: fromService, Time: now, MsgID: msgid, Account: openKfID,
		Type: "text", Text: text, By: r.user,
	})
	s.ringLocked(a)
	return msgid
}

func (r *Receptionist) change(openKfID string, c *Customer, state, kind int) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.changeLocked(s.mustAccount(openKfID).session(c), state, kind)
}

func (r *Receptionist) changeLocked(ses *session, state, kind int) {
	s := r.s
	r.seat(ses.account)
	event := map[string]any{
		"event_type": "session_status_change", "change_type": kind,
		"old_servicer_userid": ses.servicer, "new_servicer_userid": "",
	}
	if state == StateHuman {
		event["new_servicer_userid"] = r.user
	}
	if kind == changePicked || kind == changeEnded {
		event["msg_code"] = s.transCode(ses, state)
	}
	ses.move(state, r.user)
	s.appendEvent(ses, event)
	s.ringLocked(ses.account)
}

// seat is the receptionist's place at an account; a test that gave none is wrong.
func (r *Receptionist) seat(a *account) *servicer {
	v := a.servicer(r.user)
	if v == nil {
		panic("wecomtest: " + r.user + " has no seat at " + a.id)
	}
	return v
}
