package bot_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/bot"
)

func TestNumbersOfPersonsAreMaskedHoweverTheyAreWritten(t *testing.T) {
	for number, mark := range map[string]string{
		"13812345678": "〔电话〕", "138 1234 5678": "〔电话〕", "138.1234.5678": "〔电话〕",
		"138—1234—5678": "〔电话〕", "138 12 34 56 78": "〔电话〕", "138\u200b1234\u200b5678": "〔电话〕",
		"１３８ １２３４ ５６７８": "〔电话〕", "+86 138 1234 5678": "〔电话〕",
		"1 3 8 1 2 3 4 5 6 7 8": "〔号码〕", "一三八一二三四五六七八": "〔号码〕",
		"(010)83083456": "〔电话〕", "010 8308 3456": "〔电话〕",
		"6222 0212 3456 7890 123": "〔银行卡号〕", "6222.0212.3456.7890": "〔银行卡号〕",
		"11010519491231002X": "〔证件号〕", "110105 19491231 0021": "〔证件号〕",
		"军字第12345678号": "〔证件号〕", "士字第20150012345号": "〔证件号〕",
	} {
		assert.Equal(t, "："+mark+"。", bot.Mask("："+number+"。"), number)
	}
}

func TestDaysYearsAndAmountsAreNotMasked(t *testing.T) {
	for _, said := range []string{
		"2008.09-2020.12", "2005-12-01", "1998.12—2014.12服役", "2005/12/01-2017/12/01",
		"1990-2000年", "二〇二四年九月一日", "每月3000元，一次5000元", "第52条第1款",
	} {
		assert.Equal(t, said, bot.Mask(said))
	}
}

func TestWhatHoldsNoNumberIsLeftAtOnce(t *testing.T) {
	for said, masked := range map[string]string{
		"": "", "优待证怎么办": "优待证怎么办", "一二三四五六七八": "一二三四五六七八",
		"一二三四五六七八九": "〔号码〕", "证号----": "证号〔证件号〕", "军字第ABCD号": "〔证件号〕",
		"尾号ＸＸＸ": "尾号ＸＸＸ", "尾号是xxx": "尾号〔证件号〕", "尾号１２３": "尾号〔证件号〕",
	} {
		assert.Equal(t, masked, bot.Mask(said), said)
	}
}
