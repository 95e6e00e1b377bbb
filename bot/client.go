package bot

import "fmt"

// clientDesk is what staff at our desk read in place of a name when nobody in the client has taken
// the contact yet.
const clientDesk = "企业微信接待池"

// ClientStaff is the person in charge, or the client's queue where the contact waits in it.
func (c Conversation) ClientStaff() string {
	if c.Client && c.Staff == "" {
		return clientDesk
	}
	return c.Staff
}

// applyClient is what happens in the platform's own client. What the platform says is so, whoever
// was in charge by our own data: nothing of ours can be sent against it.
func applyClient(c Conversation, e Event) (Conversation, error) {
	switch {
	case e.Kind == EventReclaim:
		return applyReclaim(c, e)
	case e.Kind == EventClientEnded && !c.Client:
		return c, nil
	case e.Kind == EventClientEnded && c.State == StateQueued:
		return waitsWithUs(c), nil
	case e.Kind == EventClientEnded:
		return closed(c), nil
	case e.Kind == EventClientWaits && c.Client && c.State == StateQueued:
		return c, nil
	case e.Kind == EventClientWaits:
		return waitsInClient(c, e), nil
	case e.By == "":
		return c, fmt.Errorf("taken in the client by nobody: %w", ErrInvalid)
	case c.Client && c.Staff == e.By:
		return c, nil
	}
	c = inCharge(c, StateStaff, e.By)
	c.Client = true
	return c, nil
}

// waitsInClient keeps the place of a contact who waited already.
func waitsInClient(c Conversation, e Event) Conversation {
	since, reason := c.WaitingSince, c.Reason
	c = queued(c, e)
	if !since.IsZero() {
		c.WaitingSince, c.Reason = since, reason
	}
	c.Client = true
	return c
}

// waitsWithUs takes a contact back whom nobody in the client had taken yet: they asked for a person and
// have had none. They keep their place.
func waitsWithUs(c Conversation) Conversation {
	since, reason := c.WaitingSince, c.Reason
	c = inCharge(c, StateQueued, "")
	c.WaitingSince, c.Reason = since, reason
	return c
}

// applyReclaim gives a conversation that was the client's to a person at our desk.
func applyReclaim(c Conversation, e Event) (Conversation, error) {
	switch {
	case e.By == "":
		return c, fmt.Errorf("reclaim by nobody: %w", ErrInvalid)
	case c.Client:
		return inCharge(c, StateStaff, e.By), nil
	}
	return applyTakeover(c, e)
}
