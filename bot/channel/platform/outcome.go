package platform

import (
	"errors"
	"time"

	"rongjun/bot"
)

// busyPause is how long a message waits after the platform asked for less.
const busyPause = 2 * time.Second

// SendError turns the error of a call that sends into what follows from it for the message; a network
// fault has its class already.
func (c *Client) SendError(path string, err error) error {
	if _, ok := errors.AsType[*bot.SendError](err); ok {
		return err
	}
	class := ClassOf(err)
	switch class {
	case ClassSpent, ClassExpired, ClassState:
		return bot.Parked(err)
	case ClassBackOff:
		return bot.RetryAfter(err, c.Rest(path))
	case ClassToken, ClassCrowded:
		return bot.RetryAfter(err, busyPause)
	case ClassBusy:
		// "System busy" does not say that nothing was done.
		return bot.Unclear(err)
	}
	if needsOperator(class) && class != ClassGone {
		return bot.SetUp(err)
	}
	return bot.Permanent(err)
}

// needsOperator reports whether nothing will do but an operator's act.
func needsOperator(c Class) bool {
	switch c {
	case ClassSecret, ClassSetUp, ClassGone, ClassLimit:
		return true
	}
	return false
}
