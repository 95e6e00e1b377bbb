package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// WorkerObserver hears of finished turns, for metrics.
type WorkerObserver interface {
	// TurnFinished is called once for each turn whose answer was committed; waited is from the
	// contact's last message to the commit.
	TurnFinished(d Decision, waited, took time.Duration)
	// TurnDropped is called for each answer that was made and not used.
	TurnDropped(reason string)
}

// Worker turns unanswered messages into replies. It begins nothing in a conversation that a person
// has taken, since such turns are never handed out.
type Worker struct {
	Store    TurnStore
	Answerer Answerer
	// Channels are asked how a reply is cut into messages, by name.
	Channels map[string]Channel
	Hub      *Hub
	Pacing   Pacing
	// Rand gives the ids of messages and choices.
	Rand     io.Reader
	Now      func() time.Time
	Log      *slog.Logger
	Observer WorkerObserver
	// Overflow passes those on who come to wait while nobody has the desk open; nil passes nobody on.
	Overflow *Overflow
	// Parallel is how many turns are in hand at a time, and Composing for how many of them an answer is
	// made at a time, 0 for all: who waits for a commit keeps nobody from thinking. Sweep is the longest
	// time between two looks into the store.
	Parallel, Composing int
	Sweep               time.Duration

	thinking chan struct{}
}

// errorWords is what a contact reads when no answer could be made.
const errorWords = "抱歉，刚才这个问题我没能处理好。您的话已经记下，我请工作人员来看。"

// Run works until the context ends; see pool.
func (w *Worker) Run(ctx context.Context) {
	wake, end := w.Hub.SubscribeTo(WorkTurns)
	defer end()
	if w.Composing > 0 {
		w.thinking = make(chan struct{}, w.Composing)
	}
	p := pool[Turn]{
		name: "turns", claim: w.Store.ClaimTurn, do: w.answer, wake: wake,
		parallel: w.Parallel, sweep: w.Sweep, rest: shortRest,
		claimers: claimers, now: w.Now, log: w.Log,
	}
	p.run(ctx)
}

func (w *Worker) answer(ctx context.Context, t Turn) {
	began := w.Now()
	held, stop := w.keepClaim(ctx, t)
	defer stop()
	if t.Queue.OnDuty == 0 && t.Conversation.State == StateBot {
		t.Queue.Receiving = w.Overflow.receiving(held, t.Conversation.Contact.Address)
	}
	answer, err := w.compose(held, t)
	if err == nil {
		// Not under held: it ends with the claim, which the commit gives up, and a commit that is cut
		// off while it is under way leaves open what became of it.
		err = w.finish(ctx, t, answer)
	}
	if lost := context.Cause(held); errors.Is(err, context.Canceled) && errors.Is(lost, ErrStale) {
		err = lost
	}
	switch {
	case err == nil:
		last := t.Messages[len(t.Messages)-1].At
		w.Observer.TurnFinished(answer.Decision, w.Now().Sub(last), w.Now().Sub(began))
	case errors.Is(err, ErrStale):
		w.Observer.TurnDropped("stale")
	case errors.Is(err, ErrMoreArrived):
		w.Observer.TurnDropped("more arrived")
	default:
		w.Observer.TurnDropped("fault")
		w.Log.Error("turn not finished", "conversation", t.Conversation.ID, "error", err)
		w.putBack(ctx, t)
	}
}

// putBack gives a claim up although the context may have ended; if that fails too, the claim lapses.
func (w *Worker) putBack(ctx context.Context, t Turn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := w.Store.ReleaseTurn(ctx, t.Conversation.ID, t.Claim)
	if err != nil && !errors.Is(err, ErrStale) {
		w.Log.Warn("turn not put back", "conversation", t.Conversation.ID, "error", err)
	}
}

// compose asks the answerer. When it fails for another reason than the program's end, the contact is
// told so and a person is asked for: an unanswered message must not wait for ever.
func (w *Worker) compose(ctx context.Context, t Turn) (answer Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			w.Log.Error("answerer panicked", "conversation", t.Conversation.ID, "panic", fmt.Sprint(r))
			answer, err = w.failed(t, "panic"), nil
		}
	}()
	if answer, ok := seenAgain(t); ok {
		return answer, nil
	}
	if answer, err = w.think(ctx, t); err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return Answer{}, fmt.Errorf("answer: %w", err)
	}
	w.Log.Error("no answer", "conversation", t.Conversation.ID, "error", err)
	return w.failed(t, err.Error()), nil
}

