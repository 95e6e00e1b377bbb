package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Sessions keeps web sessions in the way that scs wants (its CtxStore). A token is kept as its
// hash, so that a copy of the database signs nobody in.
type Sessions struct{ store *Store }

// Sessions returns the sessions kept in this database.
func (s *Store) Sessions() *Sessions { return &Sessions{store: s} }

// FindCtx returns the data of a session that has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var rows []struct{ Data []byte }
	err := s.store.read().scan(ctx, &rows,
		"SELECT data FROM sessions WHERE hash = ? AND expires > ?",
		hashToken(token), stampOf(s.store.opts.Now()))
	if err != nil || len(rows) == 0 {
		return nil, false, fault("find session", err)
	}
	return rows[0].Data, true, nil
}

// CommitCtx stores a session, and removes those that have expired.
func (s *Sessions) CommitCtx(
	ctx context.Context, token string, data []byte, expiry time.Time,
) error {
	return s.store.change(ctx, "store session", func(ctx context.Context, w *work) error {
		err := w.exec(ctx, `INSERT INTO sessions (hash, data, expires) VALUES (?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET data = excluded.data, expires = excluded.expires`,
			hashToken(token), data, stampOf(expiry))
		if err != nil {
			return err
		}
		return w.exec(ctx, "DELETE FROM sessions WHERE expires <= ?", stampOf(s.store.opts.Now()))
	})
}

// DeleteCtx removes a session; one that is not there is none the worse.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.store.change(ctx, "delete session", func(ctx context.Context, w *work) error {
		return w.exec(ctx, "DELETE FROM sessions WHERE hash = ?", hashToken(token))
	})
}

// TakeCtx returns what is kept under a token and removes it: of two who ask at once, one is given it.
func (s *Sessions) TakeCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.store.change(ctx, "take", func(ctx context.Context, w *work) error {
		var rows []struct{ Data []byte }
		err := w.scan(ctx, &rows, "DELETE FROM sessions WHERE hash = ? AND expires > ? RETURNING data",
			hashToken(token), stampOf(s.store.opts.Now()))
		if err == nil && len(rows) > 0 {
			data, found = rows[0].Data, true
		}
		return err
	})
	return data, found, err
}

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error {
	return s.DeleteCtx(context.Background(), token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
