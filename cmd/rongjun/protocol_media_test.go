package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

const mediaGet = "/cgi-bin/media/get"

// recording is a minute of AMR.
func recording() []byte { return append([]byte("#!AMR\n"), make([]byte, 60*1600)...) }

// hears is a speech service that behaves as a test wants.
func hears(t *testing.T, answer http.HandlerFunc) func(*config.Config) {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return func(c *config.Config) {
		c.Speech = config.Endpoint{BaseURL: s.URL, Model: "ears", Key: config.NewSecret("sk-ears")}
	}
}

// kept reports whether the media of the first message are in a state.
func kept(state bot.MediaState) func([]bot.Message) bool {
	return func(messages []bot.Message) bool {
		for _, m := range messages {
			if m.Media != nil {
				return m.Media.State == state
			}
		}
		return false
	}
}

func TestCase21_AVoiceThatCannotBeHeardGetsAPoliteWordAndAPerson(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*config.Config){
		"no service": func(*config.Config) {},
		"a failing service": hears(t, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no ears", http.StatusInternalServerError)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newProtocolRig(t, change)
			r.silence()
			li := &customer{Customer: r.srv.Customer("li"), t: t}
			li.SendVoice(testAccount, recording())
			r.ring()
			li.hear("语音我还听不了")
			c, messages := stored(t, r.p, "li", kept(bot.MediaKept))
			assert.Equal(t, bot.StateQueued, c.State)
			assert.Contains(t, c.Reason, "语音")
			file := filepath.Join(r.p.settings.Data, "media", messages[0].Media.Hash[:2],
				messages[0].Media.Hash)
			onDisk, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, recording(), onDisk)
			desk := r.atDesk(t)
			assert.Contains(t, desk.page(c.ID), "浏览器放不了这种格式")
			got := desk.get("/desk/media/" + strconv.FormatInt(messages[0].ID, 10))
			assert.Equal(t, http.StatusOK, got.status)
			assert.Equal(t, "audio/amr", got.header.Get("Content-Type"))
			assert.Contains(t, got.header.Get("Content-Disposition"), "attachment")

			r.pass(31 * 24 * time.Hour) // past the time that media are kept
			stored(t, r.p, "li", kept(bot.MediaExpired))
			require.Eventually(t, func() bool {
				_, err := os.Stat(file)
				return os.IsNotExist(err)
			}, patience, 20*time.Millisecond)
		})
	}
}