// think has an answer made when it is the turn's time.
func (w *Worker) think(ctx context.Context, t Turn) (Answer, error) {
	if w.thinking != nil {
		select {
		case w.thinking <- struct{}{}:
			defer func() { <-w.thinking }()
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		}
	}
	return w.Answerer.Answer(ctx, t)
}

func (w *Worker) failed(t Turn, why string) Answer {
	return Answer{
		Decision: DecideError,
		Reply:    Reply{Text: errorWords},
		Event:    Event{Kind: EventHandover, Reason: "自动回答出错", At: t.Now},
		Trace:    Trace{Why: "error", Fault: why},
	}
}

func (w *Worker) finish(ctx context.Context, t Turn, a Answer) error {
	parts, err := w.parts(t, offerAgain(t, a.Reply))
	if err != nil {
		return err
	}
	r := TurnResult{
		Conversation: t.Conversation.ID, Claim: t.Claim, Charge: t.Conversation.Charge,
		Redone: t.Redone, Decision: a.Decision, Parts: parts, Event: a.Event, Region: a.Region,
		Introduced: len(parts) > 0, Trace: a.Trace, Pacing: w.Pacing, Follows: w.follows(t, a.Event),
	}
	if a.Event.Kind == EventHandover && t.Conversation.State == StateBot {
		id, err := newID(w.Rand)
		if err != nil {
			return err
		}
		r.Act = t.Queue.act(id)
	}
	for _, m := range t.Messages {
		r.Messages = append(r.Messages, m.ID)
	}
	if err := w.Store.FinishTurn(ctx, r); err != nil {
		return fmt.Errorf("finish turn: %w", err)
	}
	return nil
}

// follows are the first update for a contact who begins to wait, see Waiting, and the warning before
// nothing can be sent to them any more.
func (w *Worker) follows(t Turn, e Event) []Due {
	c := t.Conversation
	if e.Kind != EventHandover || c.State == StateQueued {
		return nil
	}
	all := []Due{WaitingDue(c.ID, w.Now())}
	if d, ok := windowDue(w.Channels[c.Contact.Channel], c); ok {
		all = append(all, d)
	}
	return all
}

// parts cuts the reply for its channel and gives every message and every choice its id.
func (w *Worker) parts(t Turn, r Reply) ([]OutgoingPart, error) {
	if r.Text == "" {
		return nil, nil
	}
	channel, ok := w.Channels[t.Conversation.Contact.Channel]
	if !ok {
		return nil, fmt.Errorf("channel %q is not set up: %w", t.Conversation.Contact.Channel, ErrNotFound)
	}
	var err error
	if r.Choices, err = numberChoices(w.Rand, r.Choices); err != nil {
		return nil, err
	}
	r.Room = w.room(t, channel)
	var out []OutgoingPart
	for _, part := range channel.Parts(r) {
		id, err := newID(w.Rand)
		if err != nil {
			return nil, err
		}
		out = append(out, OutgoingPart{ID: id, Reply: part})
	}
	return out, nil
}

// room is how many messages the platform would take of the bot now; one is tried in any case, and
// parked if need be.
func (w *Worker) room(t Turn, channel Channel) int {
	budgeted, ok := channel.(Budgeted)
	if !ok {
		return MaxParts
	}
	left := budgeted.Budget().Left(t.Conversation.Spent, FromBot, w.Now()) - t.Unsent
	return max(1, min(MaxParts, left))
}

// keepClaim renews the claim while the answer is made, and cancels the work when it is lost. It looks
// at once when the conversation changes: what was asked may have been taken back.
func (w *Worker) keepClaim(ctx context.Context, t Turn) (context.Context, func()) {
	changed, end := w.Hub.Subscribe(t.Conversation.ID)
	kept, stop := keepClaim(ctx, changed, func(ctx context.Context) error {
		return w.Store.RenewTurn(ctx, t.Conversation.ID, t.Claim)
	})
	return kept, func() { stop(); end() }
}
