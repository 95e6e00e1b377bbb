package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"
)

// SenderObserver hears of sends, for metrics.
type SenderObserver interface {
	// SendFinished is called after each attempt with what the message's state became.
	SendFinished(channel string, state MessageState, took time.Duration)
}

// Sender sends what is pending, in the order of each conversation, different conversations side by
// side.
type Sender struct {
	Store    OutboxStore
	Channels map[string]Channel
	Hub      *Hub
	Now      func() time.Time
	Log      *slog.Logger
	Observer SenderObserver
	// Parallel is how many messages are sent at a time; Sweep the longest time between two looks.
	Parallel int
	Sweep    time.Duration
	// Rand gives the ids of what is said about acts.
	Rand io.Reader

	health health
	files  lane
}

const (
	// SendTimeout bounds one attempt. It is shorter than ClaimFor, so that no request is begun under
	// a claim that has lapsed.
	SendTimeout = 10 * time.Second
	// freshFor is how long after a claim was asked for a request may be begun. A process that was frozen
	// in between looks dead to the others, who may have sent the message or taken over by then; its own
	// request must not come after that.
	freshFor = 3 * time.Second
	// fileTimeout bounds one attempt with a file, which is put on the platform first, over a slow line too:
	// the channel gives up what does not move. Meanwhile the claim is renewed.
	fileTimeout = time.Hour
	// filesAtATime is how many such attempts there may be: they must not keep words waiting.
	filesAtATime = 3
	// setUpPause is how long a message waits for an operator to mend the set-up.
	setUpPause = time.Minute
	// sendPatience is how long a message is tried while the platform cannot be reached or used. Time
	// counts, not attempts: an outage must lose nothing, and what is older is no answer any more.
	sendPatience = 24 * time.Hour
)

// heldFor is how long a message that the contact fetches is left alone.
const heldFor = 24 * time.Hour

// Run sends until the context ends; see pool. What a dead process left half sent is rescued first
// and at every sweep.
func (s *Sender) Run(ctx context.Context) {
	wake, end := s.Hub.SubscribeTo(WorkSends)
	defer end()
	rescued := make(chan struct{})
	go func() { defer close(rescued); s.rescue(ctx) }()
	p := pool[Sending]{
		name: "sends", claim: s.claim, do: s.send, wake: wake,
		parallel: s.Parallel, sweep: s.Sweep, rest: shortRest,
		claimers: claimers, now: s.Now, log: s.Log,
	}
	p.run(ctx)
	<-rescued
}

func (s *Sender) claim(ctx context.Context) (*Sending, time.Time, error) {
	asked := s.Now()
	m, next, err := s.Store.ClaimSend(ctx)
	if m != nil {
		m.Asked = asked
	}
	return m, next, err
}

