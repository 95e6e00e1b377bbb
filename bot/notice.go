package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"rongjun/knowledge"
)

// The kinds of timed work that staff outside the desk bring about.
const (
	// DueNotice shows a card about a conversation that waits for a person; the subject is its id.
	DueNotice = "notice"
	// DueNoticeOver changes the cards of a conversation that waits no more; the subject is its id.
	DueNoticeOver = "notice-over"
	// DueClick carries out a tap on a card; the subject is Click.ID.
	DueClick = "click"
)

// NoticeState is how far a notice has come. The database checks that no other occurs.
type NoticeState string

// The states of notices.
const (
	// NoticeSending: stored, and not yet known to be shown.
	NoticeSending NoticeState = "sending"
	// NoticeShown: shown, and its card can be changed.
	NoticeShown NoticeState = "shown"
	// NoticeUnclear: shown, but the platform's answer was lost, and with it the code for a change. A tap
	// brings another.
	NoticeUnclear NoticeState = "unclear"
	// NoticeFailed: refused for good.
	NoticeFailed NoticeState = "failed"
	// NoticeSettled: its card has been changed, or cannot be any more.
	NoticeSettled NoticeState = "settled"
)

// Notice is the card about one wait for a person.
type Notice struct {
	Task         string
	Conversation int64
	// Charge names the wait: it is the conversation's while it lasts.
	Charge int64
	State  NoticeState
	// Code allows one change of the card.
	Code string
	// People are those it is for.
	People []Colleague
	// Begun before this call: an earlier attempt may have arrived.
	Begun bool
}

// NoticePlan is a notice to be begun.
type NoticePlan struct {
	Conversation int64
	// Task is for the card if one is begun.
	Task   string
	People []Colleague
	// PerHour is the most cards that one person is shown within an hour.
	PerHour int
}

// NoticeStore keeps notices, so that no wait has two and none is forgotten.
type NoticeStore interface {
	// BeginNotice returns the notice of the conversation's present wait, and begins it where there is
	// none, for those who have room for a card; without anybody it begins none and returns the zero
	// Notice. ErrStale says that the conversation does not wait.
	BeginNotice(ctx context.Context, p NoticePlan) (Notice, error)
	// FinishNotice stores State and Code. If the wait is over meanwhile, DueNoticeOver is scheduled in
	// the same transaction.
	FinishNotice(ctx context.Context, n Notice) error
	// OverNotices lists the notices of the conversation that have a code and whose wait is over.
	OverNotices(ctx context.Context, conversation int64) ([]Notice, error)
}

// Taker takes a conversation over; see Desk.Takeover.
type Taker interface {
	Takeover(ctx context.Context, conversation int64, staff string) (Conversation, error)
}

// Notices tells staff outside the desk who waits, by cards from which they can take over.
type Notices struct {
	Store      NoticeStore
	Clicks     ClickStore
	Transcript TranscriptStore
	Colleagues Colleagues
	Cards      Cards
	Desk       Taker
	// Link is the address of a conversation on the desk.
	Link func(conversation int64) string
	// Quiet are the hours in which only danger is told.
	Quiet QuietHours
	// PerHour is the most cards that one person is shown within an hour.
	PerHour int
	Rand    io.Reader
	Now     func() time.Time
	Log     *slog.Logger
}

// nobodyPause is how long a wait goes on before it is looked again for somebody who can be told.
const nobodyPause = 10 * time.Minute

// setUpLook is how long a card waits for an operator to mend the set-up.
const setUpLook = 10 * time.Minute

// Tell is the timed work DueNotice.
func (n *Notices) Tell(ctx context.Context, due Due) (time.Time, error) {
	c, err := n.subject(ctx, due)
	if err != nil || !waitsHere(c) {
		return time.Time{}, err
	}
	if end := n.Quiet.End(n.Now()); !end.IsZero() && c.Reason != ReasonDanger {
		return end, nil
	}
	notice, err := n.begin(ctx, c)
	switch {
	case errors.Is(err, ErrStale):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	case notice.Task == "":
		return n.Now().Add(nobodyPause), nil
	case notice.State != NoticeSending:
		return time.Time{}, nil
	}
	return n.show(ctx, c, notice)
}

func (n *Notices) subject(ctx context.Context, due Due) (Conversation, error) {
	id, err := due.conversation()
	if err != nil {
		return Conversation{}, err
	}
	c, err := n.Transcript.Conversation(ctx, id)
	if err != nil {
		return Conversation{}, fmt.Errorf("read conversation: %w", err)
	}
	return c, nil
}

