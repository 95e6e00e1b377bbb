package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rongjun/bot"
)

// The causes for which a finished answer is dropped.
const (
	causeClaim   = "claim lost"
	causeCharge  = "charge changed"
	causeFence   = "takeover begun"
	causeMessage = "message gone"
)

const (
	unreadIDs = `SELECT id FROM messages
		WHERE conversation = ? AND state = 'received' ORDER BY id`
	insertTurn = `INSERT INTO turns
		(conversation, outcome, cause, decision, ended, asked, parts, trace)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	insertPart = `INSERT INTO messages (conversation, sender, kind, text, platform_id, state,
		at, arrived, turn, part, sources, choices, items, next_at, event_code, expires, author)
		VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	handledMessage = "UPDATE messages SET state = 'handled', turn = ? WHERE id = ?"
)

var insertChoices = rowsQuery{
	text: `INSERT INTO choices (id, conversation, text, act)
		SELECT v.id, v.conversation, v.text, v.act FROM {rows}`,
	columns: []column{{"id", "text"}, {"conversation", "bigint"}, {"text", "text"}, {"act", "text"}},
}

// FinishTurn implements bot.TurnStore.
func (s *Store) FinishTurn(ctx context.Context, r bot.TurnResult) error {
	const do = "finish turn"
	if len(r.Messages) == 0 {
		return fmt.Errorf("%s without messages: %w", do, bot.ErrInvalid)
	}
	trace, err := traceJSON(r.Trace) // before anybody is kept from writing
	if err != nil {
		return err
	}
	return s.verdict(ctx, do, func(ctx context.Context, w *work) (error, error) {
		c, err := w.lock(ctx, r.Conversation)
		if err != nil {
			return nil, err
		}
		unread, err := w.unreadNow(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		cause := staleCause(c, r, unread, w.now)
		if cause == causeClaim {
			return bot.ErrStale, w.dropTurn(ctx, r, cause)
		}
		c.ClaimedUntil = 0
		if cause != "" {
			if err := w.dropTurn(ctx, r, cause); err != nil {
				return nil, err
			}
			return bot.ErrStale, w.save(ctx, c)
		}
		if len(unread) > len(r.Messages) && !r.Redone {
			c.Redo = true
			return bot.ErrMoreArrived, w.save(ctx, c)
		}
		return nil, w.finishTurn(ctx, c, r, trace)
	})
}

func (w *work) unreadNow(ctx context.Context, conversation int64) ([]int64, error) {
	var ids []int64
	err := w.list(ctx, &ids, unreadIDs, conversation)
	return ids, err
}

// staleCause says why the result may not be used any more, empty if it may.
func staleCause(c *conversationRow, r bot.TurnResult, unread []int64, now stamp) string {
	switch {
	case !c.held(r.Claim):
		return causeClaim
	case c.Charge != r.Charge:
		return causeCharge
	case c.fenced(now):
		return causeFence
	}
	for _, id := range r.Messages {
		if !slices.Contains(unread, id) {
			return causeMessage
		}
	}
	return ""
}

// dropTurn keeps a draft that nobody will read.
func (w *work) dropTurn(ctx context.Context, r bot.TurnResult, cause string) error {
	if r.Trace.Draft == "" {
		words := make([]string, len(r.Parts))
		for i, part := range r.Parts {
			words[i] = part.Text
		}
		r.Trace.Draft = strings.Join(words, "\n\n")
	}
	w.changed(r.Conversation)
	trace, err := traceJSON(r.Trace)
	if err != nil {
		return err
	}
	_, err = w.keepTurn(ctx, r, cause, trace)
	return err
}

func traceJSON(t bot.Trace) (string, error) {
	trace, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("write trace: %w", err)
	}
	return string(trace), nil
}

func (w *work) keepTurn(
	ctx context.Context, r bot.TurnResult, cause, trace string,
) (int64, error) {
	outcome := bot.TurnFinished
	if cause != "" {
		outcome = bot.TurnDropped
	}
	asked, err := listJSON(r.Messages)
	if err != nil {
		return 0, err
	}
	var ids []int64
	err = w.list(ctx, &ids, insertTurn,
		r.Conversation, outcome, cause, r.Decision, w.now, asked, len(r.Parts), trace)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

func (w *work) finishTurn(
	ctx context.Context, c *conversationRow, r bot.TurnResult, trace string,
) error {
	turn, err := w.keepTurn(ctx, r, "", trace)
	if err != nil {
		return err
	}
	for _, m := range r.Messages {
		if err := w.exec(ctx, handledMessage, turn, m); err != nil {
			return err
		}
	}
	for i, part := range r.Parts {
		err := w.addPart(ctx, c.ID, partPlace{turn, i + 1}, part)
		if err != nil {
			return err
		}
	}
	if err := w.addAct(ctx, c.ID, r.Act); err != nil {
		return err
	}
	if r.Region != "" && r.Region != c.Region {
		err := w.exec(ctx, "UPDATE contacts SET region = ? WHERE id = ?", r.Region, c.Contact)
		if err != nil {
			return err
		}
	}
	if err := w.apply(c, r.Event); err != nil {
		return err
	}
	w.follows = append(w.follows, r.Follows...)
	c.Introduced = c.Introduced || r.Introduced
	c.Redo = false
	if err := w.readUnread(ctx, c); err != nil {
		return err
	}
	if err := w.setTurn(ctx, c, r.Pacing); err != nil {
		return err
	}
	return w.save(ctx, c)
}

// addAct puts what the bot has done on the platform behind what it says; nil for nothing.
func (w *work) addAct(ctx context.Context, conversation int64, a *bot.OwnAct) error {
	if a == nil {
		return nil
	}
	return w.exec(ctx, `INSERT INTO messages (conversation, sender, kind, text, act, platform_id,
		state, at, arrived, next_at) VALUES (?, 'bot', ?, ?, ?, ?, 'pending', ?, ?, ?)`,
		conversation, bot.KindAct, a.Words, a.Act, a.ID, w.now, w.now, w.now)
}

// partPlace says where in which reply a part stands; the turn is 0 for what answers none.
type partPlace struct {
	turn int64
	part int
}

// addPart puts one part of a reply into the outbox, and its choices among those that the contact
// may tap.
func (w *work) addPart(
	ctx context.Context, conversation int64, place partPlace, p bot.OutgoingPart,
) error {
	sources, err := listJSON(p.Sources)
	if err != nil {
		return err
	}
	choices, err := listJSON(p.Choices)
	if err != nil {
		return err
	}
	items, err := listJSON(p.Items)
	if err != nil {
		return err
	}
	sender := bot.FromBot
	if p.Author != "" {
		sender = bot.FromStaff
	}
	err = w.exec(ctx, insertPart,
		conversation, sender, bot.KindText, p.Text, p.ID, w.now, w.now,
		sql.NullInt64{Int64: place.turn, Valid: place.turn != 0}, place.part,
		sources, choices, items, w.now.add(p.Later), p.Code, stampOf(p.Expires), p.Author)
	if err != nil {
		return err
	}
	offered := make([][]any, len(p.Choices))
	for i, c := range p.Choices {
		offered[i] = []any{c.ID, conversation, c.Text, c.Act}
	}
	return w.execRows(ctx, insertChoices, offered)
}
