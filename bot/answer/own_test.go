package answer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

const townName = knowledge.Region("样例省/样例市")

// notices are texts of a city that does not exist.
var notices = []knowledge.Document{
	notice("样例市义务兵家庭优待金发放办法", 2025,
		"本市批准入伍的义务兵家庭，优待金标准为每年31000元。",
		"优待金于每年8月1日前一次发到家庭指定的银行账户。"),
	notice("样例市老兵生活优待清单", 2025,
		"每月15日各街道服务站为老兵免费理发。",
		"退役军人家庭安装宽带，月租减免一半，到通信营业厅办理。"),
	notice("样例市拥军优属规定", 2016,
		"义务兵家庭的优待金，按照国家和省有关规定执行。"),
}

func notice(title string, year int, articles ...string) knowledge.Document {
	d := knowledge.Document{Enactment: knowledge.Enactment{Key: title, Title: title, Region: townName}}
	d.Effective = knowledge.Date{Year: year, Month: 1, Day: 1}
	for i, text := range articles {
		d.Clauses = append(d.Clauses, knowledge.Clause{
			Article: i + 1, Text: text, Paragraphs: []knowledge.Paragraph{{Text: text}},
		})
	}
	return d
}

// registerWith knows the notices too.
type registerWith struct {
	answer.Register
	more map[string]knowledge.Enactment
}

func (r registerWith) Lookup(key string) (knowledge.Enactment, error) {
	if e, ok := r.more[key]; ok {
		return e, nil
	}
	return r.Register.Lookup(key)
}

// town answers in a region with what the notices say beside the guide.
func town(t *testing.T, region knowledge.Region, holds ...knowledge.Document) *answer.Answerer {
	t.Helper()
	w := newWorld(t)
	register := registerWith{w.guide.Register, map[string]knowledge.Enactment{}}
	passages := append([]knowledge.Passage{}, w.passages...)
	for _, d := range holds {
		register.more[d.Key] = d.Enactment
		for _, p := range d.Passages(knowledge.LongArticle) {
			p.Own = true
			passages = append(passages, p)
		}
	}
	x, err := index.Build(t.Context(), passages, index.Options{Normaliser: w.normaliser})
	require.NoError(t, err)
	return w.answerer(t, false, func(o *answer.Options) {
		o.Region = region
		o.Library = func(knowledge.Date) *answer.Library {
			return &answer.Library{Index: x, Register: register, Entry: w.guide.Entry, Own: true}
		}
	})
}

func ownReply(t *testing.T, a *answer.Answerer, turn bot.Turn) bot.Answer {
	t.Helper()
	got, err := a.Answer(t.Context(), turn)
	require.NoError(t, err)
	assert.Empty(t, got.Trace.Fault)
	return got
}

func titles(r bot.Reply) []string {
	var all []string
	for _, s := range r.Sources {
		all = append(all, s.Title+s.Article)
	}
	return all
}

func TestWhatAPlaceHasWrittenIsQuotedWhereTheNationLeavesItOpen(t *testing.T) {
	const asked = "义务兵家庭优待金一年多少钱"
	open := ownReply(t, town(t, townName), turnOf(asked))
	require.Equal(t, bot.DecidePartial, open.Decision)

	got := ownReply(t, town(t, townName, notices[:2]...), turnOf(asked))
	assert.Equal(t, bot.DecideAnswer, got.Decision)
	assert.Contains(t, got.Reply.Text,
		"【样例市】《样例市义务兵家庭优待金发放办法》第一条：本市批准入伍的义务兵家庭，优待金标准为每年31000元。")
	assert.Contains(t, titles(got.Reply), "《样例市义务兵家庭优待金发放办法》第一条")
	assert.Contains(t, titles(got.Reply), "《军人抚恤优待条例》第四十二条")
	assert.NotContains(t, got.Reply.Text, "早于前面的国家规定")
}

func TestATextOfAnotherPlaceIsNotQuoted(t *testing.T) {
	for _, region := range []knowledge.Region{"", "样例省", "别的省/别的市"} {
		got := ownReply(t, town(t, region, notices...), turnOf("义务兵家庭优待金一年多少钱"))
		assert.Equal(t, bot.DecidePartial, got.Decision, region)
		assert.NotContains(t, got.Reply.Text, "样例市", region)
	}
}

func TestAnOwnTextAnswersAloneWhereTheGuideHasNothingAsNear(t *testing.T) {
	got := ownReply(t, town(t, townName, notices...), turnOf("退役军人家里装宽带，月租能减免吗"))
	assert.Equal(t, bot.DecideAnswer, got.Decision)
	assert.Equal(t, "【样例市】《样例市老兵生活优待清单》第二条："+
		"退役军人家庭安装宽带，月租减免一半，到通信营业厅办理。", got.Reply.Text)
	assert.Equal(t, []string{"《样例市老兵生活优待清单》第二条"}, titles(got.Reply))
}

func TestOtherQuestionsAreAnsweredAsWithoutOwnTexts(t *testing.T) {
	with, without := town(t, townName, notices...), town(t, townName)
	for _, asked := range []string{
		"优待证丢了怎么办", "逐月领取退役金的条件", "伤残等级怎么评", "烈士证怎么补", "今天天气怎么样",
	} {
		assert.Equal(t, ownReply(t, without, turnOf(asked)).Reply.Text,
			ownReply(t, with, turnOf(asked)).Reply.Text, asked)
	}
}

