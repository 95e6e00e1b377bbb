package wecom

import (
	"context"

	"rongjun/bot"
)

// FetchMedia begins the download of a picture, a recording, a video or a file.
func (c *Channel) FetchMedia(ctx context.Context, m bot.MediaRef) (bot.Download, error) {
	return c.client.FetchMedia(ctx, c.faults, m)
}
