package store

import (
	"context"
	"fmt"

	"rongjun/bot"
)

// RaiseFence implements bot.TakeoverStore. A second fence of the same person replaces the first.
// A message that an earlier attempt may have delivered is not withdrawn, it becomes unclear.
func (s *Store) RaiseFence(
	ctx context.Context, conversation int64, staff string,
) (bot.Fence, error) {
	var fence bot.Fence
	err := s.change(ctx, "raise fence", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		event := bot.Event{Kind: bot.EventTakeover, By: staff, At: w.now.time()}
		if _, err := bot.Apply(c.conversation(), event); err != nil {
			return fmt.Errorf("apply: %w", err)
		}
		if c.fenced(w.now) && c.FencedBy != staff {
			return &bot.TakenError{By: c.FencedBy}
		}
		c.Fence++
		c.FencedUntil, c.FencedBy = w.now.add(bot.FenceFor), staff
		fence = bot.Fence{Conversation: c.ID, Staff: staff, Number: c.Fence}
		if err := w.withdrawBot(ctx, c.ID); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
	return fence, err
}

func (w *work) withdrawBot(ctx context.Context, conversation int64) error {
	return w.withdraw(ctx, "sender = 'bot' AND conversation = ?", conversation)
}

// BotSending implements bot.TakeoverStore.
func (s *Store) BotSending(ctx context.Context, conversation int64) (int, error) {
	const do = "count sends of the bot"
	now, err := s.clock(ctx)
	if err != nil {
		return 0, fault(do, err)
	}
	var n int
	err = s.read().scan(ctx, &n, "SELECT count(*) FROM messages AS m"+
		" WHERE m.conversation = ? AND m.state = 'sending' AND m."+unfinished+
		" AND m.sender = 'bot' AND m.claimed_until > ?", conversation, now)
	return n, fault(do, err)
}

// CommitTakeover implements bot.TakeoverStore.
func (s *Store) CommitTakeover(ctx context.Context, f bot.Fence) (bot.Conversation, error) {
	var taken bot.Conversation
	err := s.change(ctx, "commit takeover", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, f.Conversation)
		if err != nil {
			return err
		}
		if !c.fenced(w.now) || c.Fence != f.Number {
			return fmt.Errorf("fence is down: %w", bot.ErrStale)
		}
		if err := w.apply(c, bot.Event{Kind: bot.EventTakeover, By: f.Staff}); err != nil {
			return err
		}
		c.FencedUntil, c.FencedBy = 0, ""
		if err := w.silenceBot(ctx, c); err != nil {
			return err
		}
		taken = c.conversation()
		return w.save(ctx, c)
	})
	return taken, err
}

// silenceBot leaves no message of the bot that could still be sent.
func (w *work) silenceBot(ctx context.Context, c *conversationRow) error {
	if err := w.spendSending(ctx, c, "m.sender = 'bot'"); err != nil {
		return err
	}
	err := w.exec(ctx, `UPDATE messages SET state = 'unclear', note = ?, claimed_until = 0
		WHERE conversation = ? AND sender = 'bot' AND state = 'sending' AND `+unfinished,
		mayHaveArrived, c.ID)
	if err != nil {
		return err
	}
	return w.withdrawBot(ctx, c.ID)
}

// LowerFence implements bot.TakeoverStore; bot.ErrStale if the fence is not up any more.
func (s *Store) LowerFence(ctx context.Context, f bot.Fence) error {
	return s.change(ctx, "lower fence", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, f.Conversation)
		if err != nil {
			return err
		}
		if c.Fence != f.Number || c.FencedUntil == 0 {
			return fmt.Errorf("fence is down: %w", bot.ErrStale)
		}
		c.FencedUntil, c.FencedBy = 0, ""
		return w.save(ctx, c)
	})
}
