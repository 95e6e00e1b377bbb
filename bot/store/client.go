package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"rongjun/bot"
)

// happensTo applies an event and does to the messages what follows from it. An event that the state
// forbids by now is late news, and changes nothing.
func (w *work) happensTo(ctx context.Context, c *conversationRow, e bot.Event) error {
	if e.Kind == bot.EventNone {
		return nil
	}
	had, before := c.Client, c.Charge
	err := w.apply(c, e)
	if errors.Is(err, bot.ErrConflict) {
		return nil
	}
	if err != nil {
		return err
	}
	if had && c.Charge != before {
		if err := w.dropTold(ctx, c.ID); err != nil {
			return err
		}
	}
	switch {
	case c.State == bot.StateClosed:
		return w.handleUnread(ctx, c)
	case c.Client && !had:
		return w.leaveToClient(ctx, c)
	case had && c.State == bot.StateQueued:
		return w.schedule(ctx, bot.WaitingDue(c.ID, w.now.time()))
	}
	return nil
}

// dropTold takes back what the bot would have told a contact who waits in the client, since they do not
// wait there any more.
func (w *work) dropTold(ctx context.Context, conversation int64) error {
	return w.withdraw(ctx, "conversation = ? AND sender = 'bot' AND event_code <> ''", conversation)
}

// handledInClient are the messages that a person has written after, in the client.
const handledInClient = `UPDATE messages SET state = 'handled' WHERE conversation = ?1
	AND state = 'received' AND id < (SELECT coalesce(max(id), 0) FROM messages
		WHERE conversation = ?1 AND sender = 'staff' AND kind <> 'act')`

// endedUnannounced is for a session of the client of which we are not told when it ended. What the
// contact wrote after the last words of a person there may have come after the end, so it is answered:
// better once too often than not at all.
func (w *work) endedUnannounced(ctx context.Context, c *conversationRow, e bot.Event) error {
	if !c.Client {
		return nil
	}
	if err := w.apply(c, e); err != nil {
		return err
	}
	if err := w.dropTold(ctx, c.ID); err != nil {
		return err
	}
	if err := w.exec(ctx, handledInClient, c.ID); err != nil {
		return err
	}
	if err := w.readUnread(ctx, c); err != nil || c.UnreadLast == 0 {
		return err
	}
	c.TurnAt = w.now
	return w.apply(c, bot.Event{Kind: bot.EventContactWrote})
}

// leaveToClient leaves nothing that could still be sent, and looks from time to time whether the
// client still has the contact.
func (w *work) leaveToClient(ctx context.Context, c *conversationRow) error {
	if err := w.withdrawBot(ctx, c.ID); err != nil {
		return err
	}
	err := w.exec(ctx, `UPDATE messages SET
		state = CASE WHEN may_have_arrived THEN 'unclear' ELSE 'failed' END, note = ?
		WHERE conversation = ? AND sender = 'staff' AND kind <> 'act'
		AND state IN ('pending', 'parked') AND `+unfinished, "会话已在企业微信里接待", c.ID)
	if err != nil {
		return err
	}
	return w.lookAtSession(ctx, c.ID, w.now.add(bot.SessionLook))
}

// lookAtSession has the platform asked who has the contact.
func (w *work) lookAtSession(ctx context.Context, conversation int64, at stamp) error {
	return w.exec(ctx, `INSERT INTO due (kind, subject, at) VALUES (?, ?, ?)
		ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, anew = TRUE, attempts = 0`,
		bot.DueSession, strconv.FormatInt(conversation, 10), at)
}

// Do implements bot.DeskStore.
func (s *Store) Do(ctx context.Context, a bot.StaffAct) error {
	return s.change(ctx, "do", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, a.Conversation)
		if err != nil {
			return err
		}
		if err := mayDo(c, a); err != nil {
			return err
		}
		var waiting []int64
		err = w.scan(ctx, &waiting, `SELECT id FROM messages WHERE conversation = ? AND kind = ?
			AND act = ? AND state IN ('pending', 'sending') AND `+unfinished,
			c.ID, bot.KindAct, a.Act)
		if err != nil || len(waiting) > 0 {
			return err
		}
		if a.Act == bot.ActEnd { // what is kept for later must not hold it up
			if err := w.dropTold(ctx, c.ID); err != nil {
				return err
			}
		}
		err = w.exec(ctx, `INSERT INTO messages (conversation, sender, author, kind, text, act,
			platform_id, state, at, arrived, next_at)
			VALUES (?, 'staff', ?, ?, ?, ?, ?, 'pending', ?, ?, ?)`,
			c.ID, a.Staff, bot.KindAct, a.Words, a.Act, a.PlatformID, w.now, w.now, w.now)
		if err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}

func mayDo(c *conversationRow, a bot.StaffAct) error {
	if a.Act != bot.ActEnd {
		return mayWrite(c, a.Staff)
	}
	if !c.Client {
		return fmt.Errorf("end a session that the client does not have: %w", bot.ErrConflict)
	}
	return nil
}

// dutiesChanged has the platform asked about the contacts of those who began or stopped to receive,
// and about those who wait for anybody.
func (w *work) dutiesChanged(ctx context.Context, p bot.PageCommit) error {
	for _, d := range p.Duties {
		var ids []int64
		err := w.scan(ctx, &ids, `SELECT c.id FROM conversations AS c
			JOIN contacts AS p ON p.id = c.contact JOIN accounts AS a ON a.id = p.account
			WHERE c.client AND a.channel = ? AND a.name = ? AND c.staff IN (?, '')`,
			p.Channel, p.Account, d.Staff)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := w.lookAtSession(ctx, id, w.now); err != nil {
				return err
			}
			w.changed(id)
		}
	}
	return nil
}
