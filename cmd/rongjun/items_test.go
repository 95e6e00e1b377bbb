package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

const uploadPath = "/cgi-bin/media/upload"

// enclose sends the desk's form with a file.
func (v *visitor) enclose(path string, said bot.Said, name string, data []byte) reply {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	require.NoError(v.t, w.WriteField("client_id", said.ClientID))
	require.NoError(v.t, w.WriteField("text", said.Text))
	part, err := w.CreateFormFile("file", name)
	require.NoError(v.t, err)
	_, err = part.Write(data)
	require.NoError(v.t, err)
	require.NoError(v.t, w.Close())
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path, &body)
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	return v.do(r)
}

// drawing is a small picture.
func drawing(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))))
	return b.Bytes()
}

func conversationPath(id int64) string { return "/desk/conversations/" + strconv.FormatInt(id, 10) }

// received is the body of a message as the platform took it.
func received(t *testing.T, m wecomtest.Received) map[string]any {
	t.Helper()
	var sent map[string]any
	require.NoError(t, json.Unmarshal(m.Raw, &sent))
	body, _ := sent[m.Type].(map[string]any)
	require.NotNil(t, body, "%s", m.Raw)
	return body
}

func TestAPictureAndAFileOfTheDeskReachTheCustomerOnce(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	li := r.settled()
	id := r.p.awaitConversation(t, "li")
	desk := r.atDesk(t)
	require.Equal(t, http.StatusSeeOther, desk.submit(conversationPath(id)+"/takeover", nil).status)
	assert.Contains(t, desk.page(id), `type="file"`)
	before := len(li.Received())
	r.srv.Fault(uploadPath, wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1}) // it is done over

	photo := drawing(t)
	said := bot.Said{Text: "地图在这里", ClientID: "f1"}
	for range 2 {
		got := desk.enclose(conversationPath(id)+"/messages", said, `C:\照片\站.png`, photo)
		require.Equal(t, http.StatusAccepted, got.status, got.body)
	}
	paper := bytes.Repeat([]byte("准备材料。"), 300_000) // more than 4 MB
	got := desk.enclose(conversationPath(id)+"/messages", bot.Said{ClientID: "f2"}, "须知.txt", paper)
	require.Equal(t, http.StatusAccepted, got.status, got.body)
	all, err := li.Wait(t.Context(), before+3)
	require.NoError(t, err)
	all = all[before:]
	assert.Equal(t, "地图在这里", all[0].Text)
	require.Equal(t, "image", all[1].Type)
	require.Equal(t, "file", all[2].Type)
	for i, want := range [][]byte{photo, paper} {
		file, _, ok := r.srv.Uploaded(received(t, all[i+1])["media_id"].(string))
		require.True(t, ok)
		assert.Equal(t, want, file.Data)
		assert.Equal(t, []string{"站.png", "须知.txt"}[i], file.Name)
	}

	_, messages := stored(t, r.p, "li", last(bot.MessageSent))
	picture := messages[len(messages)-2]
	page := desk.page(id)
	assert.Contains(t, page, `<img src="/desk/media/`+strconv.FormatInt(picture.ID, 10))
	assert.Contains(t, page, "下载 须知.txt")
	assert.Equal(t, string(photo), desk.get("/desk/media/"+strconv.FormatInt(picture.ID, 10)).body)
	assert.Len(t, li.Received(), before+3, "the same form again sent nothing")
}

func TestAFileTooLargeOrTooSmallIsRefusedInWordsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	r.settled()
	id := r.p.awaitConversation(t, "li")
	desk := r.atDesk(t)
	require.Equal(t, http.StatusSeeOther, desk.submit(conversationPath(id)+"/takeover", nil).status)
	_, before := stored(t, r.p, "li", last(bot.MessageSent))
	for words, data := range map[string][]byte{
		"太大": make([]byte, bot.MaxFile+1), "内容为空": []byte("five5"),
	} {
		got := desk.enclose(conversationPath(id)+"/messages", bot.Said{ClientID: "x", Text: "请看"}, "x", data)
		assert.Equal(t, http.StatusBadRequest, got.status)
		assert.Contains(t, got.body, words)
	}
	_, after := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Len(t, after, len(before), "the words were not sent without their file")
}

