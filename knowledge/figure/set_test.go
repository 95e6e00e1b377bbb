package figure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/knowledge/figure"
)

func TestASourceCarriesWhatItSaysInOtherWriting(t *testing.T) {
	const source = "自二〇二四年九月一日起，残疾等级一级至四级的，增发百分之十五，十五日内答复，年满二十周岁"
	for _, claim := range []string{
		"2024年9月1日", "2024年9月", "2024年起", "9月1日", "1至4级", "15%", "15天内", "20岁", "20名",
	} {
		assert.Empty(t, figure.Missing(claim, source), claim)
	}
	for _, claim := range []string{
		"2024年9月2日", "2023年", "8月", "五级", "5%", "15个月", "20元", "12356", "半年", "16",
	} {
		assert.NotEmpty(t, figure.Missing(claim, source), claim)
	}
}

func TestEachOfSeveralSourcesCarries(t *testing.T) {
	assert.Empty(t, figure.Missing("20倍和40个月", "二十倍", "四十个月"))
	assert.Len(t, figure.Missing("20倍和40个月", "二十倍"), 1)
	assert.Empty(t, figure.Missing("没有数", ""))
	assert.Empty(t, figure.Missing("随调1名子女", "可以随调一名子女"))
}

func TestAReaderFindsWhatTheFunctionsFindTimeAndAgain(t *testing.T) {
	texts := []string{
		"", "满18周岁的，每月发100元", "2024年9月1日起施行", "一次性补助5万元，三年内", "一名军人", "电话12356",
		"9月1日", "1名", "每年5%", "百分之五",
	}
	r := figure.NewReader()
	long := strings.Repeat("发放标准为每月300元。", 150)
	for range 2 {
		assert.Equal(t, figure.All(long), r.All(long))
		for _, text := range texts {
			assert.Equal(t, figure.All(text), r.All(text))
			for _, source := range texts {
				assert.Equal(t, figure.Missing(text, source), r.Missing(text, source))
				all := append([]string{source}, texts[:4]...)
				assert.Equal(t, figure.Missing(text, all...), r.Missing(text, all...), "%s in %v", text, all)
			}
		}
	}
}
