package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// sent is a turn of one message of a kind.
func sent(kind bot.Kind, text string) bot.Turn {
	turn := turnOf(text)
	turn.Messages[0].Kind = kind
	return turn
}

func TestWhatIsNotInWordsIsAnsweredAsWhatItIs(t *testing.T) {
	for kind, has := range map[bot.Kind]string{
		bot.KindImage: "图片我看不懂", bot.KindNotice: "内容太大", bot.KindVideo: "只能看文字",
		bot.KindFile: "只能看文字", bot.KindLink: "只能看文字", bot.KindCard: "只能看文字",
		bot.KindUnknown: "只能看文字",
	} {
		got := reply(t, sent(kind, "〔什么〕退役金怎么算？"))
		assert.Equal(t, bot.DecideAsk, got.Decision, kind)
		assert.Contains(t, got.Reply.Text, has, kind)
		assert.Empty(t, got.Reply.Sources, kind)
	}
}

func TestAPictureBesideAQuestionLeavesTheQuestionToBeAnswered(t *testing.T) {
	turn := turnOf("优待证丢了怎么办")
	turn.Messages = append(turn.Messages, bot.Message{
		ID: 2, From: bot.FromContact, Kind: bot.KindImage, Text: "〔图片〕", At: now,
	})
	assert.Contains(t, reply(t, turn).Reply.Text, "优待证")
}

func TestAVoiceThatWasNotHeardGoesToAPersonWithAPoliteWord(t *testing.T) {
	turn := sent(bot.KindVoice, "")
	turn.Messages[0].Media = &bot.Media{State: bot.MediaKept}
	got := reply(t, turn)
	assert.Equal(t, bot.DecideHandover, got.Decision)
	assert.Equal(t, bot.EventHandover, got.Event.Kind)
	assert.Contains(t, got.Event.Reason, "语音")
	assert.Contains(t, got.Reply.Text, "语音我还听不了")
}

func TestAVoiceThatWasHeardIsAnsweredAndRepeated(t *testing.T) {
	got := reply(t, sent(bot.KindVoice, "优待证丢了怎么办"))
	assert.NotEmpty(t, got.Reply.Sources)
	assert.Contains(t, got.Reply.Text, "您说的我听成：“优待证丢了怎么办”")
	long := reply(t, sent(bot.KindVoice, strings.Repeat("我想问优待证丢了怎么办", 20)))
	assert.Contains(t, long.Reply.Text, "……”")
}

func TestDistressInAVoiceIsHeard(t *testing.T) {
	assert.Equal(t, bot.DecideCrisis, reply(t, sent(bot.KindVoice, "我不想活了")).Decision)
}

// here is a turn of a place on the map.
func here(lat, lon float64, address string) bot.Turn {
	turn := sent(bot.KindLocation, "〔位置〕"+address)
	turn.Messages[0].Location = &bot.Location{Latitude: lat, Longitude: lon, Address: address}
	return turn
}

func TestAPlaceOnTheMapIsAnsweredWithWhatIsNearest(t *testing.T) {
	got := reply(t, here(40.0151, 90.0121, "样张路"))
	assert.Equal(t, bot.DecideDirectory, got.Decision)
	first, _, _ := strings.Cut(got.Reply.Text, "\n")
	assert.Contains(t, first, "示范区退役军人服务中心", "the nearest of the centres and stations")
	assert.Contains(t, got.Reply.Text, "（直线距离）")
	assert.Contains(t, got.Reply.Text, "【样例】")
	assert.Empty(t, got.Trace.Fault)

	far := reply(t, here(31.2, 121.4, "上海市"))
	assert.Contains(t, far.Reply.Text, "没有登记")
	assert.NotContains(t, far.Reply.Text, "【样例】", "nothing is near")
}

func TestAPlaceAfterAQuestionAnswersThatQuestion(t *testing.T) {
	turn := here(40.0151, 90.0121, "样张路")
	turn.History = []bot.Message{
		{From: bot.FromContact, Kind: bot.KindText, Text: "最近的医院在哪里？", At: now},
	}
	assert.Contains(t, reply(t, turn).Reply.Text, "（医院）")

	later := turnOf("最近的医院在哪里？")
	later.History = []bot.Message{here(40.0151, 90.0121, "样张路").Messages[0]}
	later.History[0].From = bot.FromContact
	got := reply(t, later).Reply.Text
	assert.Contains(t, got, "（医院）")
	assert.Contains(t, got, "（直线距离）")
}

func TestWithoutPositionsThePlacesOwnCountyCounts(t *testing.T) {
	records := []directory.Record{directory.Place{
		ID: "a", Kind: directory.Centre, Level: directory.LevelCounty, Name: "示范区服务中心",
		Region: "样例省/样例市/示范区", Address: "样张路1号",
	}}
	w := newWorld(t)
	a := w.answerer(t, false, func(o *answer.Options) {
		library := o.Library
		o.Library = func(today knowledge.Date) *answer.Library {
			l := library(today)
			l.Directory = directory.New(records)
			return l
		}
	})
	got, err := a.Answer(t.Context(), here(40, 90, "样例省样例市示范区某路"))
	assert.NoError(t, err)
	assert.Contains(t, got.Reply.Text, "样张路1号")
	assert.NotContains(t, got.Reply.Text, "直线距离", "no distance is made up")

	got, err = a.Answer(t.Context(), here(40, 90, "不知何处"))
	assert.NoError(t, err)
	assert.Equal(t, bot.DecideAsk, got.Decision)
	assert.Contains(t, got.Reply.Text, "看不出是哪个县")
}

func TestTheWelcomeSaysWhoSpeaksAndKnowsThePoster(t *testing.T) {
	a := newWorld(t).answerer(t, true, nil)
	for scene, want := range map[string]knowledge.Region{
		"浙江省/杭州市/西湖区": "浙江省/杭州市/西湖区", "示范区": "样例省/样例市/示范区", "杭州": "浙江省/杭州市",
		"poster-12": "", "": "",
	} {
		assert.Equal(t, want, a.RegionNamed(scene), scene)
	}
	plain := a.Welcome(bot.Enter{}, "")
	assert.Contains(t, plain.Text, "不是真人")
	assert.Contains(t, plain.Text, "人工")
	assert.NotEmpty(t, plain.Choices)
	assert.Contains(t, a.Welcome(bot.Enter{}, "浙江省/杭州市").Text, "您是从浙江省杭州市来的")
}

func TestTheFarewellSaysWhoAnswersFromNowOnAndHowToReachAPerson(t *testing.T) {
	bye := newWorld(t).answerer(t, true, nil).Farewell()
	assert.Contains(t, bye.Text, "不是真人")
	require.Len(t, bye.Choices, 1)
	assert.Equal(t, "handover", bye.Choices[0].Act)
}
