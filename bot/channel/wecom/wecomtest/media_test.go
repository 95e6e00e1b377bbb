package wecomtest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// download asks for a media_id with a fresh token.
func download(t *testing.T, srv *wecomtest.Server, mediaID string) (http.Header, string) {
	t.Helper()
	c := newCaller(t, srv)
	c.login()
	resp, err := http.Get(srv.URL() + "/cgi-bin/media/get?" + url.Values{
		"access_token": {c.token}, "media_id": {mediaID},
	}.Encode())
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.Header, string(body)
}

func TestWhatACustomerSendsCanBeFetchedForThreeDays(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	li := srv.Customer("wmLi")
	li.SendVoice(kf, []byte("#!AMR"))
	li.SendFile(kf, "错.json", []byte(`{"errcode":40007}`))
	messages, _ := newCaller(t, srv).pull("")
	require.Len(t, messages, 2)
	assert.Equal(t, "voice", messages[0]["msgtype"])
	id := func(i int, kind string) string {
		return messages[i][kind].(map[string]any)["media_id"].(string)
	}
	head, body := download(t, srv, id(0, "voice"))
	assert.Equal(t, "#!AMR", body)
	assert.Equal(t, "audio/amr", head.Get("Content-Type"))
	head, body = download(t, srv, id(1, "file"))
	assert.Equal(t, `{"errcode":40007}`, body, "a file may look like a refusal")
	assert.Contains(t, head.Get("Content-Disposition"), "json")
	head, body = download(t, srv, "nothing")
	assert.Contains(t, body, "40007")
	assert.Empty(t, head.Get("Content-Disposition"), "a refusal is no file")

	now.forward(73 * time.Hour)
	_, body = download(t, srv, id(0, "voice"))
	assert.Contains(t, body, "40007")
}

func TestWhatIsTooLargeComesAsANoticeInWords(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	li := srv.Customer("wmLi")
	li.SendImage(kf, make([]byte, 2<<20))
	li.SendImage(kf, make([]byte, 2<<20+1))
	li.SendVideo(kf, make([]byte, 10<<20+1))
	messages, _ := newCaller(t, srv).pull("")
	require.Len(t, messages, 3)
	assert.Equal(t, "image", messages[0]["msgtype"])
	for _, m := range messages[1:] {
		assert.Equal(t, "text", m["msgtype"])
		assert.True(t, strings.Contains(m["text"].(map[string]any)["content"].(string), "超过"))
	}
}

func TestPlacesAndLinksCarryWhatTheCustomerChose(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	li := srv.Customer("wmLi")
	li.SendLocation(kf, wecomtest.Place{Latitude: 30.25, Longitude: 120.5, Name: "断桥", Address: "西湖区"})
	li.SendLink(kf, "通知", "https://example.org")
	messages, _ := newCaller(t, srv).pull("")
	assert.Equal(t, map[string]any{
		"latitude": 30.25, "longitude": 120.5, "name": "断桥", "address": "西湖区",
	}, messages[0]["location"])
	assert.Equal(t, "https://example.org", messages[1]["link"].(map[string]any)["url"])
}
