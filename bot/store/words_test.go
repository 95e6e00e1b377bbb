package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
)

// before is what a conversation was like when a text came.
type before struct {
	state                        bot.State
	first, last, ready           int64
	prompt, urgent               bool
	budgetFrom, budgetLast       int64
	budgetSent                   int64
	budgetClosed                 bool
	shown                        int64
	turns                        []int64
	parked, recalled             bool
	quiet, longest, perMinute    int64
	at                           int64
	arrivalPrompt, arrivalUrgent bool
}

func drawBefore(t *rapid.T, now int64) before {
	ago := func(name string, most int64) int64 {
		return now - rapid.Int64Range(0, most*1_000_000).Draw(t, name)
	}
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	seldom := func(name string) bool { return rapid.IntRange(0, 7).Draw(t, name) == 0 }
	b := before{
		state: rapid.SampledFrom([]bot.State{
			bot.StateBot, bot.StateBot, bot.StateQueued, bot.StateStaff, bot.StateClosed,
		}).Draw(t, "state"),
		budgetFrom: ago("budget from", 4), budgetLast: ago("budget last", 4),
		budgetSent: rapid.Int64Range(0, 20).Draw(t, "budget sent"), budgetClosed: yes("budget closed"),
		shown: rapid.Int64Range(5, 90).Draw(t, "shown"), parked: seldom("parked"),
		recalled: seldom("recalled"), at: ago("at", 4),
		quiet:         rapid.Int64Range(0, 3_000_000).Draw(t, "quiet"),
		longest:       rapid.Int64Range(0, 9_000_000).Draw(t, "longest"),
		perMinute:     rapid.Int64Range(0, 4).Draw(t, "per minute"),
		arrivalPrompt: yes("arrival prompt"), arrivalUrgent: seldom("arrival urgent"),
	}
	if b.state != bot.StateClosed && yes("unread") {
		b.last = ago("last", 3)
		b.first = b.last - rapid.Int64Range(0, 6_000_000).Draw(t, "since first")
		b.prompt, b.urgent = yes("prompt"), seldom("urgent")
		if yes("media") {
			b.ready = now + rapid.Int64Range(-1, 12_000_000).Draw(t, "ready")
		}
	}
	for range rapid.IntRange(0, 6).Draw(t, "turns") {
		b.turns = append([]int64{ago("turn", 70)}, b.turns...)
	}
	return b
}

func (b *before) pacing() bot.Pacing {
	return bot.Pacing{
		Quiet: time.Duration(b.quiet) * time.Microsecond, PerMinute: int(b.perMinute),
		Longest: time.Duration(b.longest) * time.Microsecond,
	}
}

// ordinary reports whether the text may be stored in one trip.
func (b *before) ordinary() bool {
	counts := b.at >= b.budgetFrom && b.budgetLast >= (b.at/1_000_000+1)*1_000_000
	return b.state != bot.StateClosed && !b.parked && !b.recalled && !counts
}