func TestAnOwnTextThatPointsElsewhereSettlesNothingAndAnOlderOneSaysSo(t *testing.T) {
	got := ownReply(t, town(t, townName, notices[2]), turnOf("义务兵家庭优待金一年多少钱"))
	assert.Equal(t, bot.DecidePartial, got.Decision)
	assert.Contains(t, got.Reply.Text, "《样例市拥军优属规定》第一条")
	assert.Contains(t, got.Reply.Text, "早于前面的国家规定")
}

func TestATappedQuestionShowsOwnTextsToo(t *testing.T) {
	turn := tap("entry:serving-family-allowance")
	turn.Messages[0].Text = "当兵的家里有优待金吗，怎么发？"
	got := ownReply(t, town(t, townName, notices...), turn)
	assert.Contains(t, got.Reply.Text, "每年31000元")
}

func TestALongArticleIsQuotedToTheEndOfASentence(t *testing.T) {
	long := notice("样例市老兵理发办法", 2025, "老兵理发免费。"+strings.Repeat("每位老兵每月可以在街道理发一次。", 30))
	got := ownReply(t, town(t, townName, long), turnOf("老兵理发要钱吗，一个月能理几次发"))
	assert.True(t, strings.HasSuffix(got.Reply.Text, "一次。……（余下的见原文）"), got.Reply.Text)
	assert.Less(t, len([]rune(got.Reply.Text)), 400)
}

// former held from 2011 until the regulation of 2024 took its place.
func former() knowledge.Document {
	d := notice("退役士兵安置条例", 2011,
		"自主就业的退役士兵根据服现役年限领取一次性退役金，不满6个月的按照6个月计算。")
	d.Region, d.Key = "", "退役士兵安置条例(2011)"
	d.Repealed = knowledge.Date{Year: 2024, Month: time.September, Day: 1}
	return d
}

func TestWhatHeldThenIsToldFromTheTextOfThen(t *testing.T) {
	a := town(t, "", former())
	for _, asked := range []string{
		"2012年的时候自主就业一次性退役金怎么算", "我2012年退役的，那时候自主就业一次性退役金怎么算",
	} {
		got := ownReply(t, a, turnOf(asked))
		assert.Equal(t, "您说的是2012年的事，下面按那时有效的规定说。\n《退役士兵安置条例》第一条："+
			"自主就业的退役士兵根据服现役年限领取一次性退役金，不满6个月的按照6个月计算。", got.Reply.Text)
		assert.Equal(t, []string{"《退役士兵安置条例》第一条"}, titles(got.Reply))
	}
}

func TestOfAYearInWhichTheLawChangedTheReplySaysOnWhichDay(t *testing.T) {
	a := town(t, "", former())
	ended := "《退役士兵安置条例》到2024年9月1日就不再有效了；您的事在那天以后的，请把月份也说上，再问我。"
	got := ownReply(t, a, turnOf("2024年那时候自主就业一次性退役金怎么算"))
	assert.Contains(t, got.Reply.Text, "您说的是2024年的事，下面按那时有效的规定说。\n"+ended)
	assert.Contains(t, titles(got.Reply), "《退役士兵安置条例》第一条")
	for asked, holds := range map[string]string{
		"2024年3月的时候自主就业一次性退役金怎么算": "《退役士兵安置条例》第一条",
		"2024年上半年那时自主就业一次性退役金怎么算": "《退役士兵安置条例》第一条",
		"2024年底的时候自主就业一次性退役金怎么算":  "《退役军人安置条例》第二十二条",
		"2024年秋天的时候自主就业一次性退役金怎么算": "《退役军人安置条例》第二十二条",
	} {
		got := ownReply(t, a, turnOf(asked))
		assert.NotContains(t, got.Reply.Text, "请把月份也说上，再问我", asked)
		assert.Contains(t, titles(got.Reply), holds, asked)
	}
}

func TestOfAYearWhoseMiddleIsNotKnownTheEndIsTold(t *testing.T) {
	a := newWorld(t).answerer(t, false, nil)
	got, err := a.Answer(t.Context(), turnOf("2024年那时候自主就业一次性退役金怎么算"))
	require.NoError(t, err)
	assert.Contains(t, got.Reply.Text, "您说的是2024年的事，下面按那时有效的规定说。\n"+
		"《退役军人安置条例》是2024年9月1日起施行的，下面按它说；您的事在那以前的，请把月份也说上，再问我。")
	got, err = a.Answer(t.Context(), turnOf("2024年3月那时候自主就业一次性退役金怎么算"))
	require.NoError(t, err)
	assert.Contains(t, got.Reply.Text, "那时的规定我这里没有")
}

func TestWhatIsNotKnownOfThenIsNotToldAsOfThen(t *testing.T) {
	a := town(t, "", former())
	for asked, then := range map[string]string{
		"1990年那时候自主就业一次性退役金怎么算": "您说的是1990年的事。那时的规定我这里没有",
		"2012年的时候伤残抚恤金怎么发":      "您说的是2012年的事。那时的规定我这里没有",
	} {
		got := ownReply(t, a, turnOf(asked))
		assert.Equal(t, bot.DecidePartial, got.Decision, asked)
		assert.Contains(t, got.Reply.Text, then)
		assert.NotContains(t, got.Reply.Text, "《退役士兵安置条例》")
	}
}

func TestWhoTellsOfAYearAndAsksOfTodayIsAnsweredForToday(t *testing.T) {
	a := town(t, "", former())
	for _, asked := range []string{
		"我2012年退役，当时没领到一次性退役金，现在还能补吗", "2012年退的伍，自主就业一次性退役金怎么算",
	} {
		got := ownReply(t, a, turnOf(asked))
		assert.NotContains(t, got.Reply.Text, "年的事", asked)
		assert.NotContains(t, got.Reply.Text, "《退役士兵安置条例》", asked)
	}
}
