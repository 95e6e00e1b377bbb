package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"rongjun/bot"
)

// notifyChannel is the PostgreSQL channel on which processes tell each other of changes.
const notifyChannel = "rongjun_changed"

// notify tells the other processes, when the transaction commits.
func (w *work) notify(ctx context.Context) error {
	if !w.engine.postgres {
		return nil
	}
	for _, c := range w.touched {
		payload := fmt.Sprintf("%d %s", c, w.store.opts.Process)
		if err := w.exec(ctx, notifyOthers, notifyChannel, payload); err != nil {
			return err
		}
	}
	return nil
}

const notifyOthers = "SELECT pg_notify(?, ?)"

// Listen hears of the changes that other processes make, until the context ends. After a lost
// connection it connects again. On SQLite there are no others, and it only waits.
func (s *Store) Listen(ctx context.Context) {
	if !s.engine.postgres {
		<-ctx.Done()
		return
	}
	const pause = time.Second
	for ctx.Err() == nil {
		err := s.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		s.opts.Log.Warn("not hearing other processes, connecting again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (s *Store) listen(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.opts.URL)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+notifyChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.opts.Changed(bot.EveryConversation) // something may have been said while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait: %w", err)
		}
		id, process, _ := strings.Cut(n.Payload, " ")
		conversation, err := strconv.ParseInt(id, 10, 64)
		if err == nil && process != s.opts.Process {
			s.opts.Changed(conversation)
		}
	}
}
