package bot

import (
	"errors"
	"time"
)

// SendClass says what follows from a failed send.
type SendClass string

// The classes of failed sends.
const (
	// ClassRetry: the message did not arrive; send it again later.
	ClassRetry SendClass = "retry"
	// ClassPermanent: it will never be taken.
	ClassPermanent SendClass = "permanent"
	// ClassParked: the platform's window or budget is closed until the contact writes again.
	ClassParked SendClass = "parked"
	// ClassUnclear: the request may have arrived.
	ClassUnclear SendClass = "unclear"
	// ClassSetUp: nothing can be sent until an operator acts.
	ClassSetUp SendClass = "set_up"
	// ClassHeld: nothing is sent here; the contact fetches it. See Passive.
	ClassHeld SendClass = "held"
	// ClassElsewhere: the platform's own client has the contact, so nothing of ours is taken.
	ClassElsewhere SendClass = "elsewhere"
)

// SendError is a failed send with its class.
type SendError struct {
	Class SendClass
	// After is how long to wait before the next attempt; 0 leaves it to the sender.
	After time.Duration
	// Holder is who has the contact, for ClassElsewhere.
	Holder Holder
	Err    error
}

// Error is the text of the cause.
func (e *SendError) Error() string { return string(e.Class) + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// RetryAfter says that the message did not arrive and may be sent again after d.
func RetryAfter(err error, d time.Duration) error {
	return &SendError{Class: ClassRetry, After: d, Err: err}
}

// Permanent says that the message will never be taken.
func Permanent(err error) error { return &SendError{Class: ClassPermanent, Err: err} }

// Parked says that nothing can be sent until the contact writes again.
func Parked(err error) error { return &SendError{Class: ClassParked, Err: err} }

// Unclear says that the message may have arrived.
func Unclear(err error) error { return &SendError{Class: ClassUnclear, Err: err} }

// SetUp says that an operator must act before anything can be sent.
func SetUp(err error) error { return &SendError{Class: ClassSetUp, Err: err} }

// Held says that the message waits for the contact to fetch it.
func Held() error { return &SendError{Class: ClassHeld, Err: errors.New("to be fetched")} }

// Elsewhere says that somebody else has the contact.
func Elsewhere(err error, h Holder) error {
	return &SendError{Class: ClassElsewhere, Holder: h, Err: err}
}

// classify reads the class of an error of Channel.Send. What has no class may have arrived.
func classify(err error) *SendError {
	if e, ok := errors.AsType[*SendError](err); ok {
		return e
	}
	return &SendError{Class: ClassUnclear, Err: err}
}
