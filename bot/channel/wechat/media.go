package wechat

import (
	"context"

	"rongjun/bot"
)

// FetchMedia begins the download of a picture or a recording.
func (c *Channel) FetchMedia(ctx context.Context, m bot.MediaRef) (bot.Download, error) {
	return c.client.FetchMedia(ctx, c.faults, m)
}