func (n *Notices) begin(ctx context.Context, c Conversation) (Notice, error) {
	people, err := n.Colleagues.Reachable(ctx)
	if err != nil {
		return Notice{}, fmt.Errorf("list colleagues: %w", err)
	}
	task, err := newID(n.Rand)
	if err != nil {
		return Notice{}, err
	}
	notice, err := n.Store.BeginNotice(ctx, NoticePlan{
		Conversation: c.ID, Task: task, People: people, PerHour: n.PerHour,
	})
	if err != nil {
		return Notice{}, fmt.Errorf("begin notice: %w", err)
	}
	return notice, nil
}

// show shows the card and records what became of it. An attempt that may have arrived is repeated: the
// platform takes a task once.
func (n *Notices) show(ctx context.Context, c Conversation, notice Notice) (time.Time, error) {
	card, err := n.card(ctx, c, notice)
	if err != nil {
		return time.Time{}, err
	}
	shown, err := n.Cards.Show(ctx, card)
	notice.State, notice.Code = NoticeShown, shown.Code
	if errors.Is(err, ErrCardShown) {
		notice.State, err = NoticeUnclear, nil
	}
	if err == nil {
		if shown.Missed > 0 {
			n.Log.Warn("card not seen by everybody", "conversation", c.ID, "missed", shown.Missed)
		}
		return time.Time{}, n.finish(ctx, notice)
	}
	failure := classify(err)
	n.Log.Warn("card not shown", "conversation", c.ID, "class", failure.Class, "error", err)
	switch {
	case failure.Class == ClassPermanent:
		notice.State = NoticeFailed
		return time.Time{}, n.finish(ctx, notice)
	case failure.Class == ClassSetUp:
		return n.Now().Add(setUpLook), nil
	case failure.Class == ClassRetry && failure.After > 0:
		return n.Now().Add(failure.After), nil
	}
	return time.Time{}, fmt.Errorf("show card: %w", err)
}

func (n *Notices) finish(ctx context.Context, notice Notice) error {
	if err := n.Store.FinishNotice(ctx, notice); err != nil {
		return fmt.Errorf("finish notice: %w", err)
	}
	return nil
}

// Over is the timed work DueNoticeOver: the cards say what became of the wait.
func (n *Notices) Over(ctx context.Context, due Due) (time.Time, error) {
	c, err := n.subject(ctx, due)
	if err != nil {
		return time.Time{}, err
	}
	return time.Time{}, n.settle(ctx, c)
}

func (n *Notices) settle(ctx context.Context, c Conversation) error {
	over, err := n.Store.OverNotices(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("list notices: %w", err)
	}
	for _, notice := range over {
		err := n.Cards.Change(ctx, CardChange{Code: notice.Code, Words: n.overWords(ctx, c)})
		if err != nil && !lost(err) {
			return fmt.Errorf("change card: %w", err)
		}
		notice.State = NoticeSettled
		if err := n.finish(ctx, notice); err != nil {
			return err
		}
	}
	return nil
}

// lost reports whether a change of a card can never be made.
func lost(err error) bool {
	return errors.Is(err, ErrCardCode) || classify(err).Class == ClassPermanent
}

// waitsHere reports whether somebody waits for a person at our desk; those who wait in the platform's
// own client are its staff's, who are told there.
func waitsHere(c Conversation) bool { return c.State == StateQueued && !c.Client }

// overWords is what stands in place of the buttons when a wait is over. Who took over in the platform's
// own client has their name here where their id is bound to an account.
func (n *Notices) overWords(ctx context.Context, c Conversation) string {
	switch {
	case c.Client && c.State == StateQueued:
		return "已转到" + c.ClientStaff()
	case c.Client:
		who, err := n.Colleagues.ColleagueOf(ctx, c.Staff)
		if err == nil {
			c.Staff = who.Name
		}
	}
	switch c.State {
	case StateStaff:
		return "已由" + c.Staff + "接手"
	case StateClosed:
		return "会话已结束"
	case StateQueued:
		return "已有新的提醒"
	}
	return "对方已不再等待"
}

// card is what staff read outside the desk: nothing in it tells who the contact is.
func (n *Notices) card(ctx context.Context, c Conversation, notice Notice) (Card, error) {
	said, err := n.Transcript.Messages(ctx, c.ID, 0, HistoryLimit)
	if err != nil {
		return Card{}, fmt.Errorf("read transcript: %w", err)
	}
	card := Card{
		Task: notice.Task, Title: "有人在等工作人员", Reason: c.Reason, Quote: lastWords(said),
		Link: n.Link(c.ID), Repeat: notice.Begun,
		Rows: []CardRow{
			{"来自", ChannelTitle(c.Contact.Channel)},
			{"等候", c.WaitingSince.In(knowledge.China()).Format("15:04") + " 起"},
		},
	}
	if c.Reason == ReasonDanger {
		card.Title = "请马上看"
	}
	if c.Contact.Region != "" {
		card.Rows = append(card.Rows, CardRow{"地区", string(c.Contact.Region)})
	}
	for _, person := range notice.People {
		card.To = append(card.To, person.ID)
	}
	return card, nil
}
