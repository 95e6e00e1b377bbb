package figure_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/knowledge/figure"
)

func values(text string) string {
	var out []string
	for _, f := range figure.All(text) {
		out = append(out, f.Value)
	}
	return strings.Join(out, " ")
}

func TestFiguresAreFoundInTheirNormalForm(t *testing.T) {
	for text, want := range map[string]string{
		// percent, multiples, fractions
		"增发百分之五":        "5%",
		"增发5％，最多15 %":   "5% 15%",
		"百分之五至百分之十":     "5% 10%",
		"百分之五至十":        "5% 10%",
		"5%—10%":        "5% 10%",
		"百分之五点五":        "5.5%",
		"提高5个百分点":       "5个百分点",
		"千分之三的手续费":      "3‰",
		"二十倍，即20倍":      "20倍 20倍",
		"一点五倍":          "1.5倍",
		"不少于三分之二":       "2/3",
		"不低于百分之百，百分百报销": "100% 100%",
		// lengths of time and ages
		"五十年":                 "50年",
		"服役满12年":              "12年",
		"两年内，2 个月前":           "2年 2个月",
		"自收到之日起十五日内":          "15日",
		"15天":                 "15日",
		"三四个月，一两天":            "3个月 4个月 1日 2日",
		"十几年，三十多岁，10余天":       "10年 30岁 10日",
		"一年半":                 "1.5年",
		"半年内，半数以上，满半个月":       "半年 半数 半个月",
		"20个工作日":              "20工作日",
		"年满18周岁、不满二十四岁":       "18岁 24岁",
		"18至22周岁":             "18岁 22岁",
		"每半小时一次":              "半小时 1次",
		"第13年起":               "13年",
		"入学保留到退役后2年":          "2年",
		"三学期，两个学年":            "3学期 2学年",
		"满一周年":                "1年",
		"三年级":                 "3年级",
		"1次，三次":               "1次 3次",
		"每周一次":                "1次",
		"周一至周五，星期天":           "周一 周五 周日",
		"上午9:00-17:00，下午3点半":  "9:00 17:00 15:30",
		"上午9时30分到11点":         "9:30 11:00",
		"二〇二四年九月一日":           "2024-09-01",
		"2024 年 9 月 1 日":      "2024-09-01",
		"2024-09-01，2024/9/1": "2024-09-01 2024-09-01",
		"９月３０日":               "9月30日",
		"7月至9月":               "7月 9月",
		"7—9月":                "7月 9月",
		"2024年9月起":            "2024-09",
		"一九七八年":               "1978年",
		"11月28日至29日":          "11月28日 11月29日",
		"2026年11月28日至12月1日":   "2026-11-28 2026-12-01",
		"每年12月31日以前年满18岁":     "12月31日 18岁",
		"2月30日不是日子":           "2月 30日",
		"今年八月、九月":             "8月 9月",
		"60平方米，六十平米":          "60平方米 60平方米",
		"一寸照片两张":              "1寸 2",
		"服役八年以上十二年以下":         "8年 12年",
		"以8年为限":               "8年",
		// grades
		"1级至4级":         "1级 4级",
		"一级至四级":         "1级 4级",
		"一至四级":          "1级 4级",
		"5级、6级":         "5级 6级",
		"五、六级":          "5级 6级",
		"5至6级残疾军人":      "5级 6级",
		"十级":            "10级",
		"二等乙级":          "",
		"一级以上":          "1级",
		"基本工资的40个月加20倍": "40个月 20倍",
		"荣获三等功或者四等战功":   "",
		"一级军士长、二级上士、三期士官": "",
		// amounts
		"1万元，一万元，10000元，10,000元": "10000元 10000元 10000元 10000元",
		"1万2千":                  "12000",
		"一万二，三千五":               "12000 3500",
		"1.5万元":                 "15000元",
		"2万元以上5万元以下":            "20000元 50000元",
		"2至5万元，10-20万":          "20000元 50000元 100000 200000",
		"5000至2万元":              "5000元 20000元",
		"一百零一人，一亿三千万元":          "101 130000000元",
		"三百五十块钱":                "350元",
		"5万余元":                  "50000元",
		"千元以下，百元":               "1000元 100元",
		"八折":                    "8折",
		"拨打12356或0571-87654321": "12356 057187654321",
		"400-123-4567":          "4001234567",
		"138-0013-8000":         "13800138000",
		"13800138000":           "13800138000",
		"邮编010020":              "010020",
		"有四种办法，两项补助":            "4 2",
		"十五，二十二":                "15 22",
	} {
		assert.Equal(t, want, values(text), text)
	}
}

