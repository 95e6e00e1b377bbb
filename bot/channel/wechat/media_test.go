package wechat_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat/wechattest"
)

func TestAPictureIsFetchedAndOneThatIsGoneIsNotTriedAgain(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	// What the platform may not mistake for a refusal: a picture that reads like one.
	id := w.AddMedia("image/jpeg", "picture.jpg", []byte(`{"errcode":40001}`))
	got, err := w.channel.FetchMedia(t.Context(), bot.MediaRef{ID: id})
	require.NoError(t, err)
	defer got.Close()
	content, err := io.ReadAll(got)
	require.NoError(t, err)
	assert.Equal(t, `{"errcode":40001}`, string(content))
	assert.Equal(t, "picture.jpg", got.Name)
	_, err = w.channel.FetchMedia(t.Context(), bot.MediaRef{ID: "gone"})
	assert.Equal(t, bot.ClassPermanent, classOf(t, err))
}
