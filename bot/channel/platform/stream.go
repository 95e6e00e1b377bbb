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

// Stream is the answer to one request under way; its reader closes it.
type Stream struct {
	io.ReadCloser
	// Type is the content type without parameters; Name what the platform calls the file.
	Type string
	Name string
	// start is where in the file it begins, whole how long the file is, negative where that is not told.
	start, whole int64
}

// Stream makes a call with the access token and returns the body of its answer unread. Whether it is
// a file or a refusal is told by the head alone: a file has a disposition, and may itself be JSON
// that looks like a refusal. It may take as long as it moves.
func (c *Client) Stream(ctx context.Context, call Call) (*Stream, error) {
	call.streams = true
	p := newPulse(ctx)
	var s *Stream
	err := c.withToken(p, call, func(with Call) error {
		return c.paced(call.Path, func() error {
			resp, err := c.send(p, with)
			if err != nil {
				return err
			}
			if resp.StatusCode == http.StatusOK && resp.Header.Get("Content-Disposition") == "" {
				defer func() { _ = resp.Body.Close() }()
				var out struct{}
				if err := c.read(call.Path, resp, &out); err != nil {
					return err
				}
				return bot.Permanent(fmt.Errorf("%s: answer is no file", call.Path))
			}
			s = stream(resp, p)
			return nil
		})
	})
	if err != nil {
		p.end()
		return nil, err
	}
	p.rest()
	return s, nil
}

func stream(resp *http.Response, p *pulse) *Stream {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	_, params, _ := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	s := &Stream{
		ReadCloser: &beating{resp.Body, p}, Type: kind, Name: params["filename"], whole: resp.ContentLength,
	}
	if resp.StatusCode == http.StatusPartialContent {
		var last int64
		_, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &s.start, &last, &s.whole)
		if err != nil {
			s.start = -1 // of what part it is cannot be told
		}
	}
	return s
}

// mediaPath is the call that both platforms give a file by.
const mediaPath = "/cgi-bin/media/get"

// FetchMedia begins the download of what a contact sent, which goes on where it breaks off; the platforms
// keep it for three days, and a refusal of its id means that it is gone.
func (c *Client) FetchMedia(ctx context.Context, faults *Faults, m bot.MediaRef) (bot.Download, error) {
	call := Call{Path: mediaPath, Query: url.Values{"media_id": {m.ID}}}
	first, err := c.Stream(ctx, call)
	faults.Note(mediaPath, err)
	if err != nil {
		return bot.Download{}, fmt.Errorf("fetch media: %w", c.SendError(mediaPath, err))
	}
	whole := &resumed{ctx: ctx, client: c, call: call, now: first, whole: first.whole}
	return bot.Download{ReadCloser: whole, Name: first.Name}, nil
}
