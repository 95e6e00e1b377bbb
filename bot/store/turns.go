package store

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// ClaimTurn implements bot.TurnStore.
func (s *Store) ClaimTurn(ctx context.Context) (*bot.Turn, time.Time, error) {
	var turn *bot.Turn
	var next time.Time
	err := s.change(ctx, "claim turn", func(ctx context.Context, w *work) error {
		c, err := w.claimConversation(ctx)
		if err != nil {
			return err
		}
		if c == nil {
			next, err = w.nextTurn(ctx)
			return err
		}
		if turn, err = w.buildTurn(ctx, c); turn == nil && err == nil {
			next = w.now.time()
		}
		return err
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	return turn, next, nil
}

const (
	unreadMessages = `SELECT * FROM messages
		WHERE conversation = ? AND state = 'received' ORDER BY id`
	unsentMessages = `SELECT count(*) FROM messages WHERE conversation = ? AND ` + unfinished + `
		AND state IN ('pending', 'sending')`
	recentHistory = `SELECT * FROM messages
		WHERE conversation = ? AND state IN ('handled', 'sent') AND kind <> 'act' ORDER BY id DESC LIMIT ?`
)

// turnWaits is the condition of conversations_turn: written like this, SQLite finds the index.
const turnWaits = "c.turn_at > 0 AND c.state IN ('bot', 'queued') AND NOT c.client"

func (w *work) claimConversation(ctx context.Context) (*conversationRow, error) {
	var ids []int64
	err := w.scan(ctx, &ids, "SELECT c.id FROM conversations AS c WHERE "+turnWaits+
		" AND c.turn_at <= ?0 AND c.fenced_until <= ?0 AND NOT "+w.engine.live("c", w.now)+
		" ORDER BY c.turn_at, c.id LIMIT 1"+w.engine.skip, w.now)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	err = w.exec(ctx, `UPDATE conversations SET claim = claim + 1, claimed_until = ?, claimed_by = ?
		WHERE id = ?`, w.now.add(bot.ClaimFor), w.store.opts.Process, ids[0])
	if err != nil {
		return nil, err
	}
	return w.lock(ctx, ids[0])
}

// nextTurn is when some conversation may be claimed, as far as is known now.
func (w *work) nextTurn(ctx context.Context) (time.Time, error) {
	var rows []struct{ TurnAt, FencedUntil, Until stamp }
	err := w.scan(ctx, &rows, "SELECT c.turn_at, c.fenced_until, CASE WHEN "+
		w.engine.live("c", w.now)+" THEN c.claimed_until ELSE 0 END AS until"+
		" FROM conversations AS c WHERE "+turnWaits)
	if err != nil {
		return time.Time{}, err
	}
	var next stamp
	for _, r := range rows {
		at := max(r.TurnAt, r.FencedUntil, r.Until)
		if next == 0 || at < next {
			next = at
		}
	}
	return soonest(next, w.now), nil
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
	queue, err := w.queue(ctx, c)
	if err != nil {
		return nil, err
	}
	unsent, err := w.unsent(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	t := &bot.Turn{
		Conversation: c.conversation(), Claim: c.Claim, Messages: messages, History: history,
		Queue: queue, Redone: c.Redo, Now: w.now.time(), Unsent: unsent,
	}
	return t, w.again(ctx, t)
}

func (w *work) unsent(ctx context.Context, conversation int64) (int, error) {
	var counts []int
	err := w.list(ctx, &counts, unsentMessages, conversation)
	if err != nil {
		return 0, err
	}
	return counts[0], nil // an aggregate always has its row
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

// queue counts who waits longer; for a conversation that is not queued, everybody does.
func (w *work) queue(ctx context.Context, c *conversationRow) (bot.Queue, error) {
	var q bot.Queue
	since := c.WaitingSince
	if since == 0 {
		since = w.now + 1
	}
	err := w.scan(ctx, &q.Ahead, `SELECT count(*) FROM conversations WHERE waiting_since > 0
		AND (waiting_since < ?0 OR (waiting_since = ?0 AND id < ?1))`, since, c.ID)
	if err != nil {
		return q, err
	}
	err = w.scan(ctx, &q.OnDuty, `SELECT count(*) FROM staff
		WHERE seen > ? AND NOT disabled AND role IN (?)`,
		w.now.add(-onDutyFor), bun.List(answeringRoles()))
	return q, err
}

// onDutyFor is how long after the last sign of an open desk somebody counts as there.
const onDutyFor = 2 * time.Minute

func answeringRoles() []staff.Role {
	all := []staff.Role{
		staff.Administrator, staff.Supervisor, staff.Editor, staff.Staff, staff.Viewer,
	}
	return slices.DeleteFunc(all, func(r staff.Role) bool { return !r.May(staff.MayAnswer) })
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
