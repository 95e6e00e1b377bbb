package wecomtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// png begins a picture; no more of it is looked at.
const png = "\x89PNG\x0d\x0a\x1a\x0a and the rest"

// put puts a file on the platform, as the one field of a form.
func (c *caller) put(kind, field, name, data string) reply {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, name)
	require.NoError(c.t, err)
	_, err = io.WriteString(part, data)
	require.NoError(c.t, err)
	require.NoError(c.t, w.Close())
	resp, err := http.Post(c.srv.URL()+"/cgi-bin/media/upload?type="+kind+"&access_token="+c.token,
		w.FormDataContentType(), &body)
	require.NoError(c.t, err)
	defer func() { _ = resp.Body.Close() }()
	var out reply
	require.NoError(c.t, json.NewDecoder(resp.Body).Decode(&out))
	return out
}

func (c *caller) upload(kind, name, data string) (mediaID string) {
	c.t.Helper()
	out := c.put(kind, "media", name, data)
	require.Zero(c.t, out.code(), out)
	return out["media_id"].(string)
}

func TestAFileIsTakenByItsKindAndItsSize(t *testing.T) {
	c := newCaller(t, platform(t, wecomtest.Config{}))
	for name, tt := range map[string]struct {
		kind, field, data string
		want              int
	}{
		"a picture":            {"image", "media", png, 0},
		"words as a picture":   {"image", "media", "plain words", 40005},
		"a file of any kind":   {"file", "media", "plain words", 0},
		"nearly nothing":       {"file", "media", "five5", 40006},
		"a recording too long": {"voice", "media", "#!AMR" + strings.Repeat("a", 2<<20), 40006},
		"a kind of none":       {"poem", "media", "plain words", 40004},
		"another field":        {"file", "data", "plain words", 41005},
	} {
		assert.Equal(t, tt.want, c.put(tt.kind, tt.field, "x", tt.data).code(), name)
	}
}

func TestAnUploadedFileIsSentForThreeDaysAndForgottenThen(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now, TokenLife: 1000 * time.Hour})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	id := c.upload("image", "站.png", png)
	file, _, ok := srv.Uploaded(id)
	require.True(t, ok)
	assert.Equal(t, "站.png", file.Name)
	send := func() int {
		return c.post("/cgi-bin/kf/send_msg", map[string]any{
			"touser": "wmLi", "open_kfid": kf, "msgtype": "image", "image": map[string]any{"media_id": id},
		}).code()
	}
	assert.Zero(t, send())
	assert.Equal(t, "〔图片〕站.png", li.Received()[0].Text)
	now.forward(72*time.Hour + time.Second)
	li.Say(kf, "在吗")
	assert.Equal(t, 40007, send())
}
