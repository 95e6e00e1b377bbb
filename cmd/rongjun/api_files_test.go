package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// otherSystem calls the staff API with a member's token.
type otherSystem struct {
	*protocolRig
	id    int64 // of li's conversation
	token string
}

func (r *protocolRig) otherSystem(name string, role staff.Role) *otherSystem {
	r.t.Helper()
	require.NoError(r.t, r.p.accounts.Add(r.t.Context(), staff.NewMember{
		Name: name, Role: role, Password: deskPassword,
	}))
	token, err := r.p.accounts.IssueToken(r.t.Context(), name)
	require.NoError(r.t, err)
	return &otherSystem{r, r.p.awaitConversation(r.t, "li"), token}
}

// sends posts a form in the order given, as name and value in turn; a value of bytes is a file. It returns
// the id of the message, or the code and the words of the refusal.
func (o *otherSystem) sends(fields ...any) (status int, id, code, words string) {
	o.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		name := fields[i].(string)
		if data, ok := fields[i+1].([]byte); ok {
			part, err := w.CreateFormFile("file", name)
			require.NoError(o.t, err)
			_, err = part.Write(data)
			require.NoError(o.t, err)
			continue
		}
		require.NoError(o.t, w.WriteField(name, fields[i+1].(string)))
	}
	require.NoError(o.t, w.Close())
	r, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost,
		fmt.Sprintf("%s/api/v1/conversations/%d/messages", o.p.URL(), o.id), &body)
	require.NoError(o.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+o.token)
	got := newVisitor(o.t, o.p.URL()).do(r)
	var said struct {
		ID    string
		Error struct{ Code, Message string }
	}
	require.NoError(o.t, json.Unmarshal([]byte(got.body), &said), got.body)
	return got.status, said.ID, said.Error.Code, said.Error.Message
}

// files are the contents on the disk.
func (o *otherSystem) files() []string {
	o.t.Helper()
	found, err := filepath.Glob(filepath.Join(o.p.settings.Data, "media", "*", "*"))
	require.NoError(o.t, err)
	return found
}

func TestOtherSystemsSendPicturesAndFilesOnceAsTheDeskDoes(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	li := r.settled()
	o := r.otherSystem("接口", staff.Staff)
	_, err := r.p.desk.Takeover(t.Context(), o.id, "接口")
	require.NoError(t, err)
	before := len(li.Received())

	photo, paper := drawing(t), bytes.Repeat([]byte("准备材料。"), 300_000)
	status, first, _, _ := o.sends("text", "地图在这里", "client_id", "a1", "站.png", photo)
	require.Equal(t, http.StatusAccepted, status)
	status, again, _, _ := o.sends("text", "地图在这里", "client_id", "a1", "站.png", photo)
	require.Equal(t, http.StatusAccepted, status)
	assert.Equal(t, first, again)
	kept := o.files()
	_, again, _, _ = o.sends("client_id", "a1", "另一份.txt", []byte("不是同一份"))
	assert.Equal(t, first, again)
	assert.Equal(t, kept, o.files(), "a repeat with another file leaves nothing")
	status, _, _, _ = o.sends("client_id", "a2", "须知.txt", paper)
	require.Equal(t, http.StatusAccepted, status)
	status, _, _, _ = o.sends("client_id", "a3", "text", "只有话，没有文件")
	require.Equal(t, http.StatusAccepted, status)

	all, err := li.Wait(t.Context(), before+4)
	require.NoError(t, err)
	all = all[before:]
	require.Len(t, all, 4)
	assert.Equal(t, []string{"地图在这里", "只有话，没有文件"}, []string{all[0].Text, all[3].Text})
	for i, want := range []struct {
		kind, name string
		data       []byte
	}{{"image", "站.png", photo}, {"file", "须知.txt", paper}} {
		require.Equal(t, want.kind, all[i+1].Type)
		file, _, ok := r.srv.Uploaded(received(t, all[i+1])["media_id"].(string))
		require.True(t, ok)
		assert.Equal(t, want.name, file.Name)
		assert.Equal(t, want.data, file.Data)
	}
}

func TestAFileOfAnotherSystemIsRefusedInWordsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	li := r.settled()
	o, viewer := r.otherSystem("接口", staff.Staff), r.otherSystem("看看", staff.Viewer)
	photo := drawing(t)
	status, _, code, words := o.sends("client_id", "a1", "站.png", photo)
	assert.Equal(t, http.StatusConflict, status, "nobody has taken it over")
	assert.Equal(t, "conflict", code)
	assert.Contains(t, words, "请先接手")
	_, err := r.p.desk.Takeover(t.Context(), o.id, "别人")
	require.NoError(t, err)
	status, _, code, words = o.sends("client_id", "a1", "站.png", photo)
	assert.Equal(t, http.StatusConflict, status)
	assert.Equal(t, "taken", code)
	assert.Contains(t, words, "别人")
	_, err = r.p.desk.Release(t.Context(), o.id, "别人")
	require.NoError(t, err)
	_, err = r.p.desk.Takeover(t.Context(), o.id, "接口")
	require.NoError(t, err)
	_, before := stored(t, r.p, "li", last(bot.MessageSent))

	for name, c := range map[string]struct {
		by          *otherSystem
		fields      []any
		status      int
		code, words string
	}{
		"too large":         {o, []any{"client_id", "b", "大.bin", make([]byte, bot.MaxFile+1)}, 400, "too_large", "20 MB"},
		"too small":         {o, []any{"client_id", "b", "小.txt", []byte("five5")}, 400, "invalid", "内容为空"},
		"nothing":           {o, []any{"client_id", "b"}, 400, "invalid", "内容为空"},
		"id behind":         {o, []any{"站.png", photo, "client_id", "b"}, 400, "invalid", "写在 file 前面"},
		"id of other signs": {o, []any{"client_id", "一号", "站.png", photo}, 400, "invalid", "client_id"},
		"viewer":            {viewer, []any{"client_id", "b", "站.png", photo}, 403, "forbidden", "只能查看"},
		"wrong token":       {&otherSystem{r, o.id, "rongjun_x"}, []any{"client_id", "b", "站.png", photo}, 401, "unauthorized", "登录"},
		"no conversation":   {&otherSystem{r, 99, o.token}, []any{"client_id", "b", "站.png", photo}, 404, "not_found", "没有找到"},
	} {
		status, id, code, words := c.by.sends(c.fields...)
		assert.Equal(t, c.status, status, name)
		assert.Equal(t, c.code, code, name)
		assert.Contains(t, words, c.words, name)
		assert.Empty(t, id, name)
	}
	_, after := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Len(t, after, len(before))
	assert.Empty(t, o.files())
	assert.NotEmpty(t, li.Received())
}
