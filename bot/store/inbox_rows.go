package store

import (
	"context"
	"fmt"

	"rongjun/bot"
)

// inboxRow is a message on its way into the table, with the place of its arrival.
type inboxRow struct {
	messageRow
	place        int
	conversation *conversationRow
	media        *bot.MediaRef
	// event is the arrival of a KindEvent.
	event *bot.Arrival
}

// insertReceived stores messages that are not known yet, in their order. One whose recall came first
// is stored as recalled. It says too whether messages of the conversation are parked.
var insertReceived = rowsQuery{
	text: `INSERT INTO messages (conversation, sender, author, kind, text, act, raw,
		account, platform_id, state, at, arrived, prompt, urgent, shown, location, ready_at)
		SELECT conversation, sender, author, kind,
			CASE WHEN recalled THEN '' ELSE text END, CASE WHEN recalled THEN '' ELSE act END,
			CASE WHEN recalled THEN NULL ELSE raw END, account, platform_id,
			CASE WHEN NOT recalled THEN state WHEN sender = 'contact' THEN 'recalled'
				ELSE 'withdrawn' END,
			at, arrived, prompt, urgent, shown,
			CASE WHEN recalled THEN '' ELSE location END, ready_at
		FROM (SELECT v.*, EXISTS (SELECT 1 FROM recalls AS r WHERE r.account = v.account
			AND r.message_platform_id = v.platform_id AND r.conversation = v.conversation) AS recalled
			FROM {rows}) AS v
		WHERE TRUE ORDER BY place
		ON CONFLICT (account, platform_id) WHERE account IS NOT NULL DO NOTHING
		RETURNING id, account, platform_id, state, EXISTS (SELECT 1 FROM messages AS p
			WHERE p.conversation = messages.conversation AND p.state = 'parked'
			AND p.` + unfinished + `) AS parked`,
	columns: []column{
		{"conversation", "bigint"},
		{"sender", "text"},
		{"author", "text"},
		{"kind", "text"},
		{"text", "text"},
		{"act", "text"},
		{"raw", "bytea"},
		{"account", "bigint"},
		{"platform_id", "text"},
		{"state", "text"},
		{"at", "bigint"},
		{"arrived", "bigint"},
		{"prompt", "boolean"},
		{"urgent", "boolean"},
		{"shown", "bigint"},
		{"location", "text"},
		{"ready_at", "bigint"},
	},
}

// knownMessages finds the messages that came before.
var knownMessages = rowsQuery{
	text: `SELECT m.id, m.conversation, m.account, m.platform_id FROM {rows}
		JOIN messages AS m ON m.account = v.account AND m.platform_id = v.platform_id`,
	columns: []column{{"account", "bigint"}, {"platform_id", "text"}},
}

// onceKey is what a platform never gives to two messages.
type onceKey struct {
	account    int64
	platformID string
}

func (r *messageRow) once() onceKey { return onceKey{r.Account, r.PlatformID} }

// storeRun stores the messages made ready so far, those that are known excepted.
func (in *inbox) storeRun(ctx context.Context) error {
	run := in.run
	in.run = nil
	if len(run) == 0 {
		return nil
	}
	args := make([][]any, len(run))
	for i := range run {
		r := &run[i]
		args[i] = []any{
			r.Conversation, r.Sender, r.Author, r.Kind, r.Text, r.Act, r.Raw, r.Account, r.PlatformID,
			r.State, r.At, r.Arrived, r.Prompt, r.Urgent, r.Shown, r.Location, r.ReadyAt,
		}
	}
	stored, err := listRows[struct {
		ID, Account int64
		PlatformID  string
		State       bot.MessageState
		Parked      bool
	}](ctx, in.work, insertReceived, args)
	if err != nil {
		return err
	}
	byKey := make(map[onceKey]*inboxRow, len(run))
	for i := range run {
		if key := run[i].once(); byKey[key] == nil {
			byKey[key] = &run[i]
		}
	}
	for _, s := range stored {
		row := byKey[onceKey{s.Account, s.PlatformID}]
		row.ID, row.State = s.ID, s.State
		if err := in.stored(ctx, row, s.Parked); err != nil {
			return err
		}
	}
	return in.known(ctx, run)
}

// stored notes what a new message means for its conversation.
func (in *inbox) stored(ctx context.Context, row *inboxRow, parked bool) error {
	c := row.conversation
	in.accepted[row.place] = bot.Accepted{Message: row.ID, Conversation: c.ID, New: true}
	in.anew[c.ID] = true
	in.odd = in.odd || row.State != bot.MessageReceived
	if row.Sender == bot.FromContact && row.event == nil {
		in.newest[c.ID] = max(in.newest[c.ID], row.At)
	}
	if row.State == bot.MessageReceived {
		in.parked[c.ID] = in.parked[c.ID] || parked
		if err := in.waits(c, &row.messageRow); err != nil {
			return err
		}
	}
	if row.Author != "" && !c.Client {
		// Somebody writes in the client although it does not have the contact as far as we know.
		if err := in.lookAtSession(ctx, c.ID, in.now); err != nil {
			return err
		}
	}
	if row.event != nil {
		return in.happened(ctx, c, row.event)
	}
	return in.wantMedia(ctx, row)
}

// known says where those of the run are that were not new.
func (in *inbox) known(ctx context.Context, run []inboxRow) error {
	var args [][]any
	for i := range run {
		if run[i].ID == 0 {
			args = append(args, []any{run[i].Account, run[i].PlatformID})
		}
	}
	if len(args) == 0 {
		return nil
	}
	found, err := listRows[messageRow](ctx, in.work, knownMessages, args)
	if err != nil {
		return err
	}
	byKey := make(map[onceKey]*messageRow, len(found))
	for i := range found {
		byKey[found[i].once()] = &found[i]
	}
	for i := range run {
		if run[i].ID != 0 {
			continue
		}
		m := byKey[run[i].once()]
		if m == nil {
			return fmt.Errorf("message %d of a run is neither new nor known", i)
		}
		in.accepted[run[i].place] = bot.Accepted{Message: m.ID, Conversation: m.Conversation}
	}
	return nil
}
