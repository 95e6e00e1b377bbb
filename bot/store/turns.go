package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// ClaimTurn implements bot.TurnStore.
func (s *Store) ClaimTurn(ctx context.Context) (*bot.Turn, time.Time, error) {
	const do = "claim turn"
	due, next, err := s.look(ctx, lookForTurn)
	if err != nil || !due {
		return nil, next, fault(do, err)
	}
	var turn *bot.Turn
	err = s.transact(ctx, do, func(ctx context.Context, w *work) error {
		c, err := w.claimConversation(ctx)
		if err == nil && c != nil {
			turn, err = w.buildTurn(ctx, c)
		}
		return err
	})
	if err != nil || turn != nil {
		return turn, time.Time{}, err
	}
	return nil, s.lookAgain(), nil
}

const (
	unreadMessages = `SELECT * FROM messages
		WHERE conversation = ? AND state = 'received' ORDER BY id`
	// waitingNow is what a turn is told of who and what waits; its times are those of queue.
	waitingNow = `SELECT
		(SELECT count(*) FROM conversations WHERE waiting_since > 0
			AND (waiting_since < ? OR (waiting_since = ? AND id < ?))) AS ahead,
		(SELECT count(*) FROM staff WHERE seen > ? AND NOT disabled AND role IN ({answering})) AS on_duty,
		(SELECT count(*) FROM messages WHERE conversation = ? AND ` + unfinished + `
			AND state IN ('pending', 'sending')) AS unsent`
	recentHistory = `SELECT * FROM messages
		WHERE conversation = ? AND state IN ('handled', 'sent') AND kind <> 'act' ORDER BY id DESC LIMIT ?`
)

// turnWaits is the condition of conversations_turn: written like this, SQLite finds the index.
const turnWaits = "c.turn_at > 0 AND c.state IN ('bot', 'queued') AND NOT c.client"

const (
	dueTurn = `SELECT c.id FROM conversations AS c WHERE ` + turnWaits + `
		AND c.turn_at <= {at} AND c.fenced_until <= {at} AND NOT {live c}
		ORDER BY c.turn_at, c.id LIMIT 1`
	claimTurn = `UPDATE conversations SET claim = claim + 1, claimed_until = {at} + ?2, claimed_by = ?3
		WHERE id = (` + dueTurn + ` {skip c}) RETURNING id`
)

var lookForTurn = lookout{
	due: dueTurn,
	next: `SELECT {at} AS clock, coalesce(min(CASE
		WHEN {live c} AND c.claimed_until > c.turn_at AND c.claimed_until > c.fenced_until
			THEN c.claimed_until
		WHEN c.fenced_until > c.turn_at THEN c.fenced_until ELSE c.turn_at END), 0) AS at
		FROM conversations AS c WHERE ` + turnWaits,
}

func (w *work) claimConversation(ctx context.Context) (*conversationRow, error) {
	var ids []int64
	err := w.list(ctx, &ids, claimTurn, w.now, bot.ClaimFor.Microseconds(), w.store.opts.Process)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return w.lock(ctx, ids[0])
}

func (w *work) buildTurn(ctx context.Context, c *conversationRow) (*bot.Turn, error) {
	messages, err := w.unread(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if len(messages) == 0 {
		return nil, w.nothingWaits(ctx, c)
	}
	history, err := w.history(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	queue, unsent, err := w.queue(ctx, c)
	if err != nil {
		return nil, err
	}
	t := &bot.Turn{
		Conversation: c.conversation(), Claim: c.Claim, Messages: messages, History: history,
		Queue: queue, Redone: c.Redo, Now: w.now.time(), Unsent: unsent,
	}
	return t, w.again(ctx, t)
}

func (w *work) unread(ctx context.Context, conversation int64) ([]bot.Message, error) {
	var rows []messageRow
	err := w.list(ctx, &rows, unreadMessages, conversation)
	if err != nil {
		return nil, err
	}
	return w.messages(ctx, rows)
}

// nothingWaits ends the wait of a conversation without an unread message, which earlier versions left
// now and then. It must not hold up the others.
func (w *work) nothingWaits(ctx context.Context, c *conversationRow) error {
	w.store.opts.Log.Warn("conversation waited for a turn without a message", "conversation", c.ID)
	if err := w.readUnread(ctx, c); err != nil {
		return err
	}
	c.ClaimedUntil = 0
	return w.save(ctx, c)
}

// history is what was said on both sides and is settled.
func (w *work) history(ctx context.Context, conversation int64) ([]bot.Message, error) {
	var rows []messageRow
	err := w.list(ctx, &rows, recentHistory, conversation, bot.HistoryLimit)
	if err != nil {
		return nil, err
	}
	slices.Reverse(rows)
	return w.messages(ctx, rows)
}

// queue counts who waits longer, which is everybody for a conversation that is not queued, who is on
// duty, and what of ours the contact has not been sent yet.
func (w *work) queue(ctx context.Context, c *conversationRow) (q bot.Queue, unsent int, err error) {
	since := c.WaitingSince
	if since == 0 {
		since = w.now + 1
	}
	var rows []struct{ Ahead, OnDuty, Unsent int }
	err = w.list(ctx, &rows, waitingNow, since, since, c.ID, w.now.add(-onDutyFor), c.ID)
	if err != nil {
		return bot.Queue{}, 0, err
	}
	return bot.Queue{Ahead: rows[0].Ahead, OnDuty: rows[0].OnDuty}, rows[0].Unsent, nil
}

// onDutyFor is how long after the last sign of an open desk somebody counts as there.
const onDutyFor = 2 * time.Minute

// answeringRoles are the roles that may answer, as a list of literals.
func answeringRoles() string {
	var list []string
	for _, r := range []staff.Role{
		staff.Administrator, staff.Supervisor, staff.Editor, staff.Staff, staff.Viewer,
	} {
		if r.May(staff.MayAnswer) {
			list = append(list, literal(string(r)))
		}
	}
	return strings.Join(list, ", ")
}

// RenewTurn implements bot.TurnStore.
func (s *Store) RenewTurn(ctx context.Context, conversation, claim int64) error {
	return s.change(ctx, "renew turn", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		if !c.held(claim) {
			return errGone
		}
		return w.exec(ctx, "UPDATE conversations SET claimed_until = ? WHERE id = ?",
			w.now.add(bot.ClaimFor), conversation)
	})
}

// releasePause keeps a turn that always fails from being tried in a tight loop.
const releasePause = time.Second

// ReleaseTurn implements bot.TurnStore. The turn waits a moment before it is handed out again.
func (s *Store) ReleaseTurn(ctx context.Context, conversation, claim int64) error {
	return s.change(ctx, "release turn", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		if !c.held(claim) {
			return errGone
		}
		c.ClaimedUntil = 0
		if c.TurnAt > 0 {
			c.TurnAt = max(c.TurnAt, w.now.add(releasePause))
		}
		return w.save(ctx, c)
	})
}
