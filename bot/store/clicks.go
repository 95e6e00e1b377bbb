package store

import (
	"context"

	"rongjun/bot"
)

type clickRow struct {
	ID     string
	Task   string
	Userid string
	Act    string
	Code   string
	At     stamp
}

// ReceiveClicks implements bot.ClickStore.
func (s *Store) ReceiveClicks(ctx context.Context, clicks []bot.Click) error {
	return s.change(ctx, "receive taps", func(ctx context.Context, w *work) error {
		for _, c := range clicks {
			if err := w.receiveClick(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *work) receiveClick(ctx context.Context, c bot.Click) error {
	var added []string
	err := w.scan(ctx, &added, `INSERT INTO clicks (id, task, userid, act, code, at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
		c.ID, c.Task, c.By, c.Act, c.Code, stampOf(c.At))
	if err != nil || len(added) == 0 {
		return err
	}
	w.changed(bot.EveryConversation)
	return w.schedule(ctx, bot.Due{Kind: bot.DueClick, Subject: added[0], At: w.now.time()})
}

// Click implements bot.ClickStore.
func (s *Store) Click(ctx context.Context, id string) (bot.Click, bot.Notice, error) {
	const do = "read tap"
	var r clickRow
	if err := s.read().scan(ctx, &r, "SELECT * FROM clicks WHERE id = ?", id); err != nil {
		return bot.Click{}, bot.Notice{}, fault(do, err)
	}
	var n noticeRow
	if err := s.read().scan(ctx, &n, "SELECT * FROM notices WHERE task = ?", r.Task); err != nil {
		return bot.Click{}, bot.Notice{}, fault(do, err)
	}
	return bot.Click{
		ID: r.ID, Task: r.Task, By: r.Userid, Act: r.Act, Code: r.Code, At: r.At.time(),
	}, n.notice(), nil
}
