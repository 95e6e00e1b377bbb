package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Desk is what staff do, from the pages and from other systems alike.
type Desk struct {
	Takeovers TakeoverStore
	Store     DeskStore
	Due       DueStore
	// Channels are asked how words are cut into messages, by name.
	Channels map[string]Channel
	// Files keeps what staff send; without it they send words only.
	Files Encloser
	Hub   *Hub
	Rand  io.Reader
	Now   func() time.Time
	Log   *slog.Logger
	// IdleAfter is how long a conversation may be in a person's charge without a word of theirs.
	IdleAfter time.Duration
}

// takeoverLook is how often a takeover looks whether a send under way has ended, besides being told.
const takeoverLook = 100 * time.Millisecond

// Takeover gives the conversation to a member of staff. When it returns without an error, no send of
// the bot is under way and none will begin, until the conversation is released. *TakenError names
// who has it already.
func (d *Desk) Takeover(ctx context.Context, conversation int64, staff string) (Conversation, error) {
	fence, err := d.Takeovers.RaiseFence(ctx, conversation, staff)
	if err != nil {
		return Conversation{}, fmt.Errorf("take over: %w", err)
	}
	if err := d.awaitSends(ctx, conversation); err != nil {
		d.lower(ctx, fence)
		return Conversation{}, fmt.Errorf("take over: %w", err)
	}
	c, err := d.Takeovers.CommitTakeover(ctx, fence)
	if err != nil {
		d.lower(ctx, fence)
		return Conversation{}, fmt.Errorf("take over: %w", err)
	}
	d.watchIdle(ctx, conversation)
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if err := watchWindow(ctx, d.Due, d.Channels[c.Contact.Channel], c); err != nil {
		d.Log.Warn("warning not set", "conversation", conversation, "error", err)
	}
	return c, nil
}

// afterwards is the context of what follows from a commit. Who asked for the act may be gone by then.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), longestFollow)
}

// longestFollow bounds what follows from a commit.
const longestFollow = 5 * time.Second

func (d *Desk) lower(ctx context.Context, f Fence) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := d.Takeovers.LowerFence(ctx, f); err != nil && !errors.Is(err, ErrStale) {
		d.Log.Warn("fence not lowered, it will lapse", "conversation", f.Conversation, "error", err)
	}
}

// awaitSends waits until no send of the bot is under way; a send lasts at most SendTimeout, and the
// claim of one whose process died lapses.
func (d *Desk) awaitSends(ctx context.Context, conversation int64) error {
	changed, end := d.Hub.Subscribe(conversation)
	defer end()
	ticker := time.NewTicker(takeoverLook)
	defer ticker.Stop()
	for {
		n, err := d.Takeovers.BotSending(ctx, conversation)
		if err != nil {
			return fmt.Errorf("look for sends: %w", err)
		}
		if n == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-ticker.C:
		}
	}
}

// Say sends words of the person in charge. A repeat with the same clientID changes nothing.
func (d *Desk) Say(
	ctx context.Context, conversation int64, staff string, said Said,
) (Message, error) {
	text := CleanText(said.Text, MaxText)
	if text == "" && said.File == nil {
		return Message{}, fmt.Errorf("say nothing: %w", ErrInvalid)
	}
	if strings.TrimSpace(said.ClientID) == "" {
		return Message{}, fmt.Errorf("say without a client id: %w", ErrInvalid)
	}
	if len(text) > maxStaffText {
		return Message{}, fmt.Errorf("say %d bytes: %w", len(text), ErrTooLong)
	}
	m, err := d.say(ctx, StaffMessage{
		Conversation: conversation, Staff: staff, ClientID: said.ClientID,
		Parts: func(channel string) ([]OutgoingPart, error) { return d.parts(channel, text) },
	}, said.File)
	if err != nil {
		return Message{}, fmt.Errorf("say: %w", err)
	}
	d.watchIdle(ctx, conversation)
	return m, nil
}

