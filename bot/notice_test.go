package bot_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// board shows cards as the test says.
type board struct {
	mu      sync.Mutex
	faults  []error
	shown   []bot.Card
	changes []bot.CardChange
	missed  int
}

func (b *board) Show(_ context.Context, c bot.Card) (bot.Shown, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown = append(b.shown, c)
	if len(b.faults) > 0 {
		err := b.faults[0]
		b.faults = b.faults[1:]
		return bot.Shown{}, err
	}
	return bot.Shown{Code: "code of " + c.Task, Missed: b.missed}, nil
}

func (b *board) Change(_ context.Context, c bot.CardChange) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes = append(b.changes, c)
	if len(b.faults) > 0 {
		err := b.faults[0]
		b.faults = b.faults[1:]
		return err
	}
	return nil
}

// office is a town whose staff are told by cards.
type office struct {
	*town
	notices *bot.Notices
	board   *board
	now     time.Time
}

// noon is a time at which nobody is asleep.
var noon = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{town: newTown(t), board: &board{}, now: noon}
	accounts, err := staff.New(staff.Options{
		Members: o.store, Tokens: o.store, Rand: rand.Reader, Now: time.Now,
	})
	require.NoError(t, err)
	require.NoError(t, accounts.Add(t.Context(), staff.NewMember{
		Name: "wang", Role: staff.Staff, Password: "goodnight-moon-2026", WeComID: "u-wang",
	}))
	o.notices = &bot.Notices{
		Store: o.store, Clicks: o.store, Transcript: o.store, Colleagues: accounts, Cards: o.board,
		Desk: o.desk, Link: func(id int64) string { return fmt.Sprint("https://desk.example/", id) },
		Quiet: bot.QuietHours{From: 22 * time.Hour, Until: 7 * time.Hour}, PerHour: 12,
		Rand: rand.Reader, Now: func() time.Time { return o.now }, Log: slog.New(slog.DiscardHandler),
	}
	return o
}

// queue lets a contact wait for a person.
func (o *office) queue(contact, said, reason string) bot.Due {
	o.t.Helper()
	o.answerer.set(func(_ context.Context, turn bot.Turn) (bot.Answer, error) {
		return bot.Answer{
			Decision: bot.DecideHandover, Reply: bot.Reply{Text: "好的"},
			Event: bot.Event{Kind: bot.EventHandover, Reason: reason, At: turn.Now},
		}, nil
	})
	id := o.say(contact, said)
	o.await(1)
	return bot.Due{Kind: bot.DueNotice, Subject: fmt.Sprint(id), Attempts: 1}
}

func (o *office) tell(due bot.Due) time.Time {
	o.t.Helper()
	next, err := o.notices.Tell(o.t.Context(), due)
	require.NoError(o.t, err)
	return next
}

func TestACardTellsWhatIsAskedAndNotByWhom(t *testing.T) {
	o := newOffice(t)
	o.tell(o.queue("zhang", "我身份证110105194912310021，优待证编号：3301020012，能补办吗？"+strings.Repeat("急", 80), "要查本人的办理情况"))
	require.Len(t, o.board.shown, 1)
	card := o.board.shown[0]
	assert.Equal(t, []string{"u-wang"}, card.To)
	assert.Contains(t, card.Quote, "能补办吗")
	assert.Contains(t, card.Quote, "…")
	for _, secret := range []string{"110105", "3301020012", "zhang"} {
		assert.NotContains(t, fmt.Sprint(card), secret)
	}
}

func TestWhoDoesNotSeeACardIsCountedInTheLogAndNotNamed(t *testing.T) {
	o := newOffice(t)
	var log strings.Builder
	o.notices.Log, o.board.missed = slog.New(slog.NewTextHandler(&log, nil)), 1
	o.tell(o.queue("zhang", "我要找人", "来信人要求转人工"))
	assert.Contains(t, log.String(), "missed=1")
	assert.NotContains(t, log.String(), "wang")
}

func TestAtNightOnlyDangerIsTold(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC) // 23:00 in China
	morning := time.Date(2026, 11, 26, 23, 0, 0, 0, time.UTC)
	due := o.queue("zhang", "转人工", "对方要求人工")
	assert.WithinDuration(t, morning, o.tell(due), 0)
	assert.Empty(t, o.board.shown)
	o.tell(o.queue("li", "不想活了", bot.ReasonDanger))
	require.Len(t, o.board.shown, 1)
	assert.Equal(t, "请马上看", o.board.shown[0].Title)
	o.now = morning
	assert.True(t, o.tell(due).IsZero())
	assert.Len(t, o.board.shown, 2)
}

