package bot

import "errors"

var (
	// ErrNotFound says that what was asked for does not exist.
	ErrNotFound = errors.New("not found")
	// ErrInvalid says that the input breaks a rule; the message names it.
	ErrInvalid = errors.New("invalid")
	// ErrTooLong says that a text is longer than can be sent at once.
	ErrTooLong = errors.New("too long")
	// ErrConflict says that the present state forbids the act.
	ErrConflict = errors.New("conflict")
	// ErrStale says that the work was begun under a claim, charge or cursor that is no longer the
	// present one; its result is dropped.
	ErrStale = errors.New("stale")
	// ErrMoreArrived says that a message arrived while the turn was being answered.
	ErrMoreArrived = errors.New("more messages arrived")
	// ErrUnavailable says that the database cannot take the work now (full, locked, away); the
	// caller may try again.
	ErrUnavailable = errors.New("unavailable")
)
