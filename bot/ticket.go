package bot

import "io"

// by makes a reply into a message that is sent by a ticket; nil for a reply without a text.
func (in *Inbox) by(t Ticket, r Reply) (*OutgoingPart, error) { return byTicket(in.Rand, t, r) }

func byTicket(rand io.Reader, t Ticket, r Reply) (*OutgoingPart, error) {
	if r.Text == "" {
		return nil, nil
	}
	part, err := numberPart(rand, r)
	part.Code, part.Expires = t.Code, t.Until
	return &part, err
}

// ends decides what a contact is told when their session in the platform's client has ended: that it is
// over, or where nobody had taken them yet that they still wait. An ordinary message is not taken then
// before they write again. What ended before we were there is not told.
func (in *Inbox) ends(a *Arrival) error {
	s := a.Session
	if s == nil || s.Change != SessionEnded || s.Ticket.Code == "" || in.Farewell == nil || a.History {
		return nil
	}
	over, err := in.by(s.Ticket, in.Farewell())
	if err != nil {
		return err
	}
	waits, err := in.by(s.Ticket, Reply{Text: stillWaits})
	a.Says = func(s State) *OutgoingPart {
		switch s {
		case StateClosed:
			return over
		case StateQueued:
			return waits
		}
		return nil // somebody here has the contact
	}
	return err
}

// stillWaits begins, as all that the bot says by a ticket, with who speaks: it may be the first that the
// contact hears of it.
const stillWaits = "（自动消息）那边暂时没有人接上，您还在排队，轮到您时工作人员会直接回复。您说的话都已记下，不用再说一遍。"