func TestAnUnclearCardIsRepeatedUnderItsTask(t *testing.T) {
	o := newOffice(t)
	due := o.queue("zhang", "转人工", "对方要求人工")
	o.board.faults = []error{bot.Unclear(errors.New("cut off")), bot.ErrCardShown}
	_, err := o.notices.Tell(t.Context(), due)
	require.Error(t, err, "it is tried again")
	o.tell(due)
	require.Len(t, o.board.shown, 2)
	assert.Equal(t, o.board.shown[0].Task, o.board.shown[1].Task)
	assert.False(t, o.board.shown[0].Repeat)
	assert.True(t, o.board.shown[1].Repeat)
	o.tell(due)
	assert.Len(t, o.board.shown, 2, "one wait is told once")
}

func TestACardWaitsForTheLimitAndForTheOperator(t *testing.T) {
	o := newOffice(t)
	due := o.queue("zhang", "转人工", "对方要求人工")
	o.board.faults = []error{
		bot.RetryAfter(errors.New("full"), 40*time.Second), bot.SetUp(errors.New("60020")),
		bot.Permanent(errors.New("81013")),
	}
	assert.Equal(t, noon.Add(40*time.Second), o.tell(due))
	assert.Equal(t, noon.Add(10*time.Minute), o.tell(due))
	assert.True(t, o.tell(due).IsZero())
	assert.True(t, o.tell(due).IsZero())
	assert.Len(t, o.board.shown, 3, "what is refused for good is not tried again")
}

func TestWhoEndedTheWaitStandsOnTheCardOnce(t *testing.T) {
	o := newOffice(t)
	due := o.queue("zhang", "转人工", "对方要求人工")
	o.tell(due)
	var id int64
	_, err := fmt.Sscan(due.Subject, &id)
	require.NoError(t, err)
	_, err = o.desk.Takeover(t.Context(), id, "li")
	require.NoError(t, err)
	o.board.faults = []error{bot.RetryAfter(errors.New("busy"), 0)}
	_, err = o.notices.Over(t.Context(), due)
	require.Error(t, err, "it is tried again")
	for range 2 {
		_, err = o.notices.Over(t.Context(), due)
		require.NoError(t, err)
	}
	require.Len(t, o.board.changes, 2)
	assert.Equal(t, "已由li接手", o.board.changes[1].Words)
	assert.Equal(t, "code of "+o.board.shown[0].Task, o.board.changes[1].Code)

	late := o.queue("wu", "转人工", "对方要求人工")
	o.tell(late)
	o.board.faults = []error{bot.ErrCardCode}
	_, err = fmt.Sscan(late.Subject, &id)
	require.NoError(t, err)
	_, err = o.desk.Takeover(t.Context(), id, "li")
	require.NoError(t, err)
	_, err = o.notices.Over(t.Context(), late)
	require.NoError(t, err, "a code that is used up is not tried for ever")
}

// tap stores a tap of wang on the first card and carries it out.
func (o *office) tap(code string) {
	o.t.Helper()
	click := bot.Click{
		ID: "tap-" + code, Task: o.board.shown[0].Task, By: "u-wang", Act: bot.CardTakeover, Code: code,
		At: o.now,
	}
	require.NoError(o.t, o.store.ReceiveClicks(o.t.Context(), []bot.Click{click}))
	_, err := o.notices.Carry(o.t.Context(), bot.Due{Kind: bot.DueClick, Subject: click.ID})
	require.NoError(o.t, err)
}

func TestATapBringsTheCodeThatWasLost(t *testing.T) {
	o := newOffice(t)
	due := o.queue("zhang", "转人工", "对方要求人工")
	o.board.faults = []error{bot.ErrCardShown}
	o.tell(due)
	o.tap("r1")
	_, err := o.notices.Over(t.Context(), due)
	require.NoError(t, err)
	assert.Equal(t, []bot.CardChange{{Code: "r1", Words: "已由wang接手"}}, o.board.changes)

	o.tap("r2")
	assert.Equal(t, bot.CardChange{Code: "r2", Words: "已由wang接手", Only: "u-wang"}, o.board.changes[1],
		"a card that could still be tapped is changed alone")
}

func TestQuietHours(t *testing.T) {
	at := func(hour, minute int) time.Time {
		return time.Date(2026, 11, 26, hour-8, minute, 0, 0, time.UTC) // China is eight hours ahead
	}
	night := bot.QuietHours{From: 22 * time.Hour, Until: 7*time.Hour + 30*time.Minute}
	lunch := bot.QuietHours{From: 12 * time.Hour, Until: 13 * time.Hour}
	for _, c := range []struct {
		hours    bot.QuietHours
		now, end time.Time
	}{
		{night, at(21, 59), time.Time{}},
		{night, at(22, 0), at(24+7, 30)},
		{night, at(7, 29), at(7, 30)},
		{night, at(7, 30), time.Time{}},
		{lunch, at(12, 30), at(13, 0)},
		{lunch, at(13, 0), time.Time{}},
		{bot.QuietHours{}, at(3, 0), time.Time{}},
	} {
		assert.WithinDuration(t, c.end, c.hours.End(c.now), 0, "%v at %v", c.hours, c.now)
	}
}
