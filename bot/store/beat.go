package store

import (
	"context"
	"time"
)

const (
	// BeatEvery is how often a serving process calls Beat.
	BeatEvery = time.Second
	// deadAfter is how old the latest heartbeat of a process is when it counts as dead.
	deadAfter = 4 * time.Second
	// forgetAfter is how long a process without a heartbeat is remembered.
	forgetAfter = time.Hour
)

// Beat says that this process lives. On SQLite the lock file says so, and this does nothing.
func (s *Store) Beat(ctx context.Context) error {
	if !s.engine.postgres {
		return nil
	}
	return s.change(ctx, "beat", func(ctx context.Context, w *work) error {
		err := w.exec(ctx, `INSERT INTO processes (id, beat) VALUES (?, ?)
			ON CONFLICT (id) DO UPDATE SET beat = excluded.beat`, s.opts.Process, w.now)
		if err != nil {
			return err
		}
		return w.exec(ctx, "DELETE FROM processes WHERE beat < ?", w.now.add(-forgetAfter))
	})
}