func (s *Sender) rescue(ctx context.Context) {
	var keyed []string
	for name, c := range s.Channels {
		if c.Keyed() {
			keyed = append(keyed, name)
		}
	}
	ticker := time.NewTicker(s.Sweep)
	defer ticker.Stop()
	for {
		if err := s.Store.RescueSends(ctx, keyed); err != nil && ctx.Err() == nil {
			s.Log.Warn("rescue of sends failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Sender) send(ctx context.Context, m Sending) {
	began := s.Now()
	outcome := s.attempt(ctx, m)
	s.Observer.SendFinished(m.Outgoing.Channel, outcome.State, s.Now().Sub(began))
	s.record(ctx, m, outcome)
}

func (s *Sender) attempt(ctx context.Context, m Sending) SendOutcome {
	channel, ok := s.Channels[m.Outgoing.Channel]
	if !ok {
		err := SetUp(errors.New("channel is not set up"))
		return s.outcome(m, classify(err), false)
	}
	if m.Outgoing.Code != "" && !s.Now().Before(m.Outgoing.Expires) {
		return SendOutcome{State: MessageExpired, Note: "过了平台允许的时间，没有发出"}
	}
	if m.Outgoing.Act == "" && s.overBudget(channel, m) {
		return SendOutcome{State: MessageParked, Note: parkedNote}
	}
	if age := s.Now().Sub(m.Asked); age > freshFor {
		s.Log.Warn("claim is too old to send under", "conversation", m.Conversation, "age", age)
		return SendOutcome{State: MessagePending, MayHaveArrived: m.Outgoing.Repeat}
	}
	if m.Outgoing.File != nil {
		ok, again := s.files.enter(filesAtATime)
		if !ok {
			return SendOutcome{State: MessagePending, After: again, MayHaveArrived: m.Outgoing.Repeat}
		}
		defer s.files.leave()
	}
	ctx, cancel := s.patience(ctx, m)
	defer cancel()
	done, err := s.carry(ctx, channel, m)
	if err == nil {
		s.health.worked(m.Outgoing.Channel, s.Now())
		return done
	}
	failure := classify(err)
	if failure.Class == ClassHeld {
		return SendOutcome{State: MessagePending, After: heldFor, Note: "对方来取时送出"}
	}
	s.Log.Warn("send failed", "channel", m.Outgoing.Channel, "conversation", m.Conversation,
		"class", failure.Class, "attempt", m.Attempts, "error", err)
	return s.outcome(m, failure, channel.Keyed())
}

// patience bounds an attempt. One with a file keeps its claim while it lasts, and ends with it. Only
// staff send files, so no takeover waits for it.
func (s *Sender) patience(ctx context.Context, m Sending) (context.Context, context.CancelFunc) {
	if m.Outgoing.File == nil {
		return context.WithTimeout(ctx, SendTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	kept, stop := keepClaim(ctx, nil, func(ctx context.Context) error { return s.Store.RenewSend(ctx, m) })
	return kept, func() { cancel(); stop() }
}

// overBudget reports whether the platform would refuse the message. A repeat has been counted already,
// and what answers an event has an allowance of its own.
func (s *Sender) overBudget(channel Channel, m Sending) bool {
	budgeted, ok := channel.(Budgeted)
	if !ok || m.Outgoing.Repeat || m.Outgoing.Code != "" {
		return false
	}
	return budgeted.Budget().Left(m.Spent, m.Outgoing.From, s.Now()) == 0
}

// parkedNote tells staff what becomes of a parked message.
const parkedNote = "等对方再来消息时送出"

// outcome decides what follows from a failed attempt.
func (s *Sender) outcome(m Sending, e *SendError, keyed bool) SendOutcome {
	after := e.After
	if after == 0 {
		after = s.health.pause(m, s.Now())
	}
	tired := s.Now().Sub(m.FirstTried) >= sendPatience
	once := m.Outgoing.Code != ""
	switch {
	case once && e.Class == ClassUnclear:
		return SendOutcome{State: MessageUnclear, Note: "可能已送达"}
	case once:
		return SendOutcome{State: MessageExpired, Note: "只能发一次，没有送到"}
	case e.Class == ClassElsewhere:
		return elsewhere(m, e.Holder)
	case e.Class == ClassParked:
		return SendOutcome{State: MessageParked, Closed: true, Note: parkedNote}
	case e.Class == ClassSetUp && !tired:
		return SendOutcome{State: MessagePending, After: setUpPause, Note: "渠道设置有问题，等待管理员处理"}
	case e.Class == ClassUnclear && m.Outgoing.Act == "" && (tired || !keyed):
		return SendOutcome{State: MessageUnclear, Note: "可能已送达"}
	case e.Class == ClassUnclear:
		return SendOutcome{State: MessagePending, After: after, MayHaveArrived: true}
	case e.Class == ClassRetry && !tired:
		return SendOutcome{State: MessagePending, After: after, MayHaveArrived: m.Outgoing.Repeat}
	}
	return SendOutcome{State: MessageFailed, Note: failedNote(m)}
}

func failedNote(m Sending) string {
	if m.Outgoing.Act != "" {
		return "企业微信没有接受"
	}
	return "没有送到"
}

// elsewhere is for a message that the client's desk has made needless, or a person's that cannot go.
func elsewhere(m Sending, h Holder) SendOutcome {
	o := SendOutcome{State: MessageWithdrawn, Note: "会话已在企业微信里接待", Event: eventOf(h)}
	if m.Outgoing.From == FromStaff {
		o.State = MessageFailed
	}
	return o
}

// backOff is 1 s, 2 s, 4 s … at most a minute.
func backOff(attempts int) time.Duration {
	return min(time.Minute, time.Second<<max(0, min(attempts-1, 6)))
}

// record tries for as long as the claim lasts: an outcome that is not recorded would make a message
// be sent again, or look unclear.
func (s *Sender) record(ctx context.Context, m Sending, o SendOutcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ClaimFor-SendTimeout)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause *= 2 {
		err := s.Store.FinishSend(ctx, m, o)
		if err == nil {
			return
		}
		if errors.Is(err, ErrStale) || ctx.Err() != nil {
			s.Log.Error("outcome of a send not recorded", "conversation", m.Conversation, "error", err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
