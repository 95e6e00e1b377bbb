package store

import (
	"context"
	"time"

	"rongjun/bot"
)

// MediaID is the id under which a platform has a content, empty where it has none for certain.
func (s *Store) MediaID(ctx context.Context, u bot.Upload) (string, error) {
	const do = "look for an upload"
	now, err := s.clock(ctx)
	if err != nil {
		return "", fault(do, err)
	}
	var ids []string
	err = s.read().scan(ctx, &ids, `SELECT media FROM uploads
		WHERE channel = ? AND kind = ? AND hash = ? AND until > ?`, u.Channel, u.Kind, u.Hash, now)
	if err != nil || len(ids) == 0 {
		return "", fault(do, err)
	}
	return ids[0], nil
}

// KeepMediaID remembers the id of a content that was just put on the platform, and forgets those
// whose time is over.
func (s *Store) KeepMediaID(
	ctx context.Context, u bot.Upload, id string, keeps time.Duration,
) error {
	return s.change(ctx, "keep an upload", func(ctx context.Context, w *work) error {
		if err := w.exec(ctx, "DELETE FROM uploads WHERE until <= ?", w.now); err != nil {
			return err
		}
		return w.exec(ctx, `INSERT INTO uploads (channel, kind, hash, media, until)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, kind, hash)
			DO UPDATE SET media = excluded.media, until = excluded.until`,
			u.Channel, u.Kind, u.Hash, id, w.now.add(keeps))
	})
}

// DropMediaID forgets an id that the platform does not know any more.
func (s *Store) DropMediaID(ctx context.Context, u bot.Upload) error {
	return s.change(ctx, "drop an upload", func(ctx context.Context, w *work) error {
		return w.exec(ctx, "DELETE FROM uploads WHERE channel = ? AND kind = ? AND hash = ?",
			u.Channel, u.Kind, u.Hash)
	})
}
