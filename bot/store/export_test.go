package store

import (
	"context"
	"errors"

	"rongjun/bot"
)

// LimitPages makes a full disk: the database may not grow beyond this many pages.
func (s *Store) LimitPages(ctx context.Context, pages int) error {
	var now int
	return querier{s.writes}.scan(ctx, &now, "PRAGMA max_page_count = ?", pages)
}

// MakeOld makes a database as an earlier version of the program left it, with what a script puts in.
func MakeOld(ctx context.Context, o Options, version int64, script string) (err error) {
	s := &Store{opts: o.withDefaults()}
	defer func() { err = errors.Join(err, s.Close()) }()
	open := s.openSQLite
	if o.URL != "" {
		open = s.openPostgres
	}
	if err := open(ctx); err != nil {
		return err
	}
	provider, _, err := s.migrations()
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return err
	}
	_, err = s.writes.ExecContext(ctx, script)
	return err
}

// Execute changes the database behind the program's back.
func (s *Store) Execute(ctx context.Context, query string, args ...any) error {
	return s.change(ctx, "execute", func(ctx context.Context, w *work) error {
		return w.exec(ctx, query, args...)
	})
}

// OddTurns are the conversations that wait for a turn without an unread message, or have one and do not
// wait.
func (s *Store) OddTurns() ([]int64, error) {
	var ids []int64
	err := s.read().scan(context.Background(), &ids, `SELECT c.id FROM conversations AS c
		WHERE (c.turn_at > 0) <> EXISTS (SELECT 1 FROM messages AS m
			WHERE m.conversation = c.id AND m.state = 'received')`)
	return ids, err
}

// Write runs f in a transaction of the program; exec runs a statement in it.
func (s *Store) Write(
	ctx context.Context, f func(exec func(query string, args ...any) error) error,
) error {
	return s.transact(ctx, "write", func(ctx context.Context, w *work) error {
		return f(func(query string, args ...any) error { return w.exec(ctx, query, args...) })
	})
}

// Writers is how many wait to write.
func (s *Store) Writers() int {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	return len(s.shared.waiting)
}

// Read reads rows of one column into a pointer to a slice.
func (s *Store) Read(ctx context.Context, dest any, query string) error {
	return s.read().scan(ctx, dest, query)
}

// ReceiveInOneTrip stores an arrival in one trip to PostgreSQL, or leaves it alone and returns nil.
func (s *Store) ReceiveInOneTrip(
	ctx context.Context, a bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	r := &receipt{arrivals: []bot.Arrival{a}, pacing: p}
	s.receiveWords(ctx, []*receipt{r})
	return r.accepted, r.err
}

// ReceiveAtLength stores an arrival in the way that is open to all.
func (s *Store) ReceiveAtLength(
	ctx context.Context, a bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	r := &receipt{arrivals: []bot.Arrival{a}, pacing: p}
	err := s.receiveAll(ctx, []*receipt{r})
	return r.accepted, err
}
