package bot

import (
	"strings"
	"time"
)

// MediaRef says where what is seen or heard in a message is to be fetched.
type MediaRef struct {
	// ID is the platform's own; the channel that received it knows what it means.
	ID string
	// Name is the file's name where the platform tells it with the message.
	Name string
}

// Location is a place on the map that a contact sends. Chinese platforms give GCJ-02.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Enter says that a contact opened the conversation, and how they came.
type Enter struct {
	// Scene and Param are what our own link, poster or code carries: where it hangs, which county.
	Scene string
	Param string
	// Ticket allows one message of welcome; none where no message may be sent, or where the platform
	// needs none for it.
	Ticket Ticket
}

// Ticket is a platform's leave to send one message about something that happened, whatever its window
// and budget say, until a time. It may be used once; without a code it is none.
type Ticket struct {
	Code  string
	Until time.Time
}

// Origin is the scene and its parameter as one text, for staff.
func (e Enter) Origin() string {
	return strings.TrimSpace(e.Scene + " " + e.Param)
}

// Failure says that a message which the platform had accepted did not reach the contact.
type Failure struct {
	// Message is our id of it, Outgoing.ID.
	Message string
	// Code is the platform's number for the reason, Reason the same in Chinese, for staff.
	Code   int
	Reason string
	// Closed says that the platform takes nothing more until the contact writes.
	Closed bool
}

// SessionChange is what happened in the platform's own client between a contact and its staff.
type SessionChange string

// The changes of sessions.
const (
	// SessionTaken: a member of staff took the contact from those who waited.
	SessionTaken SessionChange = "taken"
	// SessionPassed: a member of staff gave the contact to another.
	SessionPassed SessionChange = "passed"
	// SessionEnded: it is over; the contact's next message begins anew.
	SessionEnded SessionChange = "ended"
	// SessionReopened: a member of staff wrote again after the end.
	SessionReopened SessionChange = "reopened"
)

// Session is a change of who serves a contact in the platform's own client. Staff are named by the
// platform's ids.
type Session struct {
	Change SessionChange
	From   string
	To     string
	// Ticket allows one message about the change, where that would be said over nobody's shoulder.
	Ticket Ticket
}

// Duty says that a member of staff began or stopped to receive contacts in the platform's own
// client. It belongs to an account, not to a contact.
type Duty struct {
	Account string
	// Staff is the platform's id.
	Staff     string
	Receiving bool
	At        time.Time
}
