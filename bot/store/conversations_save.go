package store

import (
	"cmp"
	"context"
	"slices"
)

// saveConversations writes rows that are locked.
var saveConversations = rowsQuery{
	text: `UPDATE conversations AS c SET state = v.state, staff = v.staff, reason = v.reason,
		waiting_since = v.waiting_since, charge = v.charge, introduced = v.introduced,
		changed = v.changed, shown = v.shown,
		unread_first = v.unread_first, unread_last = v.unread_last,
		unread_prompt = v.unread_prompt, unread_urgent = v.unread_urgent,
		unread_ready = v.unread_ready,
		turn_at = v.turn_at, redo = v.redo, claimed_until = v.claimed_until,
		fence = v.fence, fenced_until = v.fenced_until, fenced_by = v.fenced_by,
		budget_from = v.budget_from, budget_sent = v.budget_sent, budget_last = v.budget_last,
		budget_closed = v.budget_closed, client = v.client
		FROM {rows} WHERE c.id = v.id`,
	columns: []column{
		{"state", "text"},
		{"staff", "text"},
		{"reason", "text"},
		{"waiting_since", "bigint"},
		{"charge", "bigint"},
		{"introduced", "boolean"},
		{"changed", "bigint"},
		{"shown", "bigint"},
		{"unread_first", "bigint"},
		{"unread_last", "bigint"},
		{"unread_prompt", "boolean"},
		{"unread_urgent", "boolean"},
		{"unread_ready", "bigint"},
		{"turn_at", "bigint"},
		{"redo", "boolean"},
		{"claimed_until", "bigint"},
		{"fence", "bigint"},
		{"fenced_until", "bigint"},
		{"fenced_by", "text"},
		{"budget_from", "bigint"},
		{"budget_sent", "bigint"},
		{"budget_last", "bigint"},
		{"budget_closed", "boolean"},
		{"client", "boolean"},
		{"id", "bigint"},
	},
}

// save writes the row, and tells the waiters after the commit.
func (w *work) save(ctx context.Context, r *conversationRow) error {
	return w.saveAll(ctx, []*conversationRow{r})
}

// saveAll writes the rows, and tells the waiters after the commit.
func (w *work) saveAll(ctx context.Context, rows []*conversationRow) error {
	slices.SortFunc(rows, func(a, b *conversationRow) int { return cmp.Compare(a.ID, b.ID) })
	var args [][]any
	for _, r := range rows {
		w.changed(r.ID)
		r.Changed = w.now
		args = append(args, []any{
			r.State, r.Staff, r.Reason,
			r.WaitingSince, r.Charge, r.Introduced, r.Changed, r.Shown,
			r.UnreadFirst, r.UnreadLast, r.UnreadPrompt, r.UnreadUrgent, r.UnreadReady,
			r.TurnAt, r.Redo, r.ClaimedUntil,
			r.Fence, r.FencedUntil, r.FencedBy,
			r.BudgetFrom, r.BudgetSent, r.BudgetLast, r.BudgetClosed, r.Client, r.ID,
		})
	}
	return w.execRows(ctx, saveConversations, args)
}
