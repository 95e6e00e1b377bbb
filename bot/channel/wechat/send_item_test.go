package wechat_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

const uploadPath = "/cgi-bin/media/upload"

// shelf keeps pictures and what of them the platform has, as the program's store does.
type shelf struct {
	files map[string]string
	ids   map[bot.Upload]string
}

func (s *shelf) Open(hash string) (io.ReadSeekCloser, error) {
	data, ok := s.files[hash]
	if !ok {
		return nil, fmt.Errorf("no file: %w", bot.ErrNotFound)
	}
	return struct {
		io.ReadSeeker
		io.Closer
	}{strings.NewReader(data), io.NopCloser(nil)}, nil
}

func (s *shelf) MediaID(_ context.Context, u bot.Upload) (string, error) { return s.ids[u], nil }

func (s *shelf) KeepMediaID(_ context.Context, u bot.Upload, id string, _ time.Duration) error {
	s.ids[u] = id
	return nil
}

func (s *shelf) DropMediaID(_ context.Context, u bot.Upload) error {
	delete(s.ids, u)
	return nil
}

func filed(t *testing.T) (world, *shelf, *wechattest.Follower) {
	t.Helper()
	s := &shelf{map[string]string{}, map[bot.Upload]string{}}
	w := newWorld(t, wechattest.Config{}, func(o *wechat.Options) { o.Files, o.MediaIDs = s, s })
	li := w.Follower("li")
	li.Say("在吗")
	return w, s, li
}

func item(i bot.Item) bot.Outgoing {
	o := outgoing(i.Words())
	o.Items = []bot.Item{i}
	return o
}

func TestAPageAPlaceAndAMiniProgramArriveAsCards(t *testing.T) {
	w, _, li := filed(t)
	require.NoError(t, w.send(t, item(bot.Item{Page: &bot.WebPage{
		Title: "《退役军人安置条例》", Note: "第二十二条", URL: "https://flk.npc.gov.cn/detail?id=1",
	}})))
	require.NoError(t, w.send(t, item(bot.Item{Place: &bot.Location{
		Latitude: 30.25, Longitude: 120.15, Name: "服务中心", Address: "样张路18号",
	}})))
	require.NoError(t, w.send(t, item(bot.Item{Mini: &bot.MiniProgram{
		AppID: "wx1", Path: "pages/index.html", Title: "办事大厅",
	}})))
	got := li.Received()
	require.Len(t, got, 3)
	assert.Equal(t, "news", got[0].Type)
	assert.Equal(t, "《退役军人安置条例》\n第二十二条\nhttps://flk.npc.gov.cn/detail?id=1", got[0].Text)
	assert.Equal(t, "news", got[1].Type)
	assert.Contains(t, got[1].Text, "https://apis.map.qq.com/uri/v1/marker?marker=coord%3A30.250000%2C120.150000")
	assert.Equal(t, "miniprogrampage", got[2].Type)
	assert.Equal(t, 1, w.Calls(uploadPath))
}

func TestACardThatIsRefusedGoesAsWords(t *testing.T) {
	w, _, li := filed(t)
	w.Fault(sendPath, wechattest.Fault{Code: 45002, Times: 1})
	require.NoError(t, w.send(t, item(bot.Item{Page: &bot.WebPage{Title: "通知", URL: "https://a.cn/"}})))
	w.Fault(uploadPath, wechattest.Fault{Code: 40004, Times: 1})
	require.NoError(t, w.send(t, item(bot.Item{Mini: &bot.MiniProgram{
		AppID: "wx1", Path: "pages/index.html", Title: "办事大厅",
	}})))
	got := li.Received()
	require.Len(t, got, 2)
	assert.Equal(t, "通知\nhttps://a.cn/", got[0].Text)
	assert.Equal(t, "〔小程序〕办事大厅", got[1].Text)
}

func TestAPictureOfStaffArrivesAndOtherFilesAreNotTaken(t *testing.T) {
	w, s, li := filed(t)
	const png = "\x89PNG\x0d\x0a\x1a\x0a and the rest"
	s.files["h"] = png
	o := outgoing("")
	o.From, o.Kind = bot.FromStaff, bot.KindImage
	o.File = &bot.Media{State: bot.MediaKept, Hash: "h", Name: "站.png", Type: "image/png", Size: int64(len(png))}
	require.NoError(t, w.send(t, o))
	w.ForgetUploads()
	require.NoError(t, w.send(t, o), "what the platform has forgotten is put there anew")
	got := li.Received()
	require.Len(t, got, 2)
	file, _, ok := w.Uploaded(got[1].Text)
	require.True(t, ok)
	assert.Equal(t, png, string(file.Data))
	assert.Equal(t, "站.png", file.Name)
	assert.Equal(t, []bot.Kind{bot.KindImage}, bot.Carries(w.channel))
	o.Kind = bot.KindFile
	assert.Equal(t, bot.ClassPermanent, classOf(t, w.send(t, o)))
}
