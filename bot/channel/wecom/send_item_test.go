package wecom_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

const uploadPath = "/cgi-bin/media/upload"

// shelf keeps files and what of them the platform has, as the program's store does.
type shelf struct {
	mu    sync.Mutex
	files map[string]string
	ids   map[bot.Upload]string
}

func newShelf() *shelf { return &shelf{files: map[string]string{}, ids: map[bot.Upload]string{}} }

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

func (s *shelf) MediaID(_ context.Context, u bot.Upload) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[u], nil
}

func (s *shelf) KeepMediaID(_ context.Context, u bot.Upload, id string, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids[u] = id
	return nil
}

func (s *shelf) DropMediaID(_ context.Context, u bot.Upload) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ids, u)
	return nil
}

// filed is a world whose channel has a shelf.
func filed(t *testing.T) (world, *shelf, *wecomtest.Customer) {
	t.Helper()
	s := newShelf()
	w := newWorld(t, func(o *wecom.Options) { o.Files, o.MediaIDs = s, s })
	li := w.Customer("li")
	li.Say(account, "在吗")
	return w, s, li
}

func item(id string, i bot.Item) bot.Outgoing {
	o := outgoing("li", id, i.Words())
	o.Items = []bot.Item{i}
	return o
}

var (
	station = bot.Item{Place: &bot.Location{
		Latitude: 30.25, Longitude: 120.15, Name: "示范区退役军人服务中心", Address: "样张路18号",
	}}
	page = bot.Item{Page: &bot.WebPage{
		Title: "《退役军人安置条例》", Note: "第二十二条", URL: "https://flk.npc.gov.cn/detail?id=1",
	}}
	program = bot.Item{Mini: &bot.MiniProgram{AppID: "wx1", Path: "pages/index.html", Title: "办事大厅"}}
)

func TestAPlaceAPageAndAMiniProgramArriveAsWhatTheyAre(t *testing.T) {
	w, _, li := filed(t)
	for id, i := range map[string]bot.Item{"m1": station, "m2": page, "m3": program} {
		_, err := w.channel.Send(t.Context(), item(id, i))
		require.NoError(t, err)
	}
	body := map[string]map[string]any{}
	for _, m := range li.Received() {
		var sent map[string]any
		require.NoError(t, json.Unmarshal(m.Raw, &sent))
		assert.Equal(t, m.Type, sent["msgtype"])
		body[m.Type], _ = sent[m.Type].(map[string]any)
	}
	require.Len(t, body, 3)
	assert.Equal(t, 30.25, body["location"]["latitude"])
	assert.Equal(t, "样张路18号", body["location"]["address"])
	assert.Equal(t, page.Page.URL, body["link"]["url"])
	assert.Equal(t, "pages/index.html", body["miniprogram"]["pagepath"])
	picture, _, ok := w.Uploaded(body["link"]["thumb_media_id"].(string))
	require.True(t, ok)
	assert.Equal(t, "image/png", picture.Type)
	assert.Equal(t, 1, w.Calls(uploadPath), "one picture for all cards")
}

func TestWhatIsTooLongForACardIsCutOrSentAsWords(t *testing.T) {
	w, _, li := filed(t)
	long := bot.Item{Page: &bot.WebPage{
		Title: strings.Repeat("军", 60), Note: strings.Repeat("人", 300), URL: "https://a.cn/",
	}}
	far := bot.Item{Page: &bot.WebPage{Title: "通知", URL: "https://a.cn/" + strings.Repeat("x", 2048)}}
	wrong := bot.Item{Mini: &bot.MiniProgram{AppID: "wx1", Path: "pages/index", Title: "办事大厅"}}
	for i, one := range []bot.Item{long, far, wrong} {
		_, err := w.channel.Send(t.Context(), item(fmt.Sprint("m", i), one))
		require.NoError(t, err)
	}
	got := li.Received()
	require.Len(t, got, 3)
	assert.Equal(t, "link", got[0].Type)
	assert.True(t, strings.HasSuffix(got[0].Text, "军…"))
	assert.LessOrEqual(t, len(got[0].Text), 128)
	assert.Equal(t, "text", got[1].Type)
	assert.Equal(t, "〔小程序〕办事大厅", got[2].Text)
}

