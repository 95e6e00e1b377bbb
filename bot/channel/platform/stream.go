package platform

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"rongjun/bot"
)

// Stream is a download under way; its reader closes it.
type Stream struct {
	io.ReadCloser
	// Type is the content type without parameters; Name what the platform calls the file.
	Type string
	Name string
}

// Stream makes a call with the access token and returns the body of its answer unread. Whether it is
// a file or a refusal is told by the head alone: a file has a disposition, and may itself be JSON
// that looks like a refusal.
func (c *Client) Stream(ctx context.Context, call Call) (*Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, streamTimeout)
	var s *Stream
	err := c.withToken(ctx, call, func(with Call) error {
		return c.paced(call.Path, func() error {
			resp, err := c.send(ctx, with)
			if err != nil {
				return err
			}
			if resp.Header.Get("Content-Disposition") == "" {
				defer func() { _ = resp.Body.Close() }()
				var out struct{}
				if err := c.read(call.Path, resp, &out); err != nil {
					return err
				}
				return bot.Permanent(fmt.Errorf("%s: answer is no file", call.Path))
			}
			s = stream(resp, cancel)
			return nil
		})
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return s, nil
}

func stream(resp *http.Response, cancel context.CancelFunc) *Stream {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	_, params, _ := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	return &Stream{
		ReadCloser: &cancelling{resp.Body, cancel},
		Type:       kind, Name: params["filename"],
	}
}

// cancelling ends the time-out with the body.
type cancelling struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (c *cancelling) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}

// mediaPath is the call that both platforms give a file by.
const mediaPath = "/cgi-bin/media/get"

// FetchMedia begins the download of what a contact sent; the platforms keep it for three days, and a
// refusal of its id means that it is gone.
func (c *Client) FetchMedia(ctx context.Context, faults *Faults, m bot.MediaRef) (bot.Download, error) {
	body, err := c.Stream(ctx, Call{Path: mediaPath, Query: url.Values{"media_id": {m.ID}}})
	faults.Note(mediaPath, err)
	if err != nil {
		return bot.Download{}, fmt.Errorf("fetch media: %w", c.SendError(mediaPath, err))
	}
	return bot.Download{ReadCloser: body, Name: body.Name}, nil
}
