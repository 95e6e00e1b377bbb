package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// eventPage is how many messages are read at a time.
const eventPage = 100

// chatEvents streams what the contact can see, from behind the place that the reader names; without
// one, from the last messages.
func (f *face) chatEvents(c echo.Context) error {
	who, err := f.visitor(c)
	if err != nil {
		return err
	}
	defer f.o.Metrics.streaming("chat")()
	s, err := openStream(c)
	if err != nil {
		return err
	}
	l := &listener{face: f, stream: s, who: who, after: lastEvent(c)}
	if err := l.listen(c.Request().Context()); err != nil {
		f.log.Debug("chat stream ended", "error", err)
	}
	return nil
}

// lastEvent is the place that the reader has come to: a browser says it when it connects again, and
// the page says it in the address when it connects first.
func lastEvent(c echo.Context) int64 {
	for _, said := range []string{c.Request().Header.Get("Last-Event-ID"), c.QueryParam("after")} {
		if n, err := strconv.ParseInt(said, 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
}

// listener is one open page of a contact.
type listener struct {
	*face
	stream *stream
	who    visitor
	// conversation is 0 until the contact has said something.
	conversation int64
	after        int64
	// placed is whether after is known to be a place of this conversation.
	placed bool
	mode   mode
}

func (l *listener) listen(ctx context.Context) error {
	changed, end := l.firsts.Subscribe(l.who.key())
	defer func() { end() }()
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		before := l.conversation
		if err := l.look(ctx); err != nil {
			return err
		}
		if before == 0 && l.conversation != 0 {
			end()
			changed, end = l.o.Hub.Subscribe(l.conversation)
			continue // what came between the look and the subscription
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.o.Done:
			return nil
		case <-changed:
		case <-ticker.C:
			if err := l.stream.beat(); err != nil {
				return err
			}
		}
	}
}

// look sends what is new. A store that cannot be read now is looked at again at the next beat.
func (l *listener) look(ctx context.Context) error {
	conversation, err := l.o.Transcript.ConversationOf(ctx, l.who.Address)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return hopeful(err)
	}
	l.conversation = conversation.ID
	if err := l.sendMode(conversation); err != nil || conversation.ID == 0 {
		return err
	}
	return l.sendMessages(ctx)
}

// hopeful leaves what may pass to the next beat; what remains ends the stream.
func hopeful(err error) error {
	if errors.Is(err, bot.ErrUnavailable) {
		return nil
	}
	return fmt.Errorf("look at conversation: %w", err)
}

func (l *listener) sendMode(c bot.Conversation) error {
	now := modeOf(c)
	if now == l.mode {
		return nil
	}
	l.mode = now
	return l.stream.event("state", 0, now)
}

// place forgets a place that the conversation has not come to: the reader had it from an earlier
// cookie, or from a database that was restored since.
func (l *listener) place(ctx context.Context) error {
	if l.placed || l.after == 0 {
		return nil
	}
	last, err := l.o.Visible.Visible(ctx, l.conversation, 0, 1)
	if err != nil {
		return err
	}
	if len(last) == 0 || last[0].Shown < l.after {
		l.after = 0
	}
	l.placed = true
	return nil
}

func (l *listener) sendMessages(ctx context.Context) error {
	if err := l.place(ctx); err != nil {
		return hopeful(err)
	}
	for {
		limit := eventPage
		if l.after == 0 {
			limit = shownAtFirst
		}
		messages, err := l.o.Visible.Visible(ctx, l.conversation, l.after, limit)
		if err != nil {
			return hopeful(err)
		}
		for _, m := range messages {
			if err := l.stream.event("message", m.Shown, chatMessageOf(m)); err != nil {
				return err
			}
			l.after = m.Shown
		}
		if len(messages) < limit {
			return nil
		}
	}
}
