package handlers

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// calm is the shortest time between two events, so that a busy hour does not make every open desk
// load its page for every message.
const calm = 500 * time.Millisecond

// queueEvent tells the page who waits, and in which of the member's conversations which word of the
// contact is not answered; a name it has not seen before rings.
type queueEvent struct {
	Waiting    []string `json:"waiting"`
	Unanswered []string `json:"unanswered"`
}

// deskEvents tells an open desk that something changed; the page then loads itself again. It also
// shows that the member is there, and ends with the session.
func (f *face) deskEvents(c echo.Context) error {
	defer f.o.Metrics.streaming("desk")()
	s, err := openStream(c)
	if err != nil {
		return err
	}
	if err := f.watch(c, s); err != nil {
		f.log.Debug("desk stream ended", "error", err)
	}
	return nil
}

func (f *face) watch(c echo.Context, s *stream) error {
	changed, end := f.o.Hub.Subscribe(bot.EveryConversation)
	defer end()
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		if _, err := f.sessionMember(c); err != nil {
			return err
		}
		f.markSeen(c)
		if err := f.tellWaiting(c, s); err != nil {
			return err
		}
		if open, err := f.untilBeat(c, s, changed, ticker.C); err != nil || !open {
			return err
		}
	}
}

// markSeen notes that the member has the desk open. Who waits is told whether somebody is there, so
// the mark is made as soon as the page is.
func (f *face) markSeen(c echo.Context) {
	if err := f.o.Accounts.MarkSeen(c.Request().Context(), memberOf(c).Name); err != nil {
		f.log.Warn("member not marked as seen", "error", err)
	}
}

// untilBeat tells of changes until the next beat; false says that the stream is over.
func (f *face) untilBeat(
	c echo.Context, s *stream, changed <-chan struct{}, beats <-chan time.Time,
) (open bool, err error) {
	ctx := c.Request().Context()
	for {
		select {
		case <-ctx.Done():
			return false, nil
		case <-f.o.Done:
			return false, nil
		case <-beats:
			return true, s.beat()
		case <-changed:
			if err := f.tellWaiting(c, s); err != nil {
				return false, err
			}
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-time.After(calm):
		}
	}
}

func (f *face) tellWaiting(c echo.Context, s *stream) error {
	ctx := c.Request().Context()
	waiting, err := f.waiting(ctx)
	if err != nil {
		return err
	}
	e := queueEvent{Waiting: []string{}}
	for _, conversation := range waiting {
		e.Waiting = append(e.Waiting, strconv.FormatInt(conversation.ID, 10))
	}
	if e.Unanswered, err = f.unanswered(ctx, memberOf(c).Name); err != nil {
		return err
	}
	return s.event("changed", 0, e)
}
