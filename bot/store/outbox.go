package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"rongjun/bot"
)

// headsOfOutbox selects from the pending messages that no other one of their conversation stands
// before, except the bot's in a conversation that is a person's or waits in the client, where only what
// has a code of its own is taken. A parked message holds up none: what
// follows it is tried, finds the same budget spent, and is parked behind it with a note for staff.
const headsOfOutbox = ` FROM messages AS m JOIN conversations AS c ON c.id = m.conversation
	WHERE m.state = 'pending' AND NOT (m.sender = 'bot'
	AND (c.state = 'staff' OR c.client AND m.event_code = ''))
	AND NOT EXISTS (SELECT 1 FROM messages AS e WHERE e.conversation = m.conversation
		AND e.id < m.id AND e.state IN ('pending', 'sending'))`

const finishedSend = `UPDATE messages SET state = ?, note = ?, shown = ?, next_at = ?,
	may_have_arrived = ?, sent_at = ?, claimed_until = 0 WHERE id = ?`

const (
	// firstDue is the first of them that may be sent now.
	firstDue = headsOfOutbox + ` AND m.next_at <= {at} AND NOT (m.sender = 'bot' AND c.fenced_until > {at})`
	sendDue  = `SELECT c.id` + firstDue + ` ORDER BY m.next_at, m.id LIMIT 1 {skip c}`
	// claimSend looks again, at the messages of a conversation that is locked.
	claimSend = `UPDATE messages SET state = 'sending', claim = claim + 1, attempts = attempts + 1,
		claimed_until = {at} + ?2, claimed_by = ?3,
		first_tried = CASE WHEN first_tried = 0 THEN {at} ELSE first_tried END
		WHERE id = (SELECT m.id` + firstDue + ` AND m.conversation = ?4) RETURNING *`
	sendingMessage = `SELECT * FROM messages
		WHERE id = ? AND conversation = ? AND state = 'sending' AND claim = ?`
)

var lookForSend = lookout{
	due: `SELECT c.id` + firstDue + ` LIMIT 1`,
	next: `SELECT {at} AS clock, coalesce(min(CASE WHEN m.sender = 'bot'
		AND c.fenced_until > m.next_at THEN c.fenced_until ELSE m.next_at END), 0) AS at` + headsOfOutbox,
}

// ClaimSend implements bot.OutboxStore.
func (s *Store) ClaimSend(ctx context.Context) (*bot.Sending, time.Time, error) {
	const do = "claim send"
	due, next, err := s.lookBefore(ctx, lookForSend)
	if err != nil || !due {
		return nil, next, fault(do, err)
	}
	for range claimTries {
		var read sendRows
		var coming soon
		var tried bool
		err := s.transact(ctx, do, func(ctx context.Context, w *work) (err error) {
			tried, err = read.claim(ctx, w)
			if err == nil && !tried {
				err = w.lookOn(ctx, &coming, lookForSend)
			}
			return err
		})
		switch {
		case err != nil:
			return nil, time.Time{}, err
		case !tried:
			return nil, s.after(coming), nil
		case len(read.message) > 0:
			sending, err := s.sendingOf(ctx, &read)
			return sending, time.Time{}, fault(do, err)
		}
	}
	return nil, s.lookAgain(), nil
}

// sendRows is what is claimed to be sent.
type sendRows struct {
	message      []messageRow
	conversation []conversationRow
}

// claim locks the conversation of a message that may be sent, and looks again under the lock: who is in
// charge may have changed just before. Then nothing is claimed, but it says that it tried.
func (r *sendRows) claim(ctx context.Context, w *work) (tried bool, err error) {
	var found []int64
	err = w.list(ctx, &found, sendDue, w.now)
	if err != nil || len(found) == 0 {
		return false, err
	}
	return true, w.last(ctx,
		ask{&r.message, claimSend, []any{
			w.now, bot.ClaimFor.Microseconds(), w.store.opts.Process, found[0],
		}},
		ask{&r.conversation, readByID, []any{found[0]}},
	)
}

func (s *Store) sendingOf(ctx context.Context, rows *sendRows) (*bot.Sending, error) {
	read, err := s.read().messages(ctx, rows.message)
	if err != nil {
		return nil, err
	}
	r, m, c := &rows.message[0], read[0], &rows.conversation[0]
	return &bot.Sending{
		Message: r.ID, Conversation: r.Conversation, Claim: r.Claim, Attempts: r.Attempts,
		FirstTried: r.FirstTried.time(), Spent: c.spent(),
		Author: m.Author,
		Outgoing: bot.Outgoing{
			Act: actOf(m), Address: c.address(), ID: m.PlatformID, From: m.From, Text: m.Text,
			Sources: m.Sources, Choices: m.Choices, Items: m.Items, Kind: m.Kind, File: m.Media,
			Repeat: r.MayHaveArrived,
			Code:   r.EventCode, Expires: r.Expires.time(),
		},
	}, nil
}

// actOf is what is to be done in place of saying something.
func actOf(m bot.Message) string {
	if m.Kind != bot.KindAct {
		return ""
	}
	return m.Act
}

