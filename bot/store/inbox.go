package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"rongjun/bot"
)

// Receive implements bot.InboxStore.
func (s *Store) Receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	arrivals, err := readable(arrivals)
	if err != nil {
		return nil, fault("receive", err)
	}
	return s.receiveTogether(ctx, &receipt{arrivals: arrivals, pacing: p})
}

// readable are the arrivals with ids and addresses that both databases take.
func readable(arrivals []bot.Arrival) ([]bot.Arrival, error) {
	arrivals = slices.Clone(arrivals)
	for i := range arrivals {
		a := &arrivals[i]
		a.Address, a.PlatformID = plainAddress(a.Address), plain(a.PlatformID)
		if a.PlatformID == "" || a.ExternalID == "" || a.Channel == "" {
			return nil, fmt.Errorf("arrival without an id or address: %w", bot.ErrInvalid)
		}
	}
	return arrivals, nil
}

// inbox is what one transaction receives, with the conversations it came to.
type inbox struct {
	*work
	pacing        bot.Pacing
	conversations map[bot.Address]*conversationRow
	accepted      []bot.Accepted
	// run are the messages that the next statement will store.
	run []inboxRow
	// anew and parked are the conversations in which something is new, and to which the contact wrote
	// while messages waited for that.
	anew, parked map[int64]bool
	// odd is whether anything arrived but messages that wait for a turn.
	odd bool
	// newest is when the contact's newest message was written, by conversation.
	newest map[int64]stamp
}

// receive stores arrivals that are readable.
func (w *work) receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	in := &inbox{
		work: w, pacing: p, accepted: make([]bot.Accepted, len(arrivals)),
		anew: make(map[int64]bool), parked: make(map[int64]bool), newest: make(map[int64]stamp),
	}
	if err := in.lockAll(ctx, arrivals); err != nil {
		return nil, err
	}
	for address, c := range in.conversations {
		w.store.known.learn(address, place{c.ID, c.Account})
	}
	for i, a := range arrivals {
		take := in.message
		if a.Recalls != "" {
			take = in.recall
		}
		if err := take(ctx, i, a); err != nil {
			return nil, err
		}
	}
	if err := in.storeRun(ctx); err != nil {
		return nil, err
	}
	return in.accepted, in.settle(ctx)
}

// message makes ready the arrival at a place to be stored with those around it.
func (in *inbox) message(ctx context.Context, place int, a bot.Arrival) error {
	c := in.conversations[a.Address]
	row := inboxRow{place: place, conversation: c, media: a.Media, messageRow: messageRow{
		Conversation: c.ID, Sender: bot.FromContact, Kind: cmp.Or(a.Kind, bot.KindUnknown),
		Text: a.Text, Raw: a.Raw, Account: c.Account, PlatformID: a.PlatformID,
		State: bot.MessageReceived, At: cmp.Or(stampOf(a.At), in.now), Arrived: in.now,
		Prompt: a.Prompt, Urgent: a.Urgent,
	}}
	fetches, err := in.fetchesOnly(ctx, c, &a)
	if err != nil {
		return err
	}
	switch {
	case fetches:
		row.State = bot.MessageHandled
	case a.Author != "":
		row.Sender, row.Author, row.State = bot.FromStaff, a.Author, bot.MessageSent
	case a.History || a.Kind == bot.KindEvent:
		row.State = bot.MessageHistory
	case waitsForMedia(a):
		row.ReadyAt = in.now.add(bot.MediaPatience)
	}
	if a.Kind == bot.KindEvent {
		row.event = &a
	} else {
		c.Shown++ // where the message turns out to be known, the number stays free
		row.Shown = c.Shown
	}
	if row.Location, err = locationJSON(a.Location); err != nil {
		return err
	}
	if err := in.lookUpChoice(ctx, a, &row.messageRow); err != nil {
		return err
	}
	in.run = append(in.run, row)
	if a.Session != nil {
		return in.storeRun(ctx) // its effect is on what came before, so nothing later may be stored yet
	}
	return nil
}

// lookUpChoice believes a tap only if the choice was offered in this conversation.
func (in *inbox) lookUpChoice(ctx context.Context, a bot.Arrival, row *messageRow) error {
	if a.Kind != bot.KindTap || a.ChoiceID == "" {
		return nil
	}
	var offered []struct{ Text, Act string }
	err := in.scan(ctx, &offered, "SELECT text, act FROM choices WHERE id = ? AND conversation = ?",
		a.ChoiceID, row.Conversation)
	if err != nil || len(offered) == 0 {
		return err
	}
	row.Act = offered[0].Act
	row.Text = cmp.Or(row.Text, offered[0].Text)
	return nil
}

// waits adds a message to those that wait for a turn. It opens a closed conversation at once: an event
// that comes after it in the same call must find it as open as in the next.
func (in *inbox) waits(c *conversationRow, row *messageRow) error {
	if c.UnreadLast == 0 {
		c.UnreadFirst = row.Arrived
	}
	c.UnreadLast = row.Arrived
	c.UnreadPrompt = c.UnreadPrompt || row.Prompt
	c.UnreadUrgent = c.UnreadUrgent || row.Urgent
	c.UnreadReady = max(c.UnreadReady, row.ReadyAt)
	return in.apply(c, bot.Event{Kind: bot.EventContactWrote})
}

// settle does what follows from the arrivals in each conversation.
func (in *inbox) settle(ctx context.Context) error {
	for _, c := range in.conversations {
		if !in.anew[c.ID] {
			continue
		}
		if at := in.newest[c.ID]; at > 0 {
			if err := in.renewBudget(ctx, c, at); err != nil {
				return err
			}
		}
		if in.parked[c.ID] {
			if err := in.letGoParked(ctx, c); err != nil {
				return err
			}
		}
		pacing := in.pacing
		if !c.answeredWithin(time.Minute, in.now) {
			pacing.PerMinute = 0 // there are no turns to count
		}
		if err := in.setTurn(ctx, c, pacing); err != nil {
			return err
		}
		matters := bot.WorkTurns
		if in.odd || in.parked[c.ID] {
			matters = bot.AllWork
		}
		if err := in.saveFor(ctx, c, matters); err != nil {
			return err
		}
	}
	return nil
}

// waitsForMedia reports whether an answer needs what is to be fetched: a picture, or a recording that
// nobody has heard yet.
func waitsForMedia(a bot.Arrival) bool {
	return a.Media != nil && (a.Kind == bot.KindImage || a.Kind == bot.KindVoice && a.Text == "")
}
