package store_test

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

func TestTheFolderIsPrivate(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	d.dir = filepath.Join(d.dir, "a", "data")
	o := d.options()
	o.Exclusive = true
	receive(t, d.openWith(o), text("li", "a"))
	info, err := os.Stat(d.dir)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(d.dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestTheNameOfTheFolderMayHoldAnything(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	d.dir = filepath.Join(d.dir, "a b?c#d%20e数据")
	receive(t, d.open(), text("li", "a"))
	_, err := os.Stat(filepath.Join(d.dir, store.FileName))
	require.NoError(t, err)
}

func TestASecondServingProcessIsRefused(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	o := d.options()
	o.Exclusive = true
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	_, err = store.Open(t.Context(), o)
	require.ErrorIs(t, err, store.ErrLocked)
	receive(t, d.open(), text("li", "beside the server"))
	require.NoError(t, s.Close())
	d.openWith(o)
}

func TestAServingProcessClearsTheClaimsOfTheLast(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	o := d.options()
	o.Exclusive = true
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	c := answered(t, s, "li", "one")
	claimSend(t, s)
	receive(t, s, text("wang", "a"))
	claimTurn(t, s)
	require.NoError(t, s.Schedule(t.Context(), bot.Due{Kind: "k", At: d.now()}))
	claimDue(t, s)
	require.NoError(t, s.Close())

	s = d.openWith(o)
	require.Equal(t, "a", claimTurn(t, s).Text())
	require.Equal(t, 2, claimDue(t, s).Attempts)
	require.NoError(t, s.RescueSends(t.Context(), []string{"wecom"}))
	require.True(t, claimSend(t, s).Outgoing.Repeat)
	require.Equal(t, []string{"q=handled", "one=sending"}, states(t, s, c))
}

func TestADatabaseNewerThanTheProgramIsLeftAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		d.open()
		raw := d.raw
		if raw == nil {
			var err error
			raw, err = sql.Open("sqlite", filepath.Join(d.dir, store.FileName))
			require.NoError(t, err)
			defer func() { require.NoError(t, raw.Close()) }()
		}
		_, err := raw.ExecContext(t.Context(),
			"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
		require.NoError(t, err)
		_, err = store.Open(t.Context(), d.options())
		require.ErrorIs(t, err, store.ErrNewer)
	})
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	file := filepath.Join(d.dir, store.FileName)
	junk := []byte("this is a text of more than a hundred characters, which is what SQLite reads" +
		" first to see whether it has a database before it")
	require.NoError(t, os.WriteFile(file, junk, 0o600))
	_, err := store.Open(t.Context(), d.options())
	require.Error(t, err)
	left, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, junk, left)
}

func TestALockedDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	s := d.open()
	raw, err := sql.Open("sqlite", filepath.Join(d.dir, store.FileName)+"?_txlock=immediate")
	require.NoError(t, err)
	defer func() { require.NoError(t, raw.Close()) }()
	tx, err := raw.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = s.Receive(t.Context(), []bot.Arrival{text("li", "a")}, pacing)
	require.ErrorIs(t, err, bot.ErrUnavailable)
	_, err = s.ConversationOf(t.Context(), address("li"))
	require.ErrorIs(t, err, bot.ErrNotFound, "reading goes on")
	require.NoError(t, tx.Rollback())
	receive(t, s, text("li", "a"))
}

func TestAFullDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	s := d.open()
	receive(t, s, text("li", "a"))
	require.NoError(t, s.LimitPages(t.Context(), 1))
	long := text("li", "long")
	long.Raw = make([]byte, 1<<20)
	_, err := s.Receive(t.Context(), []bot.Arrival{long}, pacing)
	require.ErrorIs(t, err, bot.ErrUnavailable)
	require.NoError(t, s.LimitPages(t.Context(), 1<<20))
	require.True(t, receive(t, s, long)[0].New, "nothing of it was stored before")
}

func TestAServerThatIsAwayIsUnavailable(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{
		URL: "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable&connect_timeout=2",
	})
	require.ErrorIs(t, err, bot.ErrUnavailable)
}

func TestAnOpenDatabaseAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s, err := store.Open(t.Context(), d.options())
		require.NoError(t, err)
		require.NoError(t, s.Ping(t.Context()))
		require.NoError(t, s.Close())
		require.Error(t, s.Ping(t.Context()))
	})
}

// Opening reads nothing that grows with what is stored: a filled database opens about as fast as an
// empty one, on any machine.
func TestAFilledDatabaseOpensFast(t *testing.T) {
	options := func(messages int) store.Options {
		o := newSQLite(t).options()
		o.Exclusive = true
		s, err := store.Open(t.Context(), o)
		require.NoError(t, err)
		if messages > 0 {
			fill(t, s, messages)
		}
		require.NoError(t, s.Close())
		return o
	}
	opened := func(o store.Options) time.Duration {
		began := time.Now()
		s, err := store.Open(t.Context(), o)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		return time.Since(began)
	}
	none, many := options(0), options(2_000)
	const times = 3
	empty, filled := time.Hour, time.Hour
	for n := 0; n < 5 || n < 30 && filled >= times*empty; n++ { // the machine may be busy meanwhile
		empty, filled = min(empty, opened(none)), min(filled, opened(many))
	}
	require.Less(t, filled, times*empty)
}
