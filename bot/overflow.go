package bot

import (
	"context"
	"log/slog"
	"time"
)

// ReceivingDesk is a platform whose client tells who receives contacts there.
type ReceivingDesk interface {
	ClientDesk
	// Receiving counts who receives at an account. It may remember the answer for a little while.
	Receiving(ctx context.Context, account string) (int, error)
}

// Overflow passes contacts who wait for a person on to those who receive in the platform's own client,
// while nobody has our desk open. A nil one passes nobody on.
type Overflow struct {
	Channels map[string]Channel
	Log      *slog.Logger
}

// overflowPatience bounds how long a contact's answer waits for the platform to say who receives.
const overflowPatience = 2 * time.Second

// receiving counts those to whom a contact could be passed on. Where that cannot be known, nobody is
// taken to be there: the contact then waits in our queue.
func (o *Overflow) receiving(ctx context.Context, a Address) int {
	if o == nil {
		return 0
	}
	desk, ok := o.Channels[a.Channel].(ReceivingDesk)
	if !ok {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, overflowPatience)
	defer cancel()
	n, err := desk.Receiving(ctx, a.Account)
	if err != nil {
		o.Log.Warn("not known who receives in the client", "channel", a.Channel, "error", err)
		return 0
	}
	return n
}

// overflows reports whether who waits is passed on.
func (q Queue) overflows() bool { return q.OnDuty == 0 && q.Receiving > 0 }

// act is what is done with a contact who waits in this queue; nil for nothing.
func (q Queue) act(id string) *OwnAct {
	if !q.overflows() {
		return nil
	}
	return &OwnAct{ID: id, Act: ActPool, Words: "工作台没有人在岗，转到企业微信接待池"}
}
