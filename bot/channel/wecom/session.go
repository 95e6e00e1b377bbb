package wecom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

var _ bot.ClientDesk = (*Channel)(nil)

const (
	stateGetPath   = "/cgi-bin/kf/service_state/get"
	stateTransPath = "/cgi-bin/kf/service_state/trans"
)

// The states of service [D94669]; in the others, 0 and 1, the contact is ours.
const (
	servicePool  = 2
	serviceHuman = 3
	serviceEnded = 4
)

// serviceState is what service_state/get answers and service_state/trans asks for. The SDK's type
// names the servicer wrongly and never fills it.
type serviceState struct {
	OpenKfID string `json:"open_kfid,omitempty"`
	External string `json:"external_userid,omitempty"`
	State    int    `json:"service_state"`
	Servicer string `json:"servicer_userid,omitempty"`
}

func (s serviceState) holder() bot.Holder {
	switch s.State {
	case servicePool:
		return bot.Holder{Place: bot.HeldByPool}
	case serviceHuman:
		return bot.Holder{Place: bot.HeldByStaff, Staff: s.Servicer}
	case serviceEnded:
		return bot.Holder{Place: bot.HeldByNobody}
	}
	return bot.Holder{Place: bot.HeldByUs}
}

// Holder implements bot.ClientDesk.
func (c *Channel) Holder(ctx context.Context, a bot.Address) (bot.Holder, error) {
	in := struct {
		OpenKfID string `json:"open_kfid"`
		External string `json:"external_userid"`
	}{a.Account, a.ExternalID}
	var out serviceState
	err := c.client.Post(ctx, stateGetPath, in, &out)
	c.faults.Note(stateGetPath, err)
	if err != nil {
		return bot.Holder{}, fmt.Errorf("read who has the contact: %w", err)
	}
	return out.holder(), nil
}

// Act implements bot.ClientDesk. The state is read first: what an unclear attempt did is then seen,
// and what the platform's own staff did meanwhile stands.
func (c *Channel) Act(ctx context.Context, o bot.Outgoing) (bot.Holder, error) {
	now, err := c.Holder(ctx, o.Address)
	if err != nil {
		return bot.Holder{}, c.readClass(err)
	}
	if o.Act == bot.ActEnd {
		return c.end(ctx, o.Address, now)
	}
	switch now.Place {
	case bot.HeldByStaff, bot.HeldByPool:
		return now, nil
	case bot.HeldByNobody:
		return now, bot.Permanent(errors.New("session has ended, the customer must write first"))
	}
	if person := bot.PassedTo(o.Act); person != "" {
		return c.pass(ctx, o.Address, person)
	}
	return c.trans(ctx, o.Address, serviceState{State: servicePool})
}

// end ends the client's session; one that is ours already need not end.
func (c *Channel) end(ctx context.Context, a bot.Address, now bot.Holder) (bot.Holder, error) {
	if now.Place == bot.HeldByUs || now.Place == bot.HeldByNobody {
		return bot.Holder{Place: bot.HeldByNobody}, nil
	}
	return c.trans(ctx, a, serviceState{State: serviceEnded})
}

// pass gives the contact to a person; to another who receives where that one cannot, or to the pool
// where nobody can.
func (c *Channel) pass(ctx context.Context, a bot.Address, person string) (bot.Holder, error) {
	var tried []string
	for person != "" {
		tried = append(tried, person)
		h, err := c.trans(ctx, a, serviceState{State: serviceHuman, Servicer: person})
		if platform.ClassOf(err) != platform.ClassServicer {
			return h, err
		}
		if person, err = c.another(ctx, a.Account, tried); err != nil {
			return bot.Holder{}, c.readClass(err)
		}
	}
	return c.trans(ctx, a, serviceState{State: servicePool})
}

// another is somebody who receives and was not tried yet, empty for nobody.
func (c *Channel) another(ctx context.Context, account string, tried []string) (string, error) {
	if len(tried) == mostServicers {
		return "", nil
	}
	seats, err := c.Inspect().Receptionists(ctx, account)
	if err != nil {
		return "", fmt.Errorf("list receptionists: %w", err)
	}
	for _, seat := range seats {
		if seat.Status == 0 && !slices.Contains(tried, seat.User) {
			return seat.User, nil
		}
	}
	return "", nil
}

// mostServicers is how many are tried before the contact waits in the pool.
const mostServicers = 3

// trans changes the state. Where the platform does not allow the change, the state is read again and
// holds: it is the platform's staff who have changed it.
func (c *Channel) trans(ctx context.Context, a bot.Address, to serviceState) (bot.Holder, error) {
	to.OpenKfID, to.External = a.Account, a.ExternalID
	var out struct {
		Code string `json:"msg_code"`
	}
	began := c.o.Now()
	err := c.client.Post(ctx, stateTransPath, to, &out)
	c.faults.Note(stateTransPath, err)
	switch platform.ClassOf(err) {
	case platform.ClassServicer:
		return bot.Holder{}, err
	case platform.ClassState:
		now, readErr := c.Holder(ctx, a)
		if readErr != nil {
			return bot.Holder{}, c.readClass(readErr)
		}
		if now.Place == bot.HeldByUs || now == to.holder() || to.State == serviceEnded {
			return now, bot.Permanent(err)
		}
		return now, nil
	}
	if err != nil {
		return bot.Holder{}, c.client.SendError(stateTransPath, err)
	}
	h := to.holder()
	switch h.Place {
	case bot.HeldByPool:
		h.Ticket = ticket(out.Code, began, poolLife)
	case bot.HeldByNobody:
		h.Ticket = ticket(out.Code, began, shortLife)
	}
	return h, nil
}

// readClass classes a fault of reading: nothing was changed, so it may be tried again.
func (c *Channel) readClass(err error) error {
	class := c.client.SendError(stateGetPath, err)
	e, ok := errors.AsType[*bot.SendError](class)
	if ok && (e.Class == bot.ClassUnclear || e.Class == bot.ClassParked) {
		return bot.RetryAfter(err, 0)
	}
	return class
}

// elsewhere finds out why the state of a session does not let a message through.
func (c *Channel) elsewhere(ctx context.Context, o bot.Outgoing, refused error) error {
	h, err := c.Holder(ctx, o.Address)
	if err != nil {
		return c.readClass(err)
	}
	switch h.Place {
	case bot.HeldByNobody:
		return bot.Parked(refused)
	case bot.HeldByUs:
		// The session is ours and the platform takes nothing: the account is not under API control.
		c.faults.Add(sendPath, platform.Refused(refused).Code)
		return bot.SetUp(refused)
	}
	return bot.Elsewhere(refused, h)
}
