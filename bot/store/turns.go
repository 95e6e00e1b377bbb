package store

import (
	"cmp"
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
	due, next, err := s.lookBefore(ctx, lookForTurn)
	if err != nil || !due {
		return nil, next, fault(do, err)
	}
	var read turnRows
	var coming soon
	err = s.transact(ctx, do, func(ctx context.Context, w *work) error {
		found, err := read.claim(ctx, w)
		if err == nil && !found {
			err = w.lookOn(ctx, &coming, lookForTurn)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, time.Time{}, err
	case len(read.conversation) == 0:
		return nil, s.after(coming), nil
	case len(read.messages) == 0:
		return nil, s.lookAgain(), s.nothingWaits(ctx, &read.conversation[0])
	}
	turn, err := s.turnOf(ctx, &read)
	return turn, time.Time{}, fault(do, err)
}

const (
	unreadMessages = `SELECT * FROM messages
		WHERE conversation = ? AND state = 'received' ORDER BY id`
	// recentHistory is what was said on both sides and is settled, the latest first.
	recentHistory = `SELECT * FROM messages
		WHERE conversation = ? AND state IN ('handled', 'sent') AND kind <> 'act' ORDER BY id DESC LIMIT ?`
	// waitingNow is what a turn is told: who waits longer, which is everybody for a conversation that is
	// not queued, who is on duty, and what of ours the contact has not been sent yet.
	waitingNow = `SELECT
		(SELECT count(*) FROM conversations AS o WHERE o.waiting_since > 0
			AND (c.waiting_since = 0 OR o.waiting_since < c.waiting_since
				OR (o.waiting_since = c.waiting_since AND o.id < c.id))) AS ahead,
		(SELECT count(*) FROM staff WHERE seen > ? AND NOT disabled AND role IN ({answering})) AS on_duty,
		(SELECT count(*) FROM messages WHERE conversation = c.id AND ` + unfinished + `
			AND state IN ('pending', 'sending')) AS unsent
		FROM conversations AS c WHERE c.id = ?`
)

// turnWaits is the condition of conversations_turn: written like this, SQLite finds the index.
const turnWaits = "c.turn_at > 0 AND c.state IN ('bot', 'queued') AND NOT c.client"

const (
	dueTurn = `SELECT c.id FROM conversations AS c WHERE ` + turnWaits + `
		AND c.turn_at <= {at} AND c.fenced_until <= {at} AND NOT {live c}
		ORDER BY c.turn_at, c.id LIMIT 1`
	claimTurn = `UPDATE conversations SET claim = claim + 1, claimed_until = {at} + ?2, claimed_by = ?3
		WHERE id = (` + dueTurn + ` {skip c}) RETURNING id, {clock} AS clock`
)

var lookForTurn = lookout{
	due: dueTurn,
	// Of those whose time has not come, of which there may be many, the first is read, and of the others,
	// which are held by a claim or a fence, all.
	next: `SELECT {at} AS clock, (SELECT coalesce(min(c.turn_at), 0) FROM conversations AS c
			WHERE ` + turnWaits + ` AND c.turn_at > {at}) AS later,
		(SELECT coalesce(min(CASE
			WHEN {live c} AND c.claimed_until > c.turn_at AND c.claimed_until > c.fenced_until
				THEN c.claimed_until
			WHEN c.fenced_until > c.turn_at THEN c.fenced_until ELSE c.turn_at END), 0)
			FROM conversations AS c WHERE ` + turnWaits + ` AND c.turn_at <= {at}) AS at`,
}

// turnRows is what a turn is made of.
type turnRows struct {
	conversation      []conversationRow
	messages, history []messageRow
	waiting           []waitingRow
	unclear           []int64
	now               stamp
}

// waitingRow is what waitingNow gives.
type waitingRow struct{ Ahead, OnDuty, Unsent int }

func (r waitingRow) queue() bot.Queue { return bot.Queue{Ahead: r.Ahead, OnDuty: r.OnDuty} }

// claim claims a conversation, and reads what belongs to its turn with the commit.
func (r *turnRows) claim(ctx context.Context, w *work) (found bool, err error) {
	var claimed []struct {
		ID    int64
		Clock stamp
	}
	err = w.list(ctx, &claimed, claimTurn, w.now, bot.ClaimFor.Microseconds(), w.store.opts.Process)
	if err != nil || len(claimed) == 0 {
		return false, err
	}
	id := claimed[0].ID
	r.now = cmp.Or(w.now, claimed[0].Clock)
	return true, w.last(ctx,
		ask{&r.conversation, readByID, []any{id}},
		ask{&r.messages, unreadMessages, []any{id}},
		ask{&r.history, recentHistory, []any{id, bot.HistoryLimit}},
		ask{&r.waiting, waitingNow, []any{r.now.add(-onDutyFor), id}},
		ask{&r.unclear, unclearMessages, []any{id}},
	)
}

func (s *Store) turnOf(ctx context.Context, r *turnRows) (*bot.Turn, error) {
	messages, err := s.read().messages(ctx, r.messages)
	if err != nil {
		return nil, err
	}
	slices.Reverse(r.history)
	history, err := s.read().messages(ctx, r.history)
	if err != nil {
		return nil, err
	}
	c, waiting := &r.conversation[0], r.waiting[0]
	t := &bot.Turn{
		Conversation: c.conversation(), Claim: c.Claim, Messages: messages, History: history,
		Queue:  waiting.queue(),
		Redone: c.Redo, Now: r.now.time(), Unsent: waiting.Unsent,
	}
	return t, s.again(ctx, t, r.unclear)
}

// nothingWaits ends the wait of a conversation without an unread message, which earlier versions left
// now and then. It must not hold up the others.
func (s *Store) nothingWaits(ctx context.Context, claimed *conversationRow) error {
	s.opts.Log.Warn("conversation waited for a turn without a message", "conversation", claimed.ID)
	return s.transact(ctx, "end wait", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, claimed.ID)
		if err != nil || !c.held(claimed.Claim) {
			return err
		}
		if err := w.readUnread(ctx, c); err != nil {
			return err
		}
		c.ClaimedUntil = 0
		return w.save(ctx, c)
	})
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