func TestACardThatIsRefusedOrWhosePictureIsRefusedGoesAsWords(t *testing.T) {
	for name, fault := range map[string]struct {
		path string
		code int
	}{
		"refused for its form":    {sendPath, 40058},
		"refused for its content": {sendPath, 95030},
		"picture refused":         {uploadPath, 40005},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, li := filed(t)
			w.Fault(fault.path, wecomtest.Fault{Code: fault.code, Times: 1})
			_, err := w.channel.Send(t.Context(), item("m1", page))
			require.NoError(t, err)
			got := li.Received()
			require.Len(t, got, 1)
			assert.Equal(t, "text", got[0].Type)
			assert.Contains(t, got[0].Text, page.Page.URL)
		})
	}
}

// enclosed is a message of staff with a file on the shelf.
func enclosed(s *shelf, id string, kind bot.Kind, data string) bot.Outgoing {
	s.files["h"+id] = data
	o := outgoing("li", id, "")
	o.From, o.Kind = bot.FromStaff, kind
	o.File = &bot.Media{
		State: bot.MediaKept, Hash: "h" + id, Name: "“须知” \"1\".txt", Type: "text/plain", Size: int64(len(data)),
	}
	return o
}

func TestAFileIsPutOnThePlatformOnceAndAnewWhenItsTimeIsOver(t *testing.T) {
	w, s, li := filed(t)
	data := string(bytes.Repeat([]byte("准备材料"), 100_000)) // more than one buffer
	o := enclosed(s, "m1", bot.KindFile, data)
	for i := range 2 {
		o.ID = fmt.Sprint("m", i)
		_, err := w.channel.Send(t.Context(), o)
		require.NoError(t, err)
	}
	assert.Equal(t, 1, w.Calls(uploadPath))
	w.ForgetUploads()
	o.ID = "m3"
	_, err := w.channel.Send(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, 2, w.Calls(uploadPath))

	got := li.Received()
	require.Len(t, got, 3)
	var sent struct {
		File struct {
			ID string `json:"media_id"`
		} `json:"file"`
	}
	require.NoError(t, json.Unmarshal(got[2].Raw, &sent))
	file, _, ok := w.Uploaded(sent.File.ID)
	require.True(t, ok)
	assert.Equal(t, data, string(file.Data))
	assert.Equal(t, "“须知” _1_.txt", file.Name)
}

func TestAFaultOfAnUploadHasShownNothing(t *testing.T) {
	for name, c := range map[string]struct {
		fault wecomtest.Fault
		want  bot.SendClass
	}{
		"cut off after it was taken": {wecomtest.Fault{Drop: wecomtest.DropAfter}, bot.ClassRetry},
		"not reached":                {wecomtest.Fault{Drop: wecomtest.DropBefore}, bot.ClassRetry},
		"busy":                       {wecomtest.Fault{Code: -1}, bot.ClassRetry},
		"too often":                  {wecomtest.Fault{Code: 45009}, bot.ClassRetry},
		"of a kind it does not take": {wecomtest.Fault{Code: 40005}, bot.ClassPermanent},
		"no right":                   {wecomtest.Fault{Code: 48002}, bot.ClassSetUp},
	} {
		t.Run(name, func(t *testing.T) {
			w, s, li := filed(t)
			w.Fault(uploadPath, c.fault)
			o := enclosed(s, "m1", bot.KindFile, "准备材料")
			o.Repeat = true // no refusal of the upload says that the message arrived
			_, err := w.channel.Send(t.Context(), o)
			assert.Equal(t, c.want, classOf(t, err), "%v", err)
			assert.Empty(t, li.Received())
			assert.Empty(t, w.SendsBegun())
		})
	}
}

func TestAFileThatIsGoneFromOurDiskFailsForGood(t *testing.T) {
	w, s, _ := filed(t)
	o := enclosed(s, "m1", bot.KindImage, "picture")
	clear(s.files)
	_, err := w.channel.Send(t.Context(), o)
	assert.Equal(t, bot.ClassPermanent, classOf(t, err))
	assert.False(t, newWorld(t, nil).channel.Carries(bot.KindImage), "without a place for files")
}

func TestTheAppSendsFilesToMembers(t *testing.T) {
	w, s, _ := filed(t)
	w.AddMember("zhang")
	o := enclosed(s, "m1", bot.KindFile, "准备材料")
	o.Address = bot.Address{Channel: wecom.AppName, Account: "1000002", ExternalID: "zhang"}
	_, err := w.channel.App().Send(t.Context(), o)
	require.NoError(t, err)
	got, err := w.WaitApp(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, "file", got[0].Type)
}
