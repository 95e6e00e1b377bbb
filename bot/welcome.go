package bot

import (
	"strings"

	"rongjun/knowledge"
)

// enters decides what follows from a contact's entry: where they come from, and what they are
// welcomed with. Who entered before we were there is not welcomed.
func (in *Inbox) enters(a *Arrival) error {
	e := a.Enter
	if e == nil {
		return nil
	}
	if in.RegionOf != nil {
		a.Region = in.regionOf(*e)
	}
	if in.Greet == nil || a.History {
		return nil
	}
	reply := in.Greet(*e, a.Region)
	if reply.Text == "" {
		return nil
	}
	part, err := in.by(e.Ticket, reply)
	a.Says = func(s State) *OutgoingPart {
		if s == StateStaff {
			return nil
		}
		return part
	}
	return err
}

// regionOf reads the region out of what our link or poster carries; what was appended to the link
// says more than the link's own name.
func (in *Inbox) regionOf(e Enter) knowledge.Region {
	for _, text := range []string{e.Param, e.Scene} {
		if region := in.RegionOf(strings.TrimSpace(text)); region != "" {
			return region
		}
	}
	return ""
}