func TestCase21_AVoiceThatIsHeardIsAnsweredAsItsWords(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t, hears(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("model") != "ears" || r.Header.Get("Authorization") != "Bearer sk-ears" {
			http.Error(w, "who asks?", http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"text":"优待证怎么办理"}`)
	}))
	r.silence()
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	li.SendVoice(testAccount, recording())
	r.ring()
	answer := li.hear("依据")
	assert.Contains(t, answer, "您说的我听成：“优待证怎么办理”")
	c, messages := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Equal(t, bot.StateBot, c.State)
	assert.Equal(t, "优待证怎么办理", messages[0].Text)
	assert.Contains(t, r.atDesk(t).page(c.ID), "语音转写，可能有错")
	assert.NotContains(t, r.log.String(), "sk-ears")
}

func TestAPictureIsShownToStaffAndNobodyElse(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	r.silence()
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 4, 4))))
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	li.SendImage(testAccount, picture.Bytes())
	li.SendFile(testAccount, "../../档案\r\n.html", []byte("<script>alert(1)</script>"))
	li.SendFile(testAccount, "错.json", []byte(`{"errcode":40007,"errmsg":"invalid media_id"}`))
	r.ring()
	li.hear("图片我看不懂")
	c, messages := stored(t, r.p, "li", func(m []bot.Message) bool {
		for _, one := range m[:min(3, len(m))] {
			if one.Media == nil || one.Media.State != bot.MediaKept {
				return false
			}
		}
		return len(m) > 3
	})
	path := func(i int) string { return "/desk/media/" + strconv.FormatInt(messages[i].ID, 10) }
	stranger := newVisitor(t, r.p.URL())
	assert.Equal(t, http.StatusSeeOther, stranger.get(path(0)).status, "to the sign-in")

	desk := r.atDesk(t)
	assert.Contains(t, desk.page(c.ID), `<img src="`+path(0)+`"`)
	shown := desk.get(path(0))
	assert.Equal(t, picture.String(), shown.body)
	assert.Equal(t, "image/png", shown.header.Get("Content-Type"))
	assert.Contains(t, shown.header.Get("Content-Disposition"), "inline")
	assert.Equal(t, "nosniff", shown.header.Get("X-Content-Type-Options"))
	assert.Contains(t, shown.header.Get("Content-Security-Policy"), "sandbox")

	rest, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.p.URL()+path(0), nil)
	require.NoError(t, err)
	rest.Header.Set("Range", "bytes=10-")
	rest.Header.Set("If-Range", shown.header.Get("ETag"))
	part := desk.do(rest)
	assert.Equal(t, http.StatusPartialContent, part.status, "a browser goes on where a slow line broke off")
	assert.Equal(t, picture.String()[10:], part.body)

	page := desk.get(path(1))
	assert.Equal(t, "application/octet-stream", page.header.Get("Content-Type"), "never a page")
	assert.Contains(t, page.header.Get("Content-Disposition"), "attachment")
	assert.NotContains(t, page.header.Get("Content-Disposition"), "\n")
	assert.Equal(t, `{"errcode":40007,"errmsg":"invalid media_id"}`, desk.get(path(2)).body,
		"a file that looks like a refusal is a file")
	for _, id := range []string{"999999", "x", "-1"} {
		assert.Equal(t, http.StatusNotFound, desk.get("/desk/media/"+id).status, id)
	}
}

func TestAPictureThatIsRecalledIsDeleted(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	r.silence()
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	sent := li.SendImage(testAccount, []byte("\xff\xd8\xff\xe0 my own papers"))
	r.ring()
	_, messages := stored(t, r.p, "li", kept(bot.MediaKept))
	hash := messages[0].Media.Hash
	li.Recall(testAccount, sent)
	r.ring()
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(r.p.settings.Data, "media", hash[:2], hash))
		return os.IsNotExist(err)
	}, patience, 20*time.Millisecond)
	desk := r.atDesk(t)
	assert.Equal(t, http.StatusNotFound,
		desk.get("/desk/media/"+strconv.FormatInt(messages[0].ID, 10)).status)
}

func TestMediaThatAreGoneOrFailAreSaidToBe(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	r.silence()
	r.srv.Fault(mediaGet, wecomtest.Fault{Code: -1, Times: 1})
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	li.SendImage(testAccount, []byte("\xff\xd8\xff\xe0"))
	r.ring()
	stored(t, r.p, "li", kept(bot.MediaKept)) // tried again

	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	wang.SendVoice(testAccount, recording())
	r.srv.ForgetMedia()
	r.ring()
	c, _ := stored(t, r.p, "wang", kept(bot.MediaFailed))
	wang.hear("语音我还听不了")
	assert.Contains(t, r.atDesk(t).page(c.ID), "平台上已经没有了")
}

func TestAFileThatBreaksOffGoesOnWhereItDidAndIsKeptWhole(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	r.silence()
	paper := bytes.Repeat([]byte("退役军人优待办法。"), 600_000) // 16 MB
	r.srv.Fault(mediaGet, wecomtest.Fault{Break: 5 << 20, Times: 3})
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	li.SendFile(testAccount, "办法.pdf", paper)
	r.ring()
	_, messages := stored(t, r.p, "li", kept(bot.MediaKept))
	hash := messages[0].Media.Hash
	onDisk, err := os.ReadFile(filepath.Join(r.p.settings.Data, "media", hash[:2], hash))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(paper, onDisk))
	assert.Equal(t, "办法.pdf", messages[0].Media.Name)
	assert.Equal(t, 4, r.srv.Calls(mediaGet))
}

func TestCase22_TheNoticeOfALargeFileIsNoQuestion(t *testing.T) {
	r, _ := quiet(t)
	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	wang.SendFile(testAccount, "档案.pdf", make([]byte, 25<<20))
	r.ring()
	answer := wang.hear("平台没有转过来")
	assert.NotContains(t, answer, "依据")
	c, messages := stored(t, r.p, "wang", last(bot.MessageSent))
	assert.Equal(t, bot.KindNotice, messages[0].Kind)
	assert.Equal(t, bot.StateBot, c.State)
}

func TestCase23_APlaceGetsTheNearestAndUnknownKindsAPoliteWord(t *testing.T) {
	r, li := quiet(t)
	li.SendLocation(testAccount, wecomtest.Place{
		Latitude: 40.0151, Longitude: 90.0121, Name: "样张路口", Address: "样例市示范区样张路",
	})
	r.ring()
	near := li.hear("直线距离")
	assert.Contains(t, near, "示范区退役军人服务中心")
	assert.Contains(t, near, "【样例】")

	for _, message := range []map[string]any{
		{"msgtype": "merged_msg", "merged_msg": map[string]any{"title": "群聊", "item": []any{
			map[string]any{"msgtype": "text", "sender_name": "老王", "msg_content": `{"text":{"content":"退役金"}}`},
		}}},
		{"msgtype": "meeting"},
		{"msgtype": "hologram", "hologram": map[string]any{"depth": 3}},
	} {
		li.SendRaw(testAccount, message)
		r.ring()
		li.hear("只能看文字")
	}
	_, messages := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Equal(t, bot.KindUnknown, messages[len(messages)-2].Kind)
	var raw []byte
	db := r.database(t)
	require.NoError(t, db.QueryRowContext(t.Context(),
		"SELECT raw FROM messages WHERE id = ?", messages[len(messages)-2].ID).Scan(&raw))
	assert.Contains(t, string(raw), "hologram", "kept raw")
}