func TestWordsAndNumberingAreNoFigures(t *testing.T) {
	for _, text := range []string{
		"一律、一次性、一并、统一、一定、万一、一般、一切、一些、唯一、进一步、之一、同一、一时",
		"第一，第二十二条，第二十二、二十三条第一款第（三）项，第五条至第七条",
		"（一）身份证；（二）户口簿；（十二）其他", "1. 身份证\n2、户口簿\n三、复印件\n① 照片",
		"一是报到；二是落户；三是领证", "《关于印发2024年第3号通知的办法》", "国务院令第788号",
		"十分感谢，千万别急，万分抱歉，老百姓", "第一时间联系，第二次全体会议，第一顺序",
		"三亚、四川、二维码、八一建军节、五险一金、五保户、三属、两参人员、两地分居",
		"交一份复印件，找一家单位，一个人", "上一年度，上一级人民政府，每一次，再一次",
		"三级甲等医院", "A4纸", "数十万，几十个，成百上千", "周边、周围", "在第一百三十三条之一中",
		"", "张三和李四", "这两种情况", "几年一次、多久换一次、一年几天没有写", "前两款规定",
	} {
		assert.Empty(t, values(text), text)
	}
}

func TestOffsetsPointAtTheFigureAsWritten(t *testing.T) {
	const text = "满１２周岁，自２０２４年９月１日起，发百分之五。"
	for _, f := range figure.All(text) {
		assert.Equal(t, f.Text, text[f.Start:f.End])
	}
	all := figure.All(text)
	require.Len(t, all, 3)
	assert.Equal(t, "１２周岁", all[0].Text)
	assert.Equal(t, "２０２４年９月１日", all[1].Text)
	assert.Equal(t, "百分之五", all[2].Text)
}

func TestNumberReadsAWholeString(t *testing.T) {
	for s, want := range map[string]string{
		"十": "10", "十五": "15", "二十": "20", "一百零一": "101", "一百一十三": "113", "两千": "2000",
		"一千零四十": "1040", "二〇二四": "2024", "1万2千": "12000", "一万零五百": "10500",
		"一亿零三万": "100030000", "3.50": "3.5", "12,000": "12000", "0571": "0571", "零": "0",
		"一万二千三百四十五": "12345", "两万亿": "2000000000000", "三点五": "",
	} {
		got, ok := figure.Number(s)
		assert.Equal(t, want != "", ok, s)
		assert.Equal(t, want, got, s)
	}
	_, ok := figure.Number("")
	assert.False(t, ok)
}

// TestAnyTextIsReadSafely holds what callers rely on: offsets in range and in order, the text
// between them, and no figure lost in its own set.
func TestAnyTextIsReadSafely(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"一", "两", "十", "百", "千", "万", "亿", "零", "半", "点", "年", "月", "日", "级", "元", "%", "至", "、",
		"第", "条", "百分之", "(", ")", "（", "12", "3", ".", ",", ":", "-", " ", "\n", "周", "下午", "次",
		"《", "》",
		"\xff", "A", "几", "多", "其", "是", "号", "2024", "0571-87654321", "分之", "个", "等功",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 30).Draw(t, "pieces"), "")
		set, last := figure.NewSet(text), 0
		for _, f := range figure.All(text) {
			if f.Start < last && text[f.Start:f.End] != f.Text || f.End <= f.Start || f.End > len(text) {
				t.Fatalf("bad offsets %+v in %q", f, text)
			}
			if f.Value == "" || !set.Has(f) {
				t.Fatalf("figure %+v of %q is not in its own set", f, text)
			}
			last = f.Start
		}
	})
}

func FuzzAll(f *testing.F) {
	f.Add("2024年9月1日起，1级至4级，百分之五")
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range figure.All(text) {
			if !strings.Contains(text, got.Text) || got.Text == "" {
				t.Fatalf("figure %+v does not stand in %q", got, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(got.Text) {
				t.Fatalf("figure %+v is cut within a character", got)
			}
		}
	})
}
