package store

import (
	"context"

	"rongjun/bot"
)

const saveConversation = `UPDATE conversations SET state = ?, staff = ?, reason = ?,
	waiting_since = ?, charge = ?, introduced = ?, changed = ?, shown = ?,
	unread_first = ?, unread_last = ?, unread_prompt = ?, unread_urgent = ?, unread_ready = ?,
	turn_at = ?, redo = ?, claimed_until = ?, fence = ?, fenced_until = ?, fenced_by = ?,
	budget_from = ?, budget_sent = ?, budget_last = ?, budget_closed = ?, client = ?
	WHERE id = ?`

// save writes a row that is locked, and tells the waiters after the commit.
func (w *work) save(ctx context.Context, r *conversationRow) error {
	return w.saveFor(ctx, r, bot.AllWork)
}

// saveFor is save where it is known for which work that matters.
func (w *work) saveFor(ctx context.Context, r *conversationRow, matters bot.Work) error {
	w.changedFor(r.ID, matters)
	r.Changed = w.now
	return w.exec(ctx, saveConversation,
		r.State, r.Staff, r.Reason, r.WaitingSince, r.Charge, r.Introduced, r.Changed, r.Shown,
		r.UnreadFirst, r.UnreadLast, r.UnreadPrompt, r.UnreadUrgent, r.UnreadReady,
		r.TurnAt, r.Redo, r.ClaimedUntil, r.Fence, r.FencedUntil, r.FencedBy,
		r.BudgetFrom, r.BudgetSent, r.BudgetLast, r.BudgetClosed, r.Client, r.ID)
}
