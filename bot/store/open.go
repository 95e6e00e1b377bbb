package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"rongjun/bot"
)

// Options say which database to open and how.
type Options struct {
	// URL is a postgres:// address; empty means SQLite in Dir.
	URL string
	// Dir is the folder of the SQLite database; it is made where it is missing.
	Dir string
	// Exclusive is for the process that serves: on SQLite a second one is refused with ErrLocked,
	// and the claims that a killed one left are cleared.
	Exclusive bool
	// Now is the clock on SQLite; PostgreSQL's own is used there. The default is time.Now.
	Now func() time.Time
	// Changed is told of every conversation that a commit changed, and bot.EveryConversation for
	// what belongs to none. It must not wait.
	Changed func(conversation int64)
	// ChangedFor is told in place of Changed, where it is set, and for which work the commit may matter.
	ChangedFor func(conversation int64, w bot.Work)
	// Queued and Unqueued are the kinds of timed work that are scheduled, in the same transaction, when
	// a conversation begins and ceases to wait for a person at our desk; the subject is its id.
	Queued, Unqueued []string
	// Process is this process's own random name, of letters and digits; the default is made at random.
	Process string
	Log     *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Changed == nil {
		o.Changed = func(int64) {}
	}
	if o.ChangedFor == nil {
		o.ChangedFor = func(conversation int64, _ bot.Work) { o.Changed(conversation) }
	}
	if o.Process == "" {
		o.Process = rand.Text()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	// writes has one connection on SQLite, so that writers wait in turn instead of failing.
	writes    *bun.DB
	reads     *bun.DB
	engine    engine
	prepared  prepared
	named     map[string]statement
	fields    rowFields
	looks     prepared
	together  together
	shared    shared
	known     known
	announcer announcer
	lock      *fileLock
	opts      Options
}

// Open opens the database and brings its tables up to date. It returns ErrLocked when another
// process serves the folder, ErrNewer when a newer version of the program has written the database,
// and bot.ErrUnavailable when it cannot be reached.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{opts: o.withDefaults()}
	var err error
	if o.URL == "" {
		err = s.openSQLite(ctx)
	} else {
		err = s.openPostgres(ctx)
	}
	if err == nil {
		err = s.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(fault("open database", err), s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.prepareQueries(ctx); err != nil {
		return err
	}
	if err := s.prepareLooks(ctx); err != nil {
		return err
	}
	if s.engine.postgres {
		return s.Beat(ctx)
	}
	if s.opts.Exclusive {
		return s.clearClaims(ctx)
	}
	return nil
}

// clearClaims ends the claims of the process that served before; the lock shows that it is gone.
func (s *Store) clearClaims(ctx context.Context) error {
	return s.change(ctx, "clear claims", func(ctx context.Context, w *work) error {
		for _, rows := range []string{
			"conversations SET claimed_until = 0 WHERE turn_at > 0 AND claimed_until > 0",
			"messages SET claimed_until = 0 WHERE claimed_until > 0 AND " + unfinished,
			"due SET claimed_until = 0 WHERE claimed_until > 0",
		} {
			if err := w.exec(ctx, "UPDATE "+rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.reads.PingContext(ctx); err != nil {
		return fault("ping", err)
	}
	return nil
}

// Close ends all use of the database.
func (s *Store) Close() error {
	s.together.done.Wait()
	s.announcer.done.Wait()
	errs := []error{s.prepared.close(), s.looks.close()}
	if s.reads != nil && s.reads != s.writes {
		errs = append(errs, s.reads.Close())
	}
	if s.writes != nil {
		errs = append(errs, s.writes.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// engine is the text in which the two databases differ.
type engine struct {
	postgres bool
	// id and bytes are column types.
	id, bytes string
	// lock and skip are what {lock} and {skip x} stand for, see written; $1 is the x.
	lock, skip string
	// clock reads the clock by which claims last, where it is the database's; at is what {at} stands
	// for.
	clock, at string
	// process is this process's name as a literal, where there may be others.
	process string
}

const postgresClock = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

var (
	sqliteEngine = engine{id: "INTEGER PRIMARY KEY", bytes: "BLOB", clock: "0", at: "?1"}
	// NO KEY UPDATE is what an UPDATE of the row takes: rows that refer to it can be inserted.
	postgresEngine = engine{
		postgres: true,
		id:       "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", bytes: "BYTEA",
		lock: " FOR NO KEY UPDATE OF c", skip: " FOR NO KEY UPDATE OF $1 SKIP LOCKED",
		clock: postgresClock, at: "(SELECT greatest(?1::bigint, " + postgresClock + "))",
	}
)

// live is the condition that the row called alias is claimed by somebody who is still there at a time.
// This process is, however late its heartbeat comes through: it would otherwise take its own work from
// itself.
func (e engine) live(alias string, now any) string {
	text := fmt.Sprintf("(x.claimed_until > %v", now)
	if e.postgres {
		text += fmt.Sprintf(" AND (x.claimed_by = %s OR EXISTS (SELECT 1 FROM processes AS pr"+
			" WHERE pr.id = x.claimed_by AND pr.beat > %v - %d))",
			e.process, now, deadAfter.Microseconds())
	}
	return strings.ReplaceAll(text, "x.", alias+".") + ")"
}
