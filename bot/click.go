package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ClickStore keeps taps on cards.
type ClickStore interface {
	// ReceiveClicks stores taps and schedules DueClick for each in one transaction; one that is known
	// already changes nothing. ErrUnavailable says that nothing was stored.
	ReceiveClicks(ctx context.Context, clicks []Click) error
	// Click returns a tap and the notice whose card was tapped, ErrNotFound without such a notice.
	Click(ctx context.Context, id string) (Click, Notice, error)
}

// notYours is what stands on the card of somebody who may not take over.
const notYours = "您的账号不能接手"

// Carry is the timed work DueClick: the first tap takes the conversation over, by the same fence as the
// desk's button. Who comes later sees on the card who was first.
func (n *Notices) Carry(ctx context.Context, due Due) (time.Time, error) {
	click, notice, err := n.Clicks.Click(ctx, due.Subject)
	if errors.Is(err, ErrNotFound) {
		n.Log.Warn("tap on a card that is not known")
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read tap: %w", err)
	}
	who, err := n.Colleagues.ColleagueOf(ctx, click.By)
	if errors.Is(err, ErrNotFound) {
		n.Log.Warn("tap on a card by somebody who may not take over", "conversation", notice.Conversation)
		return time.Time{}, n.changeOne(ctx, click, notYours)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find who tapped: %w", err)
	}
	if click.Act != CardTakeover {
		return time.Time{}, nil
	}
	return time.Time{}, n.take(ctx, click, notice, who)
}

// take takes over if the wait that the card is about still lasts. The change of the cards follows from
// the end of the wait, with the code of this tap where the card's own was lost.
func (n *Notices) take(ctx context.Context, click Click, notice Notice, who Colleague) error {
	if notice.Code == "" && notice.State != NoticeSettled {
		notice.State, notice.Code = NoticeShown, click.Code
		if err := n.finish(ctx, notice); err != nil {
			return err
		}
	}
	c, err := n.Transcript.Conversation(ctx, notice.Conversation)
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	if !waitsHere(c) || c.Charge != notice.Charge {
		return n.tooLate(ctx, click, notice, c)
	}
	_, err = n.Desk.Takeover(ctx, c.ID, who.Name)
	if _, taken := errors.AsType[*TakenError](err); taken {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take over from a card: %w", err)
	}
	n.Log.Info("taken over from a card", "conversation", c.ID)
	return nil
}

// tooLate lets the cards say what became of the wait. One that could be tapped although the cards were
// changed before is changed alone.
func (n *Notices) tooLate(ctx context.Context, click Click, notice Notice, c Conversation) error {
	if notice.State == NoticeSettled {
		return n.changeOne(ctx, click, n.overWords(ctx, c))
	}
	return n.settle(ctx, c)
}

// changeOne changes the card of who tapped alone, with the code of the tap.
func (n *Notices) changeOne(ctx context.Context, click Click, words string) error {
	err := n.Cards.Change(ctx, CardChange{Code: click.Code, Words: words, Only: click.By})
	if err != nil && !lost(err) {
		return fmt.Errorf("change card: %w", err)
	}
	return nil
}