// put makes the conversation so.
func (b *before) put(t *rapid.T, d *database, c int64) {
	tx, err := d.raw.BeginTx(d.ctx, nil)
	require.NoError(t, err)
	run := func(query string, args ...any) {
		_, err := tx.ExecContext(d.ctx, query, args...)
		require.NoError(t, err)
	}
	run("SET LOCAL synchronous_commit = off")
	run("DELETE FROM messages WHERE conversation = $1", c)
	run("DELETE FROM recalls WHERE conversation = $1", c)
	run("DELETE FROM turns WHERE conversation = $1", c)
	for _, ended := range b.turns {
		run(`INSERT INTO turns (conversation, outcome, decision, ended, asked, parts, trace)
			VALUES ($1, 'finished', 'answer', $2, '', 1, '')`, c, ended)
	}
	if b.parked {
		run(`INSERT INTO messages (conversation, sender, kind, text, platform_id, state, at, arrived)
			VALUES ($1, 'bot', 'text', 'parked', $2, 'parked', 1, 1)`, c, fmt.Sprint("parked", c))
	}
	if b.recalled {
		run(`INSERT INTO recalls (account, platform_id, conversation, message_platform_id, arrived)
			SELECT account, 'recall' || $1::bigint, c.id, 'text' || $1::bigint, 1 FROM contacts AS p
			JOIN conversations AS c ON c.contact = p.id WHERE c.id = $1::bigint`, c)
	}
	run(`UPDATE conversations SET state = $2, staff = CASE $2 WHEN 'staff' THEN 'zhang' ELSE '' END,
		waiting_since = CASE $2 WHEN 'queued' THEN 1 ELSE 0 END, shown = $3,
		unread_first = $4, unread_last = $5, unread_prompt = $6, unread_urgent = $7,
		unread_ready = $8, turn_at = $5, budget_from = $9, budget_last = $10, budget_sent = $11,
		budget_closed = $12, claim = $13, changed = $14 WHERE id = $1`,
		c, string(b.state), b.shown, b.first, b.last, b.prompt, b.urgent, b.ready, b.budgetFrom,
		b.budgetLast, b.budgetSent, b.budgetClosed, len(b.turns), time.Now().UnixMicro())
	require.NoError(t, tx.Commit())
}

// after is what became of it.
type after struct {
	State                                      string
	Shown, First, Last, Ready, TurnAt, Changed int64
	Prompt, Urgent, BudgetClosed               bool
	BudgetFrom, BudgetLast, BudgetSent         int64
	Message                                    string
}

func lookAfter(t *rapid.T, d *database, c, message int64) (a after, arrived int64) {
	err := d.raw.QueryRowContext(d.ctx, `SELECT c.state, c.shown, c.unread_first, c.unread_last,
		c.unread_ready, c.turn_at, c.changed, c.unread_prompt, c.unread_urgent, c.budget_closed,
		c.budget_from, c.budget_last, c.budget_sent, m.arrived,
		(to_jsonb(m) - '{id,conversation,platform_id,arrived}'::text[])::text
		FROM conversations AS c JOIN messages AS m ON m.conversation = c.id
		WHERE c.id = $1 AND m.id = $2`, c, message).Scan(&a.State, &a.Shown, &a.First, &a.Last,
		&a.Ready, &a.TurnAt, &a.Changed, &a.Prompt, &a.Urgent, &a.BudgetClosed,
		&a.BudgetFrom, &a.BudgetLast, &a.BudgetSent, &arrived, &a.Message)
	require.NoError(t, err)
	return a, arrived
}

// TestATextStoredInOneTripChangesWhatOneStoredAtLengthDoes brings two conversations into the same
// random state and lets the same text come to them, to each in its own way.
func TestATextStoredInOneTripChangesWhatOneStoredAtLengthDoes(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	s := d.open()
	one := receive(t, s, text("li", "first"))[0].Conversation
	other := receive(t, s, text("wang", "first"))[0].Conversation
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Now().UnixMicro()
		b := drawBefore(rt, now)
		b.put(rt, d, one)
		b.put(rt, d, other)
		arrival := func(contact string, c int64) bot.Arrival {
			a := text(contact, "退役金怎么算")
			a.PlatformID, a.At = fmt.Sprint("text", c), time.UnixMicro(b.at)
			a.Raw, a.Prompt, a.Urgent = []byte{0, 1}, b.arrivalPrompt, b.arrivalUrgent
			return a
		}
		got, err := s.ReceiveInOneTrip(d.ctx, arrival("li", one), b.pacing())
		require.NoError(rt, err)
		require.Equal(rt, b.ordinary(), got != nil)
		if !b.ordinary() {
			return
		}
		want, err := s.ReceiveAtLength(d.ctx, arrival("wang", other), b.pacing())
		require.NoError(rt, err)
		b.check(rt, d, got[0], want[0])
	})
}

