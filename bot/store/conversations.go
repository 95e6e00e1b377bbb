package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"rongjun/bot"
	"rongjun/knowledge"
)

// conversationRow is a conversation with what only the store needs to know of it.
type conversationRow struct {
	ID           int64
	State        bot.State
	Staff        string
	Reason       string
	WaitingSince stamp
	Charge       int64
	Introduced   bool
	Changed      stamp
	Shown        int64

	UnreadFirst  stamp
	UnreadLast   stamp
	UnreadPrompt bool
	UnreadUrgent bool
	UnreadReady  stamp
	TurnAt       stamp
	Redo         bool

	Claim        int64
	ClaimedUntil stamp
	ClaimedBy    string

	Fence       int64
	FencedUntil stamp
	FencedBy    string

	// The budget of the platform: when it began, what was sent since, when the last was sent.
	BudgetFrom   stamp
	BudgetSent   int64
	BudgetLast   stamp
	BudgetClosed bool
	Client       bool

	Contact    int64
	Account    int64
	Channel    string
	Name       string
	ExternalID string
	Region     knowledge.Region
	Scene      string
	Created    stamp

	// Clock is when the row was locked, for a transaction that has not read the clock yet.
	Clock stamp
}

const (
	conversationColumns = `c.*, p.account, a.channel, a.name, p.external_id, p.region, p.scene,
		p.created`
	conversations = conversationColumns + `
		FROM conversations AS c
		JOIN contacts AS p ON p.id = c.contact
		JOIN accounts AS a ON a.id = p.account `
	selectConversations = "SELECT " + conversations
	lockConversations   = "SELECT {clock} AS clock, " + conversations

	lockByID      = lockConversations + "WHERE c.id = ? {lock}"
	readByAddress = selectConversations + "WHERE a.channel = ? AND a.name = ? AND p.external_id = ?"
	readByID      = selectConversations + "WHERE c.id = ?"
	unreadNow     = `SELECT id, arrived, ready_at, prompt, urgent FROM messages
		WHERE conversation = ? AND state = 'received' ORDER BY id`
	recentTurns = `SELECT ended FROM turns WHERE conversation = ? AND outcome = 'finished'
		ORDER BY id DESC LIMIT ?`
)

func (r *conversationRow) conversation() bot.Conversation {
	return bot.Conversation{
		ID: r.ID,
		Contact: bot.Contact{
			ID: r.Contact, Address: r.address(), Region: r.Region, Scene: r.Scene,
			Created: r.Created.time(),
		},
		State: r.State, Staff: r.Staff, Reason: r.Reason,
		WaitingSince: r.WaitingSince.time(), Charge: r.Charge, Introduced: r.Introduced,
		Client: r.Client, Spent: r.spent(),
	}
}

func (r *conversationRow) address() bot.Address {
	return bot.Address{Channel: r.Channel, Account: r.Name, ExternalID: r.ExternalID}
}

// take takes over what bot.Apply may change.
func (r *conversationRow) take(c bot.Conversation) {
	r.State, r.Staff, r.Reason = c.State, c.Staff, c.Reason
	r.WaitingSince = stampOf(c.WaitingSince)
	r.Charge, r.Introduced, r.Client = c.Charge, c.Introduced, c.Client
}

// held reports whether the claim is still the one with this number.
func (r *conversationRow) held(claim int64) bool {
	return r.Claim == claim && r.ClaimedUntil > 0
}

// answeredWithin reports whether a turn may have ended so short a time before now: a turn begins with
// a claim, and its end changes the conversation.
func (r *conversationRow) answeredWithin(d time.Duration, now stamp) bool {
	return r.Claim > 0 && r.Changed >= now.add(-d)
}

func (r *conversationRow) fenced(now stamp) bool { return r.FencedUntil > now }

// lock reads the conversation and holds it until the commit; bot.ErrNotFound without it.
func (w *work) lock(ctx context.Context, id int64) (*conversationRow, error) {
	return w.lockWith(ctx, id)
}