// say stores what is said, the words before the file.
func (d *Desk) say(ctx context.Context, m StaffMessage, f *SaidFile) (said Message, err error) {
	if f == nil {
		return d.Store.Say(ctx, m)
	}
	if d.Files == nil {
		return Message{}, fmt.Errorf("no place for files: %w", ErrNotCarried)
	}
	words := m.Parts
	err = d.Files.Enclose(ctx, *f, func(e Enclosure) error {
		if e.ID, err = newID(d.Rand); err != nil {
			return err
		}
		m.File = &e
		m.Parts = func(channel string) ([]OutgoingPart, error) {
			files, ok := d.Channels[channel].(FileChannel)
			if !ok || !files.Carries(e.Kind) {
				return nil, fmt.Errorf("%s on channel %q: %w", e.Kind, channel, ErrNotCarried)
			}
			return words(channel)
		}
		said, err = d.Store.Say(ctx, m)
		return err
	})
	return said, err
}

// maxStaffText is how much a member of staff may say at once: every platform takes it as at most
// MaxParts messages, so nothing of it is cut.
const maxStaffText = 7500

func (d *Desk) parts(channel, text string) ([]OutgoingPart, error) {
	c, ok := d.Channels[channel]
	if !ok {
		return nil, fmt.Errorf("channel %q is not set up: %w", channel, ErrNotFound)
	}
	var out []OutgoingPart
	for _, part := range c.Parts(Reply{Text: text}) {
		id, err := newID(d.Rand)
		if err != nil {
			return nil, err
		}
		out = append(out, OutgoingPart{ID: id, Reply: part})
	}
	return out, nil
}

// Said is what a member of staff writes, and what they send with it.
type Said struct {
	Text string
	// File comes after the words; nil for none.
	File *SaidFile
	// ClientID is made by the sender; repeats of it are no-ops.
	ClientID string
}

// Release gives the conversation back to the bot, which answers only what comes after.
func (d *Desk) Release(ctx context.Context, conversation int64, staff string) (Conversation, error) {
	return d.act(ctx, conversation, Event{Kind: EventRelease, By: staff, At: d.Now()})
}

// Close ends the conversation; the contact's next message opens it again.
func (d *Desk) Close(ctx context.Context, conversation int64, staff string) (Conversation, error) {
	return d.act(ctx, conversation, Event{Kind: EventClose, By: staff, At: d.Now()})
}

// ToClient gives a conversation to the platform's own client: to a person there, by the platform's id,
// or for an empty one to those who wait. It is done in the order of the messages.
func (d *Desk) ToClient(ctx context.Context, conversation int64, staff, person string) error {
	if person == "" {
		return d.do(ctx, StaffAct{
			Conversation: conversation, Staff: staff, Act: ActPool, Words: "转到企业微信排队",
		})
	}
	return d.do(ctx, StaffAct{
		Conversation: conversation, Staff: staff, Act: PassAct(person), Words: "转到企业微信接待",
	})
}

// TakeBack ends the client's session of a conversation and gives it to the member of staff.
func (d *Desk) TakeBack(ctx context.Context, conversation int64, staff string) error {
	return d.do(ctx, StaffAct{
		Conversation: conversation, Staff: staff, Act: ActEnd, Words: "结束企业微信里的会话，收回到工作台",
	})
}

func (d *Desk) do(ctx context.Context, a StaffAct) error {
	id, err := newID(d.Rand)
	if err != nil {
		return err
	}
	a.PlatformID = id
	if err := d.Store.Do(ctx, a); err != nil {
		return fmt.Errorf("act %s: %w", a.Act, err)
	}
	return nil
}

func (d *Desk) act(ctx context.Context, conversation int64, e Event) (Conversation, error) {
	c, err := d.Store.Act(ctx, conversation, e)
	if err != nil {
		return Conversation{}, fmt.Errorf("%s: %w", e.Kind, err)
	}
	return c, nil
}

// watchIdle sets the time at which the conversation closes by itself. A failure is only logged: the
// act itself has been committed.
func (d *Desk) watchIdle(ctx context.Context, conversation int64) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	err := d.Due.Schedule(ctx, Due{
		Kind: DueIdle, Subject: fmt.Sprint(conversation), At: d.Now().Add(d.IdleAfter),
	})
	if err != nil {
		d.Log.Warn("idle time not set", "conversation", conversation, "error", err)
	}
}

// CloseIdle is the timed work DueIdle: a person has said nothing for IdleAfter.
func (d *Desk) CloseIdle(ctx context.Context, due Due) (time.Time, error) {
	conversation, err := due.conversation()
	if err != nil {
		return time.Time{}, err
	}
	_, err = d.act(ctx, conversation, Event{Kind: EventIdle, At: d.Now()})
	return time.Time{}, err
}
