package text_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/text"
)

func normaliser(t testing.TB) *text.Normaliser {
	t.Helper()
	n, err := text.New()
	require.NoError(t, err)
	return n
}

func TestFoldMakesFormsComparable(t *testing.T) {
	n := normaliser(t)
	for _, c := range []struct{ name, in, want string }{
		{"full width and case", "１２級ＡＢＣ，５％", "12级abc,5%"},
		{"traditional", "退役軍人優待證，頭髮乾燥的幹部", "退役军人优待证,头发干燥的干部"},
		{"cantonese", "係咪兩張都可以免費搭巴士？", "系咪两张都可以免费搭巴士?"},
		{"changed only in words", "我不瞭解，請答覆", "我不了解,请答复"},
		{"a form that folds twice", "薴", "苎"},
		{"blanks", " 残疾　军人 \r\n\t证 ", "残疾 军人 证"},
		{"invisible", "抚\u200b恤\ufeff金\x00\u202e", "抚恤金"},
		{"combining marks", "优\u0301\u0301待证", "优待证"},
		{"compatibility forms", "㈠①ﬁ㎡", "(一)1fim2"},
		{"broken UTF-8", "优待\xff证", "优待 证"},
		{"emoji stay", "谢谢🙏", "谢谢🙏"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, n.Fold(c.in)) })
	}
}

func TestCleanDropsNoiseAndKeepsContent(t *testing.T) {
	n := normaliser(t)
	for _, c := range []struct{ name, in, want string }{
		{"opening", "喂你好那个我想问一下优待证咋办嘛", "优待证咋办"},
		{"voice", "呃，就是我去年退伍了嘛 社保断了怎么办呀", "我去年退伍了 社保断了怎么办"},
		{"thanks", "退役金怎么算，谢谢了", "退役金怎么算,"},
		{"a greeting alone stays", "你好", "你好"},
		{"thanks alone stay", "谢谢！", "谢谢!"},
		{"额 begins a word", "额度是多少啊", "额度是多少"},
		{"那 begins a word", "那年我当兵走的", "那年我当兵走的"},
		{"急 begins a word", "急诊报销吗", "急诊报销吗"},
		{"particles within words", "哈尔滨的啊", "哈尔滨的"},
		{"nothing left but one character", "请问他", "请问他"},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, n.Clean(c.in)) })
	}
}

func TestTermsAreCharactersPairsAndWords(t *testing.T) {
	n := normaliser(t)
	for _, c := range []struct{ in, want string }{
		{"残疾证", "残 疾 残疾 证 疾证"},
		{"残疾，证", "残 疾 残疾 证"},
		{"12年", "十 二 十二 年 二年"},
		{"两级", "二 级 二级"},
		{"2024年", "2024 年"},
		{"电话12356", "电 话 电话 12356"},
		{"WiFi与VR", "wifi 与 vr"},
		{"🙏，", ""},
	} {
		assert.Equal(t, c.want, strings.Join(n.Terms(c.in), " "), c.in)
	}
}

func TestSubjectIsWhatAnAnswerShouldCover(t *testing.T) {
	n := normaliser(t)
	for _, c := range []struct{ in, want string }{
		{"我现在怎么办优待证", "优待 待证"},
		{"腿的毛病，有没有钱", "腿 毛病 钱"},
		{"请问在吗", ""},
		{"第5条wifi", "第五 五条 wifi"},
	} {
		assert.Equal(t, c.want, strings.Join(n.Subject(c.in), " "), c.in)
	}
}

func TestNumbersMeetTheirChineseNumerals(t *testing.T) {
	n := normaliser(t)
	for digits, numeral := range map[string]string{
		"12年": "十二年", "5%": "百分之五", "第101条": "第一百零一条", "20倍": "二十倍",
		"1050元": "一千零五十元", "10级": "十级", "１８周岁": "十八周岁", "2000元": "2000元",
	} {
		assert.Equal(t, n.Terms(numeral), n.Terms(digits), digits)
	}
}

func TestExpandGivesTheWordsOfTheTexts(t *testing.T) {
	n := normaliser(t)
	means := func(s string) []string {
		var words []string
		for _, e := range n.Expand(s) {
			words = append(words, e.Means...)
		}
		return words
	}
	assert.Contains(t, means("我老公三期士官要退了"), "中级军士")
	assert.Contains(t, means("以前民政局管的"), "退役军人事务局")
	assert.Contains(t, means("殘廢證丟了"), "残疾军人证", "traditional")
	assert.Contains(t, means("有没有扶恤金"), "抚恤")
	assert.Contains(t, means("可唔可以搭巴士"), "公交")
	assert.Contains(t, means("军令12年算工龄吗"), "军龄")
	assert.NotContains(t, means("军令如山"), "军龄", "only near words that show the slip")
	assert.Empty(t, means("今天天气"))
}

func TestALongerWordLeavesNothingToTheShorter(t *testing.T) {
	found := normaliser(t).Expand("残废军人")
	require.Len(t, found, 1)
	assert.Equal(t, "残废军人", found[0].Said)
}

func TestWeightTellsWordsThatSayNothing(t *testing.T) {
	n := normaliser(t)
	for term, want := range map[string]float64{
		"的": 0, "怎么": 0, "我的": 0, "我爸": 0.5, "恤的": 0.5, "抚恤": 1, "恤": 1, "wifi": 1, "": 1,
	} {
		assert.InDelta(t, want, n.Weight(term), 0, term)
	}
}

func TestALongQuestionTakesBoundedTime(t *testing.T) {
	n := normaliser(t)
	for name, unit := range map[string]string{
		"plain": "退役军人", "traditional": "優待證", "noise": "那个我想问一下", "marks": "啊，呃。",
		"combining": "a\u0301\u0323", "ligature": "\ufdfa", "digits": "9", "blanks": " 　",
	} {
		t.Run(name, func(t *testing.T) {
			long := strings.Repeat(unit, 100_000/len(unit))
			start := time.Now()
			n.Clean(long)
			n.Expand(long)
			n.Terms(long)
			// What takes quadratic time takes minutes here, even where this takes seconds.
			assert.Less(t, time.Since(start), 20*time.Second)
		})
	}
}
