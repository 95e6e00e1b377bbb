package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

const (
	lakeside   = knowledge.Region("浙江省/杭州市/西湖区")
	placesFile = "机构.csv"
)

// lakesidePlaces is a directory with a fair today and one that is over.
func lakesidePlaces() string {
	today := knowledge.DateOf(time.Now().In(knowledge.China()))
	return strings.Join([]string{
		"类别,级别,名称,地区,地址,电话,开放时间,纬度,经度,来源,核对日期,日期,场地,岗位,商家,内容,对象",
		"服务站,街道乡镇,北山街道退役军人服务站,浙江省/杭州市/西湖区,某路1号,0571-85110000,周一至周五9:00至17:00,30.26,120.14,区局公告,2026-11-01",
		"服务站,街道乡镇,远山镇退役军人服务站,浙江省/宁波市/海曙区,某路2号,打听不到",
		"招聘会,,冬季退役军人专场,浙江省/杭州市/西湖区,,,,,,,," + today.String() + ",区体育馆,仓库管理员",
		"招聘会,,过期专场,浙江省/杭州市/西湖区,,,,,,,," + today.AddDays(-1).String() + ",区体育馆,保安",
		"优惠,,图书八折,浙江省/杭州市/西湖区,某路3号,,,,,,,,,,某书店,图书八折,持优待证",
		"饭店,,某饭店,浙江省/杭州市/西湖区",
	}, "\n") + "\n"
}

func TestAnImportedDirectoryIsAnsweredFromAndTheSampleCityIsNot(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	file := filepath.Join(folder(t, map[string]string{placesFile: lakesidePlaces()}), placesFile)
	text := o.succeeds("import", file)
	assert.Contains(t, text, "新增　机构（名录，5 个记录）\n")
	assert.Contains(t, text, "机构：第3行：电话“打听不到”不像能拨的号码，没有用。")
	assert.Contains(t, text, "机构：第7行：不认识类别“饭店”，这一行没有用。")
	assert.NotContains(t, text, "缺日期")
	assert.Contains(t, o.succeeds("import", file), "没有变化　机构（名录，5 个记录）")
	assert.Contains(t, o.succeeds("import", "--check"), "导入的文本 0 份、名录 1 份（5 个记录）。")

	asks := func(question string) string {
		t.Helper()
		a := decoded[askAnswer](t, o.succeeds("ask", "--json", question, "--region", string(lakeside)))
		assert.Equal(t, bot.DecideDirectory, a.Decision, a.Reply)
		assert.NotContains(t, a.Reply, "样例")
		return a.Reply
	}
	station := asks("最近的服务站在哪")
	assert.Contains(t, station, "北山街道退役军人服务站（服务站）\n地区：浙江省杭州市西湖区\n地址：某路1号\n"+
		"时间：周一至周五9:00至17:00\n电话：0571-85110000\n核对日期：2026年11月1日\n来源：区局公告")
	assert.NotContains(t, station, "远山镇")
	fair := asks("这周有招聘会吗")
	assert.Contains(t, fair, "冬季退役军人专场（招聘会）")
	assert.Contains(t, fair, "来源：机构")
	assert.NotContains(t, fair, "过期专场")
	assert.Contains(t, asks("哪里有优惠"), "商家：某书店\n地址：某路3号\n内容：图书八折\n对象：持优待证")
	elsewhere := o.succeeds("ask", "最近的服务站在哪", "--region", "浙江省/温州市")
	assert.Contains(t, elsewhere, "没有登记")
	assert.NotContains(t, elsewhere, "北山")
	assert.Contains(t, asks("苍南县的服务站在哪"), "苍南县的这类地点，我这里没有登记")

	o.settings["RONGJUN_SAMPLE"] = "true"
	assert.Contains(t, o.succeeds("ask", "最近的服务站在哪", "--region", "样例省/样例市"), "【样例】")
}

