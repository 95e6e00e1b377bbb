package wechat

import (
	"context"
	"fmt"
	"net/url"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const mediaPath = "/cgi-bin/media/get"

// FetchMedia begins the download of a picture or a recording; the platform keeps it for three days.
func (c *Channel) FetchMedia(ctx context.Context, m bot.MediaRef) (bot.Download, error) {
	body, err := c.client.Stream(ctx, platform.Call{
		Path: mediaPath, Query: url.Values{"media_id": {m.ID}},
	})
	c.faults.Note(mediaPath, err)
	if err != nil {
		return bot.Download{}, fmt.Errorf("fetch media: %w", c.client.SendError(mediaPath, err))
	}
	return bot.Download{ReadCloser: body, Name: body.Name}, nil
}
