package answer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer"
	"rongjun/knowledge"
)

func TestARegionIsReadAsOperatorsWriteIt(t *testing.T) {
	for said, want := range map[string]knowledge.Region{
		"": "", "浙江": "浙江省", "浙江省": "浙江省", "杭州": "浙江省/杭州市", "杭州市": "浙江省/杭州市",
		"浙江杭州": "浙江省/杭州市", "浙江省杭州市": "浙江省/杭州市", "浙江/杭州": "浙江省/杭州市",
		"浙江省/杭州市/西湖区": "浙江省/杭州市/西湖区", " 浙江省 / 杭州市 ": "浙江省/杭州市",
		"吉林": "吉林省", "吉林市": "吉林省/吉林市", "内蒙古": "内蒙古自治区", "北京": "北京市",
		"样例省/样例市": "样例省/样例市", "样例市": "样例市",
	} {
		got, err := answer.ReadRegion(said)
		require.NoError(t, err, said)
		assert.Equal(t, want, got, said)
	}
	for _, said := range []string{"火星", "杭州西湖", "浙江/火星", "省", "浙江江苏", "我在杭州上班"} {
		_, err := answer.ReadRegion(said)
		require.ErrorIs(t, err, answer.ErrRegion, said)
	}
}

func TestWhoAsksAboutACountyWithoutRecordsIsNotShownThoseOfAnother(t *testing.T) {
	a := newWorld(t).answerer(t, true, nil)
	got, err := a.Answer(t.Context(), turnOf("苍南县的服务站在哪"))
	require.NoError(t, err)
	assert.Contains(t, got.Reply.Text, "苍南县的这类地点，我这里没有登记")
	assert.NotContains(t, got.Reply.Text, "【样例】")
	assert.Empty(t, got.Region, "of a bare name it is not known which province's rules hold there")
	got, err = a.Answer(t.Context(), turnOf("示范区的服务站在哪"))
	require.NoError(t, err)
	assert.Contains(t, got.Reply.Text, "示范区")
	assert.Equal(t, knowledge.Region("样例省/样例市/示范区"), got.Region)
}
