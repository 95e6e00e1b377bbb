package bot

import (
	"context"
	"errors"
)

// carry sends the message, or carries its act out.
func (s *Sender) carry(ctx context.Context, channel Channel, m Sending) (SendOutcome, error) {
	if m.Outgoing.Act == "" {
		receipt, err := channel.Send(ctx, m.Outgoing)
		return SendOutcome{State: MessageSent, Note: receipt.Note}, err
	}
	desk, ok := channel.(ClientDesk)
	if !ok {
		return SendOutcome{}, Permanent(errors.New("channel has no client of its own"))
	}
	holder, err := desk.Act(ctx, m.Outgoing)
	if err != nil {
		return SendOutcome{}, err
	}
	event := eventOf(holder)
	if m.Outgoing.Act == ActEnd && event.Kind == EventClientEnded {
		event = Event{Kind: EventReclaim, By: m.Author}
	}
	says, err := s.told(m, holder)
	if err != nil {
		s.Log.Error("contact not told of an act", "conversation", m.Conversation, "error", err)
	}
	return SendOutcome{State: MessageSent, Event: event, Says: says}, nil
}

// What contacts are told of acts.
const (
	poolBegins = "（自动消息）已经为您转给其他值班的工作人员，正在排队，轮到您时会在这里直接回复。您说的话都已记下，不用再说一遍。"
	poolWaits  = "（自动消息）您还在排队，轮到您时工作人员会在这里直接回复。您说的话都已记下，不用再说一遍。"
	takenBack  = "您的事现在由我们接着办。平台要您先回一句话，我们才能再发消息给您：点一下下面的“请继续”，或者随便写几个字都行。"
	goOn       = "请继续"
)

// told is what the contact is told of an act that has put them somewhere else; nil for nothing. To whom
// a person answers nothing is said.
func (s *Sender) told(m Sending, h Holder) (*OutgoingPart, error) {
	if h.Ticket.Code == "" {
		return nil, nil
	}
	switch {
	case h.Place == HeldByNobody && m.Outgoing.Act == ActEnd:
		part, err := byTicket(s.Rand, h.Ticket, Reply{Text: takenBack, Choices: []Choice{{Text: goOn}}})
		if part != nil {
			part.Author = m.Author
		}
		return part, err
	case h.Place == HeldByPool && m.Outgoing.From == FromStaff:
		return byTicket(s.Rand, h.Ticket, Reply{Text: poolBegins})
	case h.Place == HeldByPool:
		// The bot has just said that it passes them on. Nothing else can be told them before somebody
		// takes them, so the one message is kept for when they have waited.
		part, err := byTicket(s.Rand, h.Ticket, Reply{Text: poolWaits})
		if part != nil {
			part.Later = FirstUpdate
		}
		return part, err
	}
	return nil, nil
}
