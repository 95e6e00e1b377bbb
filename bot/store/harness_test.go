package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// onBoth runs the test on an empty SQLite database and on an empty PostgreSQL one, beside other tests:
// most of the time is spent waiting for commits.
func onBoth(t *testing.T, test func(t *testing.T, d *database)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); test(t, newSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); test(t, newPostgres(t)) })
}

// database is one database, which several processes may open.
type database struct {
	t    testing.TB
	ctx  context.Context
	url  string
	dir  string
	raw  *sql.DB
	late atomic.Int64

	mu      sync.Mutex
	changed []int64
}

func newSQLite(t testing.TB) *database {
	return &database{t: t, ctx: t.Context(), dir: t.TempDir()}
}

// now is the clock of SQLite, which the test moves.
func (d *database) now() time.Time { return time.Now().Add(time.Duration(d.late.Load())) }

// options open the database as one more process.
func (d *database) options() store.Options {
	return store.Options{URL: d.url, Dir: d.dir, Now: d.now, Changed: d.hear}
}

func (d *database) hear(conversation int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changed = append(d.changed, conversation)
}

// heard returns the conversations said to have changed since the last call.
func (d *database) heard() []int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.changed
	d.changed = nil
	return out
}

func (d *database) open() *store.Store {
	d.t.Helper()
	return d.openWith(d.options())
}

func (d *database) openWith(o store.Options) *store.Store {
	d.t.Helper()
	s, err := store.Open(d.ctx, o)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { require.NoError(d.t, s.Close()) })
	return s
}

// pass lets time pass: on SQLite the clock moves on, on PostgreSQL all that happened moves back.
func (d *database) pass(by time.Duration) {
	d.t.Helper()
	if d.raw == nil {
		d.late.Add(int64(by))
		return
	}
	for table, columns := range map[string]string{
		"conversations": "waiting_since unread_first unread_last unread_ready turn_at" +
			" claimed_until fenced_until",
		"messages": "arrived next_at first_tried claimed_until ready_at",
		"turns":    "ended",
		"due":      "at claimed_until",
		"staff":    "seen",
	} {
		var sets []string
		for _, c := range strings.Fields(columns) {
			sets = append(sets, fmt.Sprintf("%s = greatest(sign(%[1]s), %[1]s - %d)", c,
				by.Microseconds()))
		}
		_, err := d.raw.ExecContext(d.ctx, "UPDATE "+table+" SET "+strings.Join(sets, ", "))
		require.NoError(d.t, err)
	}
}

// pacing lets every message be read at once.
var pacing = bot.Pacing{}

func address(contact string) bot.Address {
	return bot.Address{Channel: "wecom", Account: "kf1", ExternalID: contact}
}

// text is an arriving message of a contact; its id is its text's.
func text(contact, words string) bot.Arrival {
	return bot.Arrival{Incoming: bot.Incoming{
		Address: address(contact), PlatformID: contact + "/" + words, Kind: bot.KindText, Text: words,
	}}
}

func receive(t testing.TB, s *store.Store, arrivals ...bot.Arrival) []bot.Accepted {
	t.Helper()
	out, err := s.Receive(t.Context(), arrivals, pacing)
	require.NoError(t, err)
	require.Len(t, out, len(arrivals))
	return out
}

func claimTurn(t testing.TB, s *store.Store) *bot.Turn {
	t.Helper()
	turn, _, err := s.ClaimTurn(t.Context())
	require.NoError(t, err)
	require.NotNil(t, turn, "no turn to claim")
	return turn
}

func noTurn(t testing.TB, s *store.Store) time.Time {
	t.Helper()
	turn, next, err := s.ClaimTurn(t.Context())
	require.NoError(t, err)
	require.Nil(t, turn, "a turn was claimed")
	return next
}

// result answers the turn with the given parts.
func result(turn *bot.Turn, parts ...string) bot.TurnResult {
	r := bot.TurnResult{
		Conversation: turn.Conversation.ID, Claim: turn.Claim, Charge: turn.Conversation.Charge,
		Redone: turn.Redone, Decision: bot.DecideAnswer, Pacing: pacing,
	}
	for _, m := range turn.Messages {
		r.Messages = append(r.Messages, m.ID)
	}
	for _, words := range parts {
		r.Parts = append(r.Parts, bot.OutgoingPart{ID: rand.Text(), Reply: bot.Reply{Text: words}})
	}
	return r
}

func claimSend(t testing.TB, s *store.Store) *bot.Sending {
	t.Helper()
	m, _, err := s.ClaimSend(t.Context())
	require.NoError(t, err)
	require.NotNil(t, m, "nothing to send")
	return m
}

func noSend(t testing.TB, s *store.Store) time.Time {
	t.Helper()
	m, next, err := s.ClaimSend(t.Context())
	require.NoError(t, err)
	require.Nil(t, m, "a message was claimed")
	return next
}

func finishSend(t testing.TB, s *store.Store, m *bot.Sending, state bot.MessageState) {
	t.Helper()
	require.NoError(t, s.FinishSend(t.Context(), *m, bot.SendOutcome{State: state}))
}

// transcript is the whole conversation.
func transcript(t testing.TB, s *store.Store, conversation int64) []bot.Message {
	t.Helper()
	out, err := s.Messages(t.Context(), conversation, 0, 10_000)
	require.NoError(t, err)
	return out
}

// states are the transcript as "text=state".
func states(t testing.TB, s *store.Store, conversation int64) []string {
	t.Helper()
	var out []string
	for _, m := range transcript(t, s, conversation) {
		out = append(out, m.Text+"="+string(m.State))
	}
	return out
}

// takeOver takes a conversation over as the desk does when nothing is being sent.
func takeOver(t testing.TB, s *store.Store, conversation int64, staff string) bot.Conversation {
	t.Helper()
	f, err := s.RaiseFence(t.Context(), conversation, staff)
	require.NoError(t, err)
	c, err := s.CommitTakeover(t.Context(), f)
	require.NoError(t, err)
	return c
}

// fill stores n conversations with a few messages each, answered.
func fill(t testing.TB, s *store.Store, n int) {
	t.Helper()
	for at := 0; at < n; at += 100 {
		var arrivals []bot.Arrival
		for i := at; i < min(at+100, n); i++ {
			for j := range 5 {
				arrivals = append(arrivals, text(fmt.Sprint("filler", i), fmt.Sprint(j)))
				arrivals[len(arrivals)-1].History = true
			}
		}
		receive(t, s, arrivals...)
	}
}

// checkIs is require.ErrorIs for goroutines other than the test's own.
func checkIs(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}