func TestAListOfNothingUsableIsRefusedInWords(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	dir := folder(t, map[string]string{placesFile: "类别,名称,地址\n服务站,北山站,某路1号\n"})
	d := o.runs("import", dir)
	assert.Equal(t, exitFault, d.code)
	assert.Contains(t, d.out, "名录里没有一行能用：第2行：没有写地区，这一行没有用。")
	assert.Contains(t, o.succeeds("import", "--region", string(lakeside), dir), "名录，1 个记录")
}

func TestTheSampleCityAnswersAgainOnceTheDirectoryIsWithdrawn(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := settings(t, func(s *config.Config) { s.Region = string(lakeside) })
	o.settings["RONGJUN_DATA"] = s.Data
	p, _ := running(t, s)
	const question = "样例市的服务站在哪里"
	replies(t, p, question, "【样例】", true)
	o.succeeds("import", filepath.Join(folder(t, map[string]string{placesFile: lakesidePlaces()}), placesFile))
	replies(t, p, question, "【样例】", false)

	v := newVisitor(t, p.URL())
	page := v.watch("")
	v.say("最近的服务站在哪？")
	answer := page.next("bot")
	assert.Contains(t, answer.Text, "电话：0571-85110000")
	assert.NotContains(t, answer.Text, "远山镇")

	_, err := p.store.Withdraw(t.Context(), knowledge.Withdrawal{
		Kind: knowledge.ItemDocument, Key: "机构", By: "王",
	})
	require.NoError(t, err)
	replies(t, p, question, "【样例】", true)
}

func TestAnUploadedDirectoryIsReadAsTheCommandReadsIt(t *testing.T) {
	t.Parallel()
	d, err := uploads{}.Import(t.Context(), placesFile, strings.NewReader(lakesidePlaces()), "")
	require.NoError(t, err)
	assert.True(t, d.IsDirectory())
	assert.Len(t, d.Rows, 6)
	assert.Len(t, d.Unsure, 2)
}

func TestARowOfAnUploadThatNamesNoRegionTakesTheUploads(t *testing.T) {
	t.Parallel()
	rows := func() io.Reader {
		return strings.NewReader("类别,名称,地区\n服务站,北山街道退役军人服务站,\n服务站,远山镇退役军人服务站,浙江省/宁波市/海曙区\n")
	}
	d, err := uploads{}.Import(t.Context(), placesFile, rows(), string(lakeside))
	require.NoError(t, err)
	records, _ := directory.Read(d)
	require.Len(t, records, 2)
	assert.Equal(t, lakeside, records[0].(directory.Place).Region)
	assert.Equal(t, knowledge.Region("浙江省/宁波市/海曙区"), records[1].(directory.Place).Region)

	_, err = uploads{}.Import(t.Context(), placesFile, rows(), "某地")
	fault, isFault := errors.AsType[*handlers.ImportError](err)
	require.True(t, isFault, err)
	assert.Contains(t, fault.Reason, "不认识地区“某地”")
}

func TestASimulationUsesTheSampleCityUnlessADirectoryIsImported(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	o := newOperator(t)
	sample := func() config.Choice {
		t.Helper()
		s, err := (&commands{}).settings(world{lookup: o.lookup})
		require.NoError(t, err)
		s, err = withSample(t.Context(), s)
		require.NoError(t, err)
		s, err = simulated(s, srv)
		require.NoError(t, err)
		return s.Sample
	}
	assert.Equal(t, config.Yes, sample())
	assert.NoFileExists(t, o.data(), "looking makes no database")
	file := filepath.Join(t.TempDir(), placesFile)
	require.NoError(t, os.WriteFile(file, []byte(lakesidePlaces()), 0o600))
	o.succeeds("import", file)
	assert.Equal(t, config.No, sample())
	o.settings["RONGJUN_SAMPLE"] = "true"
	assert.Equal(t, config.Yes, sample())
}