func TestAFileOfTheDeskIsForItsVisitorAlone(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	visitor, stranger := newVisitor(t, r.p.URL()), newVisitor(t, r.p.URL())
	visitor.say("转人工")
	stranger.say("您好")
	list, err := r.p.store.Conversations(t.Context(), bot.StateQueued, 10)
	require.NoError(t, err)
	for len(list) == 0 {
		list, err = r.p.store.Conversations(t.Context(), bot.StateQueued, 10)
		require.NoError(t, err)
	}
	desk := r.atDesk(t)
	id := list[0].ID
	require.Equal(t, http.StatusSeeOther, desk.submit(conversationPath(id)+"/takeover", nil).status)
	photo := drawing(t)
	got := desk.enclose(conversationPath(id)+"/messages", bot.Said{ClientID: "f1"}, "站.png", photo)
	require.Equal(t, http.StatusAccepted, got.status, got.body)

	watch := visitor.watch("")
	var url string
	for l := range watch.lines {
		if l.Media != nil {
			url = l.Media.URL
			break
		}
	}
	watch.close()
	shown := visitor.get(url)
	assert.Equal(t, string(photo), shown.body)
	assert.Equal(t, "image/png", shown.header.Get("Content-Type"))
	assert.Contains(t, visitor.get("/").body, `<img src="`+url+`"`)
	assert.Equal(t, http.StatusNotFound, stranger.get(url).status)
	assert.Equal(t, http.StatusNotFound, newVisitor(t, r.p.URL()).get(url).status)
}

func TestAPlaceIsSentAsOneAndTheOfficialPageAtATap(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t, func(s *config.Config) {
		s.MiniProgram = config.MiniProgram{AppID: "wx1", Path: "pages/index.html", Title: "办事大厅"}
	})
	li := r.settled()
	tap := func(words string) {
		t.Helper()
		for _, m := range li.Received() {
			if m.Menu == nil {
				continue
			}
			for _, item := range m.Menu.Items {
				if strings.HasPrefix(item.Click.Content, words) {
					li.Tap(testAccount, item.Click.ID, item.Click.Content)
					return
				}
			}
		}
		t.Fatalf("%q was not offered", words)
	}
	tap("看依据的原文")
	li.hear("点开就能看")
	li.hear("《")
	all := li.Received()
	link := received(t, all[len(all)-1])
	assert.Equal(t, "link", all[len(all)-1].Type)
	assert.True(t, strings.HasPrefix(link["url"].(string), "https://"), link)
	tap("打开小程序")
	li.hear("办事大厅")

	li.Say(testAccount, "样例市示范区的退役军人服务中心在哪里？")
	li.hear("示范区退役军人服务中心")
	li.hear("【样例】")
	all = li.Received()
	place := received(t, all[len(all)-1])
	assert.Equal(t, "location", all[len(all)-1].Type)
	assert.Contains(t, place["name"], "示范区退役军人服务中心")
	assert.NotZero(t, place["latitude"])
	assert.Equal(t, 1, r.srv.Calls(uploadPath), "one picture for all cards")
}

func TestAnOfficialAccountTakesPicturesOfStaffAndRefusesOtherFilesInWords(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	li := &follower{Follower: srv.Follower("li"), t: t}
	li.Say("转人工")
	li.hear("马上转人工")
	c, err := p.store.ConversationOf(t.Context(), bot.Address{
		Channel: wechat.Name, Account: srv.Config().AppID, ExternalID: "li",
	})
	require.NoError(t, err)
	id := c.ID
	_, err = p.desk.Takeover(t.Context(), id, "wang")
	require.NoError(t, err)
	say := func(name string, data []byte) error {
		_, err := p.desk.Say(t.Context(), id, "wang", bot.Said{
			ClientID: name, File: &bot.SaidFile{Name: name, Body: bytes.NewReader(data)},
		})
		return err
	}
	require.ErrorIs(t, say("须知.txt", []byte("准备材料")), bot.ErrNotCarried)
	require.NoError(t, say("站.png", drawing(t)))
	all, err := li.Wait(t.Context(), li.read+1)
	require.NoError(t, err)
	require.Equal(t, "image", all[li.read].Type)
	file, _, ok := srv.Uploaded(all[li.read].Text)
	require.True(t, ok)
	assert.Equal(t, drawing(t), file.Data)
	left, err := filepath.Glob(filepath.Join(p.settings.Data, "media", "*", "*"))
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing is left of what was refused")
}