// lockWith asks what there is to be asked under the lock, on PostgreSQL in the same trip.
func (w *work) lockWith(ctx context.Context, id int64, asks ...ask) (*conversationRow, error) {
	var rows []conversationRow
	err := w.lists(ctx, append([]ask{{&rows, lockByID, []any{id}}}, asks...)...)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("conversation %d: %w", id, bot.ErrNotFound)
	}
	w.now = cmp.Or(w.now, rows[0].Clock)
	return &rows[0], nil
}

// apply applies the event; an event without a time happens now. Work that follows when a wait for a
// person begins or ends is scheduled with the commit.
func (w *work) apply(r *conversationRow, e bot.Event) error {
	if e.At.IsZero() {
		e.At = w.now.time()
	}
	c, err := bot.Apply(r.conversation(), e)
	if err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	waited := r.waits()
	r.take(c)
	w.follow(waited, r)
	return nil
}

// waits reports whether somebody waits for a person at our desk.
func (r *conversationRow) waits() bool { return r.State == bot.StateQueued && !r.Client }

// follow notes what follows from a change of who is in charge.
func (w *work) follow(waited bool, r *conversationRow) {
	var kinds []string
	switch {
	case !waited && r.waits():
		kinds = w.store.opts.Queued
	case waited && !r.waits():
		kinds = w.store.opts.Unqueued
	}
	for _, kind := range kinds {
		w.follows = append(w.follows, bot.Due{
			Kind: kind, Subject: strconv.FormatInt(r.ID, 10), At: w.now.time(),
		})
	}
}

// readUnread looks anew at the messages that wait for a turn, after some of them were handled.
func (w *work) readUnread(ctx context.Context, r *conversationRow) error {
	var unread []unreadRow
	if err := w.list(ctx, &unread, unreadNow, r.ID); err != nil {
		return err
	}
	r.waitFor(unread)
	return nil
}

// unreadRow is what a message that waits for a turn means for its time.
type unreadRow struct {
	ID               int64
	Arrived, ReadyAt stamp
	Prompt, Urgent   bool
}

// waitFor notes all messages that wait for a turn.
func (r *conversationRow) waitFor(unread []unreadRow) {
	r.UnreadFirst, r.UnreadLast, r.UnreadReady = 0, 0, 0
	r.UnreadPrompt, r.UnreadUrgent = false, false
	for _, m := range unread {
		if r.UnreadFirst == 0 {
			r.UnreadFirst = m.Arrived
		}
		r.UnreadFirst, r.UnreadLast = min(r.UnreadFirst, m.Arrived), max(r.UnreadLast, m.Arrived)
		r.UnreadPrompt, r.UnreadUrgent = r.UnreadPrompt || m.Prompt, r.UnreadUrgent || m.Urgent
		r.UnreadReady = max(r.UnreadReady, m.ReadyAt)
	}
	if r.UnreadLast == 0 {
		r.TurnAt, r.Redo = 0, false
	}
}

// setTurn sets the time of the next turn from the messages that wait for one.
func (w *work) setTurn(ctx context.Context, r *conversationRow, p bot.Pacing) error {
	if r.UnreadLast == 0 {
		return nil
	}
	unread := bot.Unanswered{
		First: r.UnreadFirst.time(), Last: r.UnreadLast.time(),
		Prompt: r.UnreadPrompt, Urgent: r.UnreadUrgent, Ready: r.UnreadReady.time(),
	}
	if p.PerMinute > 0 && !r.UnreadUrgent {
		var recent []stamp
		err := w.list(ctx, &recent, recentTurns, r.ID, p.PerMinute)
		if err != nil {
			return err
		}
		for _, ended := range recent {
			unread.Recent = append(unread.Recent, ended.time())
		}
	}
	r.TurnAt = stampOf(p.TurnAt(unread))
	return nil
}

// handleUnread marks everything received as handled without a turn.
func (w *work) handleUnread(ctx context.Context, r *conversationRow) error {
	err := w.exec(ctx, `UPDATE messages SET state = 'handled'
		WHERE conversation = ? AND state = 'received'`, r.ID)
	if err != nil {
		return err
	}
	return w.readUnread(ctx, r)
}