// check holds two conversations that were alike against each other, and their turns against the rule.
func (b *before) check(t *rapid.T, d *database, one, other bot.Accepted) {
	require.True(t, one.New && other.New)
	got, arrived := lookAfter(t, d, one.Conversation, one.Message)
	want, later := lookAfter(t, d, other.Conversation, other.Message)
	for _, one := range []struct {
		*after
		arrived int64
	}{{&got, arrived}, {&want, later}} {
		require.Equal(t, one.arrived, one.Last)
		require.Equal(t, one.arrived, one.Changed)
		require.Equal(t, b.turnAt(one.arrived), one.TurnAt)
		if b.last == 0 {
			require.Equal(t, one.arrived, one.First)
			one.First = 0
		}
		one.Last, one.Changed, one.TurnAt = 0, 0, 0
	}
	require.Equal(t, want, got)
}

// turnAt is when the rule has the turn begin.
func (b *before) turnAt(arrived int64) int64 {
	u := bot.Unanswered{
		First: time.UnixMicro(b.first), Last: time.UnixMicro(arrived), Ready: time.UnixMicro(b.ready),
		Prompt: b.prompt || b.arrivalPrompt, Urgent: b.urgent || b.arrivalUrgent,
	}
	if b.last == 0 {
		u.First = u.Last
	}
	for _, ended := range b.turns {
		u.Recent = append([]time.Time{time.UnixMicro(ended)}, u.Recent...)
	}
	return b.pacing().TurnAt(u).UnixMicro()
}

func TestAKnownMessageIsLeftToTheLongWay(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	s := d.open()
	first := receive(t, s, text("li", "a"))[0]
	got, err := s.ReceiveInOneTrip(t.Context(), text("li", "a"), pacing)
	require.NoError(t, err)
	require.Nil(t, got)
	again := receive(t, s, text("li", "a"))[0]
	require.Equal(t, bot.Accepted{Message: first.Message, Conversation: first.Conversation}, again)
}

func TestWhatIsNotCommittedIsNotAccepted(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	s := d.open()
	receive(t, s, text("li", "a"))
	_, err := d.raw.ExecContext(t.Context(), `CREATE FUNCTION refuse() RETURNS TRIGGER AS
		'BEGIN RAISE ''refused at the commit''; END' LANGUAGE plpgsql;
		CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION refuse()`)
	require.NoError(t, err)
	d.heard()
	got, err := s.ReceiveInOneTrip(t.Context(), text("li", "b"), pacing)
	require.NoError(t, err)
	require.Nil(t, got)
	_, err = s.Receive(t.Context(), []bot.Arrival{text("li", "b")}, pacing)
	require.ErrorContains(t, err, "refused at the commit")
	require.Empty(t, d.heard())
}

// TestAWaitForTheConversationSeesWhatItWaitedFor holds a conversation while a text comes to it, and
// parks a message meanwhile.
func TestAWaitForTheConversationSeesWhatItWaitedFor(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	s := d.open()
	c := receive(t, s, text("li", "a"))[0].Conversation
	tx, err := d.raw.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(),
		"SELECT id FROM conversations WHERE id = $1 FOR NO KEY UPDATE", c)
	require.NoError(t, err)
	type outcome struct {
		got []bot.Accepted
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		got, err := s.ReceiveInOneTrip(d.ctx, text("li", "b"), pacing)
		done <- outcome{got, err}
	}()
	require.Eventually(t, func() bool { return d.waitsForLock(t) }, 5*time.Second, time.Millisecond)
	_, err = tx.ExecContext(t.Context(), `INSERT INTO messages (conversation, sender, kind, text,
		platform_id, state, at, arrived) VALUES ($1, 'bot', 'text', 'p', 'p', 'parked', 1, 1)`, c)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	o := <-done
	require.NoError(t, o.err)
	require.Nil(t, o.got, "the parked message must be let go, which one trip cannot")
}

// waitsForLock reports whether a transaction waits for a row of this database's conversations.
func (d *database) waitsForLock(t *testing.T) bool {
	var waiting int
	err := d.raw.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks AS l
		JOIN pg_locks AS r ON r.pid = l.pid AND r.relation = 'conversations'::regclass
		WHERE NOT l.granted`).Scan(&waiting)
	require.NoError(t, err)
	return waiting > 0
}
