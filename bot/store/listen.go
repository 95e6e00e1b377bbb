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
	s.opts.ChangedFor(bot.EveryConversation, bot.AllWork) // something may have been said while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait: %w", err)
		}
		words := strings.Fields(n.Payload)
		if len(words) == 0 || words[0] == s.opts.Process {
			continue
		}
		for _, word := range words[1:] {
			if conversation, err := strconv.ParseInt(word, 10, 64); err == nil {
				s.opts.ChangedFor(conversation, bot.AllWork)
			}
		}
	}
}
