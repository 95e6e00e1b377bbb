package bot

import (
	"context"
	"strings"
)

// Place says where a contact is served on a platform that has a desk of its own.
type Place string

// The places.
const (
	// HeldByUs: what we send is taken.
	HeldByUs Place = "us"
	// HeldByPool: the contact waits for somebody who works in the client.
	HeldByPool Place = "pool"
	// HeldByStaff: somebody who works in the client has the contact.
	HeldByStaff Place = "staff"
	// HeldByNobody: the session has ended, and the contact's next message begins another.
	HeldByNobody Place = "nobody"
)

// Holder is who has a contact. Staff is the platform's id of the person, for HeldByStaff.
type Holder struct {
	Place Place
	Staff string
	// Ticket allows one message while the contact is there, where an act has just put them there.
	Ticket Ticket
}

// ClientDesk is a channel whose platform has a client in which staff may answer too.
type ClientDesk interface {
	// Holder asks who has the contact.
	Holder(context.Context, Address) (Holder, error)
	// Act carries Outgoing.Act out and says who has the contact then. What is so already is done.
	// Its errors are those of Send.
	Act(context.Context, Outgoing) (Holder, error)
}

// What can be done on such a platform, in the order of the messages.
const (
	// ActPool lets the contact wait for somebody in the client.
	ActPool = "pool"
	// ActEnd ends the client's session.
	ActEnd = "end"
	// actPass begins the act that gives the contact to a person in the client; the id follows.
	actPass = "pass:"
)

// PassAct is the act that gives the contact to a person who works in the client.
func PassAct(staff string) string { return actPass + staff }

// PassedTo is the id of the person whom an act gives the contact to, empty for another act.
func PassedTo(act string) string {
	staff, ok := strings.CutPrefix(act, actPass)
	if !ok {
		return ""
	}
	return staff
}

// eventOf is what a holder means for a conversation of ours.
func eventOf(h Holder) Event {
	switch h.Place {
	case HeldByPool:
		return Event{Kind: EventClientWaits, Reason: "在企业微信里等人接待"}
	case HeldByStaff:
		return Event{Kind: EventClientTook, By: h.Staff}
	}
	return Event{Kind: EventClientEnded}
}
