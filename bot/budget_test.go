package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var kf = Budget{Window: 48 * time.Hour, Messages: 5}

func TestABudgetKeepsOneMessageForAPerson(t *testing.T) {
	for _, row := range []struct {
		name         string
		spent        Spent
		bot, persons int
	}{
		{"fresh", Spent{From: at}, 4, 5},
		{"three sent", Spent{From: at, Sent: 3}, 1, 2},
		{"four sent", Spent{From: at, Sent: 4}, 0, 1},
		{"five sent", Spent{From: at, Sent: 5}, 0, 0},
		{"more than we knew", Spent{From: at, Sent: 7}, 0, 0},
		{"closed by the platform", Spent{From: at, Closed: true}, 0, 0},
		{"never wrote", Spent{}, 0, 0},
		{"a day ago", Spent{From: at.Add(-24 * time.Hour)}, 4, 5},
		{"on the edge of the window", Spent{From: at.Add(-47*time.Hour - 51*time.Minute)}, 0, 0},
		{"long ago", Spent{From: at.Add(-72 * time.Hour)}, 0, 0},
	} {
		assert.Equal(t, row.bot, kf.Left(row.spent, FromBot, at), row.name)
		assert.Equal(t, row.persons, kf.Left(row.spent, FromStaff, at), row.name)
	}
}

func TestStaffReadHowTheBudgetStandsAndWhenToHurry(t *testing.T) {
	spent := Spent{From: at.Add(-17 * time.Hour), Sent: 3}
	assert.Equal(t, "已发 3／5 条，还剩 31 小时", kf.Words(spent, at))
	assert.False(t, kf.Late(spent, at))
	spent.Sent = 4
	assert.True(t, kf.Late(spent, at), "one message left")
	spent = Spent{From: at.Add(-47*time.Hour - 20*time.Minute)}
	assert.Equal(t, "已发 0／5 条，还剩 40 分钟", kf.Words(spent, at))
	assert.True(t, kf.Late(spent, at))
	assert.Contains(t, kf.Words(Spent{From: at, Sent: 5}, at), "已用完")
	assert.Contains(t, kf.Words(Spent{From: at.Add(-50 * time.Hour)}, at), "现在发不出去")
	assert.Empty(t, kf.Words(Spent{}, at))
}

func TestParkedMessagesAreJoinedSayFromWhenAndLoseNothing(t *testing.T) {
	one := Message{Text: "一", At: at, Sources: []Source{{Title: "《条例》", Article: "第一条"}}}
	got := JoinParked([]Message{one, {Text: "二", At: at}})
	require.Len(t, got, 1)
	assert.Equal(t, "（11月24日17:00没能送出的回复）\n一\n\n依据：《条例》第一条\n\n二", got[0])

	again := JoinParked([]Message{{Text: got[0], At: at.Add(time.Hour)}})
	assert.Equal(t, got, again, "what was joined and parked again says from when once")

	long := strings.Repeat("字", (MaxParked-ParkedRoom)/3)
	got = JoinParked([]Message{{Text: long, At: at}, {Text: long, At: at}, {Text: "三", At: at}})
	require.Len(t, got, 2, "never more than there were")
	for _, text := range got {
		assert.LessOrEqual(t, len(text), MaxParked)
	}
	assert.Equal(t, 2*len([]rune(long)), strings.Count(strings.Join(got, ""), "字"))
	assert.Contains(t, got[1], "三")
}

func TestAReplyIsCutToTheRoomThatIsLeft(t *testing.T) {
	l := Limits{Text: 1000, Head: 500, Choice: 128, Choices: 10}
	r := Reply{
		Text:    strings.Repeat("符合条件的可以申请。", 60),
		Choices: []Choice{{ID: "a", Text: "转人工"}},
	}
	require.Len(t, l.Parts(r), 3)
	r.Room = 2
	parts := l.Parts(r)
	require.Len(t, parts, 2)
	assert.Empty(t, parts[1].Choices, "the menu goes first")
	r.Room = 1
	parts = l.Parts(r)
	require.Len(t, parts, 1)
	assert.Contains(t, parts[0].Text, "没有全部放下")
	assert.LessOrEqual(t, len(parts[0].Text), 1000)
}