// FinishSend implements bot.OutboxStore.
func (s *Store) FinishSend(ctx context.Context, m bot.Sending, o bot.SendOutcome) error {
	return s.transact(ctx, "finish send", func(ctx context.Context, w *work) error {
		var rows []messageRow
		c, err := w.lockWith(ctx, m.Conversation,
			ask{&rows, sendingMessage, []any{m.Message, m.Conversation, m.Claim}})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return errGone
		}
		if o.State == bot.MessageParked && c.BudgetFrom != stampOf(m.Spent.From) {
			o = bot.SendOutcome{State: bot.MessagePending} // the contact has written meanwhile
		}
		if o.State == bot.MessagePending && c.passesOver(&rows[0]) {
			o = lapsed(&rows[0], o)
		}
		if err := w.settleSend(ctx, c, &rows[0], o); err != nil {
			return err
		}
		if err := w.happensTo(ctx, c, o.Event); err != nil {
			return err
		}
		if err := w.says(ctx, c, o.Says); err != nil {
			return err
		}
		if o.State == bot.MessageSent && o.Event.Kind == bot.EventNone {
			return w.saveFor(ctx, c, bot.WorkSends)
		}
		return w.save(ctx, c)
	})
}

// RenewSend implements bot.OutboxStore.
func (s *Store) RenewSend(ctx context.Context, m bot.Sending) error {
	return s.change(ctx, "renew send", func(ctx context.Context, w *work) error {
		var held []int64
		err := w.scan(ctx, &held, `UPDATE messages SET claimed_until = ?
			WHERE id = ? AND conversation = ? AND state = 'sending' AND claim = ? RETURNING id`,
			w.now.add(bot.ClaimFor), m.Message, m.Conversation, m.Claim)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return errGone
		}
		return nil
	})
}

// passesOver reports whether a message would not be sent as things stand, and hold up all behind it.
func (r *conversationRow) passesOver(m *messageRow) bool {
	return m.Sender == bot.FromBot && (r.State == bot.StateStaff || r.Client && m.EventCode == "")
}

// lapsed is the outcome of a message that is not tried again since a person has the contact.
func lapsed(m *messageRow, o bot.SendOutcome) bot.SendOutcome {
	if o.MayHaveArrived || m.MayHaveArrived {
		return bot.SendOutcome{State: bot.MessageUnclear, Note: mayHaveArrived}
	}
	return bot.SendOutcome{State: bot.MessageWithdrawn}
}

func (w *work) settleSend(
	ctx context.Context, c *conversationRow, m *messageRow, o bot.SendOutcome,
) error {
	if m.Kind == bot.KindAct {
		return w.settleAct(ctx, m, o)
	}
	switch o.State {
	case bot.MessageSent:
		c.Shown++
		m.Shown = c.Shown
		c.Introduced = c.Introduced || m.EventCode != "" && m.Sender == bot.FromBot
		c.spend(m, w.now)
	case bot.MessagePending:
		m.NextAt = w.now.add(o.After)
		if o.MayHaveArrived {
			m.MayHaveArrived = true
			c.spend(m, w.now)
		}
	case bot.MessageFailed:
		if err := w.failed(ctx, c, m, o.Note); err != nil {
			return err
		}
	case bot.MessageExpired:
	case bot.MessageWithdrawn:
		if err := w.withdraw(ctx, "turn = ? AND part > ?", m.Turn, m.Part); err != nil {
			return err
		}
	case bot.MessageParked:
		c.BudgetClosed = c.BudgetClosed || o.Closed
		if err := w.park(ctx, m, o.Note); err != nil {
			return err
		}
	case bot.MessageUnclear:
		c.spend(m, w.now)
	default:
		return fmt.Errorf("send outcome %q: %w", o.State, bot.ErrInvalid)
	}
	return w.exec(ctx, finishedSend,
		o.State, o.Note, m.Shown, m.NextAt, m.MayHaveArrived, m.SentAt, m.ID)
}

// settleAct records what became of an act, which nobody sees and no budget counts.
func (w *work) settleAct(ctx context.Context, m *messageRow, o bot.SendOutcome) error {
	if o.State == bot.MessagePending {
		m.NextAt = w.now.add(o.After)
	}
	return w.exec(ctx, finishedSend, o.State, o.Note, m.Shown, m.NextAt, false, m.SentAt, m.ID)
}

// failed withdraws the rest of the reply, and asks for a person: the contact has no whole answer.
func (w *work) failed(ctx context.Context, c *conversationRow, m *messageRow, note string) error {
	if err := w.withdraw(ctx, "turn = ? AND part > ?", m.Turn, m.Part); err != nil {
		return err
	}
	if c.Reason == bot.ReasonDanger {
		return nil // nothing is graver
	}
	waited := c.waits()
	if err := w.apply(c, bot.Event{Kind: bot.EventHandover, Reason: undelivered + note}); err != nil {
		return err
	}
	if !waited && c.waits() {
		w.follows = append(w.follows, bot.Due{
			Kind: bot.DueWaiting, Subject: strconv.FormatInt(c.ID, 10), At: w.now.add(bot.FirstUpdate).time(),
		})
	}
	return nil
}

// undelivered begins the reason for which a person is needed after a message failed.
const undelivered = "有一条回复没有送到："

// mayHaveArrived is the note of an unclear message, for staff.
const mayHaveArrived = "可能已送达"

// withdraw takes back the messages that wait to be sent. What an earlier attempt may have delivered
// becomes unclear instead: it would be untrue that it was never sent.
func (w *work) withdraw(ctx context.Context, where string, args ...any) error {
	return w.exec(ctx, `UPDATE messages SET
		state = CASE WHEN may_have_arrived THEN 'unclear' ELSE 'withdrawn' END,
		note = CASE WHEN may_have_arrived THEN '`+mayHaveArrived+`' ELSE note END
		WHERE state IN ('pending', 'parked') AND `+unfinished+" AND "+where, args...)
}
