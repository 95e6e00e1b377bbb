package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/prometheus/client_golang/prometheus"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// Callback is a channel's own way to read what its platform sends. A body that cannot be read is
// bot.ErrEnvelope; every fault of signature, ciphertext or receiver is bot.ErrForged.
type Callback interface {
	// Verify answers the platform's check of the address with the body to send back.
	Verify(query url.Values) (plain []byte, err error)
	// Decode reads a delivery.
	Decode(query url.Values, body []byte) (bot.Delivery, error)
}

// Inbox takes messages in; after nil they are safe.
type Inbox interface {
	Receive(context.Context, []bot.Incoming) ([]bot.Accepted, error)
}

// Passive waits for what a message is answered with in the answer to its callback.
type Passive interface {
	Await(context.Context, bot.Incoming, bot.Accepted, bot.Limits) (string, error)
}

// Bells is told that something is due to be pulled. It never waits.
type Bells interface {
	Ring(bot.Bell)
}

// Clicks takes taps on cards in; after nil they are safe.
type Clicks interface {
	ReceiveClicks(context.Context, []bot.Click) error
}

// Desk is what staff do.
type Desk interface {
	Takeover(ctx context.Context, conversation int64, staff string) (bot.Conversation, error)
	Say(ctx context.Context, conversation int64, staff string, s bot.Said) (bot.Message, error)
	Release(ctx context.Context, conversation int64, staff string) (bot.Conversation, error)
	Close(ctx context.Context, conversation int64, staff string) (bot.Conversation, error)
	ToClient(ctx context.Context, conversation int64, staff, person string) error
	TakeBack(ctx context.Context, conversation int64, staff string) error
}

// Media opens what is seen or heard in a message; bot.ErrNotFound where nothing is kept.
type Media interface {
	Open(ctx context.Context, message int64) (bot.Media, io.ReadSeekCloser, error)
}

// Options are the parts that the pages and calls stand on. All are needed but those that say so.
type Options struct {
	// PublicURL is the address people open; with https, cookies travel encrypted only.
	PublicURL string
	// TrustedProxies may say in X-Forwarded-For whom they speak for; none is usual.
	TrustedProxies []netip.Prefix
	// VerifyDir holds the platforms' proofs of domain; it need not exist.
	VerifyDir string
	// Callbacks are the channels with a callback, by the last part of its path; none is possible.
	Callbacks map[string]Callback

	Inbox Inbox
	Bells Bells
	// Passive may be nil where no channel answers in callbacks.
	Passive    Passive
	Clicks     Clicks
	Hub        *bot.Hub
	Transcript bot.TranscriptStore
	Visible    bot.VisibleStore
	Turns      bot.TurnLog
	Desk       Desk
	Media      Media
	Accounts   *staff.Accounts
	Sessions   scs.Store
	// WeCom vouches for members of the corp; nil while it is not set up. States goes with it.
	WeCom     SignInSite
	States    States
	Knowledge Knowledge
	// Budgets are what the platforms let through, by the channel's name; channels without one have
	// no entry.
	Budgets map[string]bot.Budget
	// Carries are the kinds of files that staff can send, by the channel's name.
	Carries map[string][]bot.Kind

	// Ready looks at every part and channel.
	Ready func(context.Context) Readiness
	// Gatherer is what /metrics shows, Metrics what this package counts into.
	Gatherer prometheus.Gatherer
	Metrics  *Metrics
	// Done is closed when the program stops; streams end then.
	Done <-chan struct{}
	Log  *slog.Logger
	Now  func() time.Time
	Rand io.Reader
}

// secure reports whether people reach the pages over https.
func (o Options) secure() bool {
	u, err := url.Parse(o.PublicURL)
	return err == nil && u.Scheme == "https"
}
