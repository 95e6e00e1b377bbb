package platform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"time"

	"rongjun/bot"
)

// uploadPath is where all these platforms take files for a time.
const uploadPath = "/cgi-bin/media/upload"

// Content is what is put on a platform: a picture, a file.
type Content struct {
	// Kind is the platform's word for it, "image" or "file".
	Kind string
	// Hash names the content for good.
	Hash string
	Name string
	// Type is its media type.
	Type string
	Size int64
	Open func() (io.ReadSeekCloser, error)
}

// MediaIDs remember under which id a platform has a content, so that it is put there once in three days
// whichever process sends it.
type MediaIDs interface {
	// MediaID is empty for what is not there.
	MediaID(context.Context, bot.Upload) (string, error)
	KeepMediaID(ctx context.Context, u bot.Upload, id string, keeps time.Duration) error
	DropMediaID(context.Context, bot.Upload) error
}

// Uploads put contents on a platform.
type Uploads struct {
	Client *Client
	IDs    MediaIDs
}

// uploadLife is how long an id is used. The platforms keep it for three days; an hour is left for what
// waits to be sent.
const uploadLife = 71 * time.Hour

// badMedia is the code with which the platforms refuse an id that they do not know any more.
const badMedia = 40007

// With lets use send a message that shows a content. The content is put on the platform where it is not
// there yet, and once more where the platform has forgotten it. No fault of the upload has shown the
// contact anything: what may help is tried again, what was refused is for good.
func (u *Uploads) With(ctx context.Context, c Content, use func(mediaID string) error) error {
	name := bot.Upload{Channel: u.Client.o.Channel, Kind: c.Kind, Hash: c.Hash}
	id, err := u.IDs.MediaID(ctx, name)
	if err != nil {
		return bot.RetryAfter(err, 0)
	}
	if id != "" {
		err := use(id)
		if e := Refused(err); e == nil || e.Code != badMedia {
			return err
		}
		if err := u.IDs.DropMediaID(ctx, name); err != nil {
			return bot.RetryAfter(err, 0)
		}
	}
	if id, err = u.put(ctx, c); err != nil {
		return err
	}
	if err := u.IDs.KeepMediaID(ctx, name, id, uploadLife); err != nil {
		return bot.RetryAfter(err, 0)
	}
	return use(id)
}

// put makes the upload. What is unclear of it is no harm: at worst the platform has it twice.
func (u *Uploads) put(ctx context.Context, c Content) (string, error) {
	id, err := u.Client.upload(ctx, c)
	if err != nil {
		err = u.Client.SendError(uploadPath, err)
	}
	if e, ok := errors.AsType[*bot.SendError](err); ok && e.Class == bot.ClassUnclear {
		err = bot.RetryAfter(err, 0)
	}
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", bot.Permanent(fmt.Errorf("%s: answer without an id", uploadPath))
	}
	return id, nil
}

// upload may take as long as it moves.
func (c *Client) upload(ctx context.Context, content Content) (mediaID string, err error) {
	p := newPulse(ctx)
	defer p.end()
	call := Call{Path: uploadPath, Query: map[string][]string{"type": {content.Kind}}}
	var out struct {
		ID string `json:"media_id"`
	}
	err = c.withToken(p, call, func(with Call) error {
		file, err := content.Open()
		if errors.Is(err, bot.ErrNotFound) {
			return bot.Permanent(fmt.Errorf("open content: %w", err))
		}
		if err != nil {
			return bot.RetryAfter(fmt.Errorf("open content: %w", err), 0)
		}
		defer func() { _ = file.Close() }() // it was only read
		if with.form, err = newForm(content, file); err != nil {
			return bot.Permanent(err)
		}
		with.form.Reader = &felt{with.form.Reader, p}
		return c.paced(call.Path, func() error {
			resp, err := c.send(p, with)
			if err != nil {
				return err
			}
			defer func() { _ = resp.Body.Close() }()
			return c.read(call.Path, resp, &out)
		})
	})
	if err != nil && p.stalled() {
		err = bot.RetryAfter(fmt.Errorf("%s: %w", uploadPath, errStalled), 0)
	}
	return out.ID, err
}

// form is a body with one file, streamed from the disk with its length known beforehand: the platforms
// take no body that is sent in chunks.
type form struct {
	io.Reader
	kind   string
	length int64
}

var fileName = strings.NewReplacer(`\`, "_", `"`, "_", "\n", " ", "\r", " ", "\t", " ")

func newForm(c Content, file io.Reader) (*form, error) {
	var around bytes.Buffer
	w := multipart.NewWriter(&around)
	head := textproto.MIMEHeader{}
	// The platforms read the name as it is, in UTF-8, and not in the encoding that there is for headers.
	head.Set("Content-Disposition", fmt.Sprintf(
		`form-data; name="media"; filename="%s"; filelength=%d`, fileName.Replace(c.Name), c.Size))
	head.Set("Content-Type", c.Type)
	if _, err := w.CreatePart(head); err != nil {
		return nil, fmt.Errorf("begin form: %w", err)
	}
	before := around.Len()
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end form: %w", err)
	}
	text := around.Bytes()
	return &form{
		Reader: io.MultiReader(bytes.NewReader(text[:before]), file, bytes.NewReader(text[before:])),
		kind:   w.FormDataContentType(), length: int64(len(text)) + c.Size,
	}, nil
}
