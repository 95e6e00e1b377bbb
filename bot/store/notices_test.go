package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/bot/store"
)

var (
	_ bot.NoticeStore = (*store.Store)(nil)
	_ bot.ClickStore  = (*store.Store)(nil)
)

// telling opens the database as a program that tells staff by cards, with two who can be told.
func telling(t *testing.T, d *database) *store.Store {
	t.Helper()
	o := d.options()
	o.Queued, o.Unqueued = []string{bot.DueNotice}, []string{bot.DueNoticeOver}
	s := d.openWith(o)
	for _, name := range []string{"li", "wang"} {
		m := member(name, staff.Staff)
		m.WeComID = "u-" + name
		require.NoError(t, s.AddMember(t.Context(), m))
	}
	return s
}

// waits lets a contact wait for a person and returns the conversation.
func waits(t *testing.T, s *store.Store, contact string) int64 {
	t.Helper()
	id := receive(t, s, text(contact, "转人工 "+time.Now().String()))[0].Conversation
	r := result(claimTurn(t, s), "好的")
	r.Event = bot.Event{Kind: bot.EventHandover, Reason: "对方要求人工"}
	require.NoError(t, s.FinishTurn(t.Context(), r))
	return id
}

func plan(conversation int64, task string) bot.NoticePlan {
	return bot.NoticePlan{
		Conversation: conversation, Task: task, PerHour: 2,
		People: []bot.Colleague{{Name: "li", ID: "u-li"}, {Name: "wang", ID: "u-wang"}},
	}
}

func begin(t *testing.T, s *store.Store, p bot.NoticePlan) bot.Notice {
	t.Helper()
	n, err := s.BeginNotice(t.Context(), p)
	require.NoError(t, err)
	return n
}

func finishDue(t *testing.T, s *store.Store, kind string, conversation int64) {
	t.Helper()
	due := claimDue(t, s)
	require.Equal(t, kind, due.Kind)
	require.Equal(t, fmt.Sprint(conversation), due.Subject)
	require.NoError(t, s.FinishDue(t.Context(), *due, time.Time{}))
}

func TestTheBeginAndTheEndOfAWaitBringTheirWork(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := telling(t, d)
		id := waits(t, s, "zhang")
		finishDue(t, s, bot.DueNotice, id)
		takeOver(t, s, id, "wang")
		finishDue(t, s, bot.DueNoticeOver, id)
		nothingDue(t, s)
	})
}

func TestOneWaitHasOneNotice(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := telling(t, d)
		id := waits(t, s, "zhang")
		first := begin(t, s, plan(id, "t1"))
		require.Equal(t, bot.NoticeSending, first.State)
		require.False(t, first.Begun)
		again := begin(t, s, plan(id, "t2"))
		require.Equal(t, "t1", again.Task)
		require.True(t, again.Begun)
		require.Equal(t, first.People, again.People)

		takeOver(t, s, id, "wang")
		_, err := s.BeginNotice(t.Context(), plan(id, "t3"))
		require.ErrorIs(t, err, bot.ErrStale)
	})
}

func TestNobodyIsToldMoreOftenThanTheCap(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := telling(t, d)
		onlyLi := plan(waits(t, s, "a"), "t1")
		onlyLi.People = onlyLi.People[:1]
		begin(t, s, onlyLi)
		require.Len(t, begin(t, s, plan(waits(t, s, "b"), "t2")).People, 2)
		third := begin(t, s, plan(waits(t, s, "c"), "t3"))
		require.Equal(t, []bot.Colleague{{Name: "wang", ID: "u-wang"}}, third.People, "li has had two")
		full := waits(t, s, "d")
		require.Empty(t, begin(t, s, plan(full, "t4")).Task)
		d.passNotices(2 * time.Hour)
		require.Len(t, begin(t, s, plan(full, "t4")).People, 2)
	})
}

// passNotices lets time pass for the counts of cards.
func (d *database) passNotices(by time.Duration) {
	d.t.Helper()
	if d.raw == nil {
		d.late.Add(int64(by))
		return
	}
	_, err := d.raw.ExecContext(d.ctx, "UPDATE notice_people SET at = at - $1", by.Microseconds())
	require.NoError(d.t, err)
}

func TestACardShownAfterTheWaitEndedIsChangedAllTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := telling(t, d)
		id := waits(t, s, "zhang")
		finishDue(t, s, bot.DueNotice, id)
		n := begin(t, s, plan(id, "t1"))
		takeOver(t, s, id, "wang")
		finishDue(t, s, bot.DueNoticeOver, id)
		over, err := s.OverNotices(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, over, "there is no code yet")

		n.State, n.Code = bot.NoticeShown, "code1"
		require.NoError(t, s.FinishNotice(t.Context(), n))
		finishDue(t, s, bot.DueNoticeOver, id)
		over, err = s.OverNotices(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, over, 1)
		require.Equal(t, "code1", over[0].Code)

		n.State = bot.NoticeSettled
		require.NoError(t, s.FinishNotice(t.Context(), n))
		over, err = s.OverNotices(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, over)
		nothingDue(t, s)
	})
}

func TestATapIsStoredOnceWithItsWork(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := telling(t, d)
		id := waits(t, s, "zhang")
		finishDue(t, s, bot.DueNotice, id)
		begin(t, s, plan(id, "t1"))
		tap := bot.Click{
			ID: "event-1", Task: "t1", By: "u-wang", Act: bot.CardTakeover, Code: "r1",
			At: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC),
		}
		require.NoError(t, s.ReceiveClicks(t.Context(), []bot.Click{tap, tap}))
		due := claimDue(t, s)
		require.Equal(t, bot.DueClick, due.Kind)
		got, notice, err := s.Click(t.Context(), due.Subject)
		require.NoError(t, err)
		require.Equal(t, tap, got)
		require.Equal(t, id, notice.Conversation)
		require.NoError(t, s.FinishDue(t.Context(), *due, time.Time{}))
		require.NoError(t, s.ReceiveClicks(t.Context(), []bot.Click{tap}))
		nothingDue(t, s)

		tap.ID, tap.Task = "event-2", "somebody else's"
		require.NoError(t, s.ReceiveClicks(t.Context(), []bot.Click{tap}))
		_, _, err = s.Click(t.Context(), "event-2")
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}
