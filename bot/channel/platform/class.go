package platform

import (
	"errors"
	"fmt"
)

// Class says what a refusal asks for. Which code has which class is the channel's table; what a
// class means is the same for all.
type Class int

// The classes of refusals.
const (
	// ClassNone is a refusal without an act of its own.
	ClassNone Class = iota
	// ClassToken says that the access token is no longer good; it is replaced and the call repeated once.
	ClassToken
	// ClassSecret says that the credentials are wrong; nothing is asked for a while, since asking on bans
	// our address, and an operator must act.
	ClassSecret
	// ClassSetUp says that an operator must act.
	ClassSetUp
	// ClassBackOff says that there were too many calls; this API rests, longer each time.
	ClassBackOff
	// ClassCrowded says that there were too many calls at a time; fewer are made side by side.
	ClassCrowded
	// ClassBusy says that the platform is busy, and does not say whether it did what was asked.
	ClassBusy
	// ClassSpent says that the contact's budget of messages is used up until they write again.
	ClassSpent
	// ClassExpired says that the contact has been silent for too long, until they write again.
	ClassExpired
	// ClassState says that the session is not in a state that allows it; the state is to be read again.
	ClassState
	// ClassGone says that the account is no more.
	ClassGone
	// ClassLimit is the account's own limit, which only an operator can lift.
	ClassLimit
	// ClassPayload says that the form of what was sent is wrong; plain text may be taken.
	ClassPayload
	// ClassBlocked says that the words were refused; they are not sent again.
	ClassBlocked
	// ClassServicer says that this receptionist cannot be given a session.
	ClassServicer
	// ClassStale says that a short-lived token of the call itself has expired.
	ClassStale
)

// Act is one row of a channel's table of codes.
type Act struct {
	Class Class
	// Meaning is the code in Chinese, for operators.
	Meaning string
}

// Error is a refusal of the platform.
type Error struct {
	Path string
	Code int
	Act
	// Known is whether the code stands in the channel's table.
	Known bool
}

// Error names the call and the code, never what was sent.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: errcode %d (%s)", e.Path, e.Code, e.Meaning)
}

// unknownMeaning is that of a code which is not in the channel's table.
const unknownMeaning = "平台拒绝了请求"

// refusal looks the code up.
func (c *Client) refusal(path string, code int) *Error {
	act, known := c.o.Codes[code]
	if !known {
		act.Meaning = unknownMeaning
	}
	return &Error{Path: path, Code: code, Act: act, Known: known}
}

// Refused returns the refusal in an error, nil if it is none.
func Refused(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// ClassOf is the class of the refusal in an error, ClassNone if it is none.
func ClassOf(err error) Class {
	if e := Refused(err); e != nil {
		return e.Class
	}
	return ClassNone
}
