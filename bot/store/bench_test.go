package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// BenchmarkReceive measures accepted messages per second against a bare insert of one row of the
// same content with the same durability, in one run. x/bare is the ratio of the rates.
func BenchmarkReceive(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprintf("SQLite/callers=%d", callers), func(b *testing.B) {
			d := newSQLite(b)
			compare(b, d.open(), bareSQLite(b), callers)
		})
		b.Run(fmt.Sprintf("PostgreSQL/callers=%d", callers), func(b *testing.B) {
			d := newPostgres(b)
			compare(b, d.open(), barePostgres(b, d), callers)
		})
	}
}

const bareTable = `CREATE TABLE bare (id TEXT PRIMARY KEY, contact TEXT, words TEXT, at BIGINT)`

func bareSQLite(b *testing.B) func(id, contact string) error {
	query := url.Values{"_pragma": {
		"busy_timeout(3000)", "journal_mode(WAL)", "synchronous(FULL)",
	}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?"+query.Encode())
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	return bare(b, db, "INSERT INTO bare VALUES (?, ?, ?, ?)")
}

func barePostgres(b *testing.B, d *database) func(id, contact string) error {
	db, err := sql.Open("pgx", d.url)
	require.NoError(b, err)
	db.SetMaxIdleConns(16)
	return bare(b, db, "INSERT INTO bare VALUES ($1, $2, $3, $4)")
}

func bare(b *testing.B, db *sql.DB, insert string) func(id, contact string) error {
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	_, err := db.ExecContext(b.Context(), bareTable)
	require.NoError(b, err)
	return func(id, contact string) error {
		_, err := db.ExecContext(b.Context(), insert, id, contact, question, time.Now().UnixMicro())
		return err
	}
}

const question = "我退伍三年了，当时没有领一次性退役金，现在还能补办吗？要带什么材料？"

// compare does the two kinds of work in turns, so that both meet the same machine.
func compare(b *testing.B, s *store.Store, bare func(id, contact string) error, callers int) {
	const contacts = 200
	var count atomic.Int64
	next := func() (id, contact string) {
		n := count.Add(1)
		return fmt.Sprint("m", n), fmt.Sprint("contact", n%contacts)
	}
	receiveOne := func() error {
		id, contact := next()
		a := text(contact, question)
		a.PlatformID, a.Prompt = id, true
		_, err := s.Receive(b.Context(), []bot.Arrival{a}, bot.DefaultPacing())
		return err
	}
	bareOne := func() error { return bare(next()) }
	for range contacts {
		require.NoError(b, receiveOne())
	}
	var ours, theirs time.Duration
	b.ResetTimer()
	const round = 200
	for done := 0; done < b.N; done += round {
		n := min(round, b.N-done)
		theirs += timed(b, n, callers, bareOne)
		ours += timed(b, n, callers, receiveOne)
	}
	b.ReportMetric(float64(b.N)/ours.Seconds(), "receive/s")
	b.ReportMetric(float64(b.N)/theirs.Seconds(), "bare/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x/bare")
}

func timed(b *testing.B, n, callers int, do func() error) time.Duration {
	var left atomic.Int64
	left.Store(int64(n))
	errs := make(chan error, callers)
	began := time.Now()
	for range callers {
		go func() {
			for left.Add(-1) >= 0 {
				if err := do(); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range callers {
		require.NoError(b, <-errs)
	}
	return time.Since(began)
}
