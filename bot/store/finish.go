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
	insertTurn = `INSERT INTO turns
		(conversation, outcome, cause, decision, ended, asked, parts, trace)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	// lastTurn is the turn of a conversation that was kept last, under the lock; none of NULL.
	lastTurn   = `(SELECT max(t.id) FROM turns AS t WHERE t.conversation = ?)`
	insertPart = `INSERT INTO messages (conversation, sender, kind, text, platform_id, state,
		at, arrived, turn, part, sources, choices, items, next_at, event_code, expires, author)
		VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ` + lastTurn + `, ?, ?, ?, ?, ?, ?, ?, ?)`
	handledMessage = "UPDATE messages SET state = 'handled', turn = " + lastTurn + " WHERE id = ?"
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
		var unread []unreadRow
		c, err := w.lockWith(ctx, r.Conversation, ask{&unread, unreadNow, []any{r.Conversation}})
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
		return nil, w.finishTurn(ctx, c, r, trace, unread)
	})
}

// staleCause says why the result may not be used any more, empty if it may.
func staleCause(c *conversationRow, r bot.TurnResult, unread []unreadRow, now stamp) string {
	switch {
	case !c.held(r.Claim):
		return causeClaim
	case c.Charge != r.Charge:
		return causeCharge
	case c.fenced(now):
		return causeFence
	}
	for _, id := range r.Messages {
		if !slices.ContainsFunc(unread, func(m unreadRow) bool { return m.ID == id }) {
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
	return w.keepTurn(ctx, r, cause, trace)
}

func traceJSON(t bot.Trace) (string, error) {
	trace, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("write trace: %w", err)
	}
	return string(trace), nil
}

func (w *work) keepTurn(ctx context.Context, r bot.TurnResult, cause, trace string) error {
	outcome := bot.TurnFinished
	if cause != "" {
		outcome = bot.TurnDropped
	}
	asked, err := listJSON(r.Messages)
	if err != nil {
		return err
	}
	return w.exec(ctx, insertTurn,
		r.Conversation, outcome, cause, r.Decision, w.now, asked, len(r.Parts), trace)
}

func (w *work) finishTurn(
	ctx context.Context, c *conversationRow, r bot.TurnResult, trace string, unread []unreadRow,
) error {
	if err := w.keepTurn(ctx, r, "", trace); err != nil {
		return err
	}
	for _, m := range r.Messages {
		if err := w.exec(ctx, handledMessage, c.ID, m); err != nil {
			return err
		}
	}
	for i, part := range r.Parts {
		err := w.addPart(ctx, c.ID, partPlace{ofTurn: true, part: i + 1}, part)
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
	c.waitFor(slices.DeleteFunc(unread, func(m unreadRow) bool {
		return slices.Contains(r.Messages, m.ID)
	}))
	if err := w.setTurn(ctx, c, r.Pacing); err != nil {
		return err
	}
	if c.TurnAt == 0 && r.Event.Kind == bot.EventNone {
		return w.saveFor(ctx, c, bot.WorkSends)
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

// partPlace says where in a reply a part stands, and whether that is of the turn that was kept just now
// or answers none.
type partPlace struct {
	ofTurn bool
	part   int
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
		sql.NullInt64{Int64: conversation, Valid: place.ofTurn}, place.part,
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
