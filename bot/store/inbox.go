package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rongjun/bot"
)

// Receive implements bot.InboxStore.
func (s *Store) Receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	r := &receipt{arrivals: arrivals, pacing: p}
	if !s.engine.postgres {
		return s.receiveTogether(ctx, r)
	}
	if err := s.receiveAll(ctx, []*receipt{r}); err != nil {
		return nil, err
	}
	return r.accepted, nil
}

const (
	insertReceived = `INSERT INTO messages (conversation, sender, kind, text, act, raw,
		account, platform_id, state, at, arrived, prompt, urgent, shown)
		VALUES (?, 'contact', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`
	letGoParked = `UPDATE messages SET state = 'pending', next_at = ?
		WHERE conversation = ? AND state = 'parked' AND ` + unfinished
)

// inbox is what one transaction receives, with the conversations it came to.
type inbox struct {
	*work
	conversations map[bot.Address]*conversationRow
	// wrote and recalled are the conversations in which something new came.
	wrote, recalled map[int64]bool
}

func (w *work) receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	in := &inbox{work: w, wrote: make(map[int64]bool), recalled: make(map[int64]bool)}
	arrivals = slices.Clone(arrivals)
	for i, a := range arrivals {
		a.Address = plainAddress(a.Address)
		if plain(a.PlatformID) == "" || a.ExternalID == "" || a.Channel == "" {
			return nil, fmt.Errorf("arrival without an id or address: %w", bot.ErrInvalid)
		}
		arrivals[i] = a
	}
	if err := in.lockAll(ctx, arrivals); err != nil {
		return nil, err
	}
	out := make([]bot.Accepted, len(arrivals))
	for i, a := range arrivals {
		take := in.message
		if a.Recalls != "" {
			take = in.recall
		}
		accepted, err := take(ctx, a)
		if err != nil {
			return nil, err
		}
		out[i] = accepted
	}
	return out, in.settle(ctx, p)
}

// message stores one message. One that was stored before changes nothing.
func (in *inbox) message(ctx context.Context, a bot.Arrival) (bot.Accepted, error) {
	c := in.conversations[a.Address]
	row := messageRow{
		Conversation: c.ID, Sender: bot.FromContact,
		Kind: cmp.Or(a.Kind, bot.KindUnknown), Text: a.Text, Raw: a.Raw,
		Account: c.Account, PlatformID: a.PlatformID, State: bot.MessageReceived,
		At: cmp.Or(stampOf(a.At), in.now), Arrived: in.now, Prompt: a.Prompt, Urgent: a.Urgent,
		Shown: c.Shown + 1,
	}
	if a.History {
		row.State = bot.MessageHistory
	}
	if err := in.lookUpChoice(ctx, a, &row); err != nil {
		return bot.Accepted{}, err
	}
	if err := in.recalledBefore(ctx, &row); err != nil {
		return bot.Accepted{}, err
	}
	isNew, err := in.insert(ctx, &row)
	if err != nil {
		return bot.Accepted{}, err
	}
	accepted := bot.Accepted{Message: row.ID, Conversation: row.Conversation, New: isNew}
	if !isNew {
		return accepted, nil
	}
	c.Shown++
	in.recalled[c.ID] = true
	if row.State == bot.MessageReceived {
		in.wrote[c.ID] = true
		in.waits(c, &row)
	}
	return accepted, nil
}

// waits adds a message to those that wait for a turn.
func (in *inbox) waits(c *conversationRow, row *messageRow) {
	if c.UnreadLast == 0 {
		c.UnreadFirst = row.Arrived
	}
	c.UnreadLast = row.Arrived
	c.UnreadPrompt = c.UnreadPrompt || row.Prompt
	c.UnreadUrgent = c.UnreadUrgent || row.Urgent
}

func (in *inbox) insert(ctx context.Context, row *messageRow) (isNew bool, err error) {
	var ids []int64
	err = in.list(ctx, &ids, insertReceived,
		row.Conversation, row.Kind, row.Text, row.Act, row.Raw,
		row.Account, row.PlatformID, row.State, row.At, row.Arrived, row.Prompt, row.Urgent,
		row.Shown)
	if err != nil {
		return false, err
	}
	if len(ids) == 1 {
		row.ID = ids[0]
		return true, nil
	}
	var known struct{ ID, Conversation int64 }
	err = in.scan(ctx, &known, `SELECT id, conversation FROM messages
		WHERE account = ? AND platform_id = ?`, row.Account, row.PlatformID)
	row.ID, row.Conversation = known.ID, known.Conversation
	return false, err
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

// settle does what follows from the arrivals in each conversation.
func (in *inbox) settle(ctx context.Context, p bot.Pacing) error {
	for _, c := range in.conversations {
		if !in.wrote[c.ID] && !in.recalled[c.ID] {
			continue
		}
		if in.wrote[c.ID] {
			if err := in.contactWrote(ctx, c); err != nil {
				return err
			}
		}
		if err := in.setTurn(ctx, c, p); err != nil {
			return err
		}
		if err := in.save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// contactWrote opens a closed conversation and lets go what the platform held back until now.
func (in *inbox) contactWrote(ctx context.Context, c *conversationRow) error {
	if err := in.apply(c, bot.Event{Kind: bot.EventContactWrote}); err != nil {
		return err
	}
	return in.exec(ctx, letGoParked, in.now, c.ID)
}
