package wecom

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/silenceper/wechat/v2/work/kf/sendmsg"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// The most bytes of what a card shows [D94677].
const (
	maxTitle     = 128
	maxNote      = 512
	maxURL       = 2048
	maxMiniTitle = 64
)

// itemMessage is a message that is one thing to be opened [D94677].
type itemMessage struct {
	sendmsg.Message
	MsgType  string     `json:"msgtype"`
	Location *placeBody `json:"location,omitempty"`
	Link     *linkBody  `json:"link,omitempty"`
	Mini     *miniBody  `json:"miniprogram,omitempty"`
}

type placeBody struct {
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type linkBody struct {
	Title string `json:"title"`
	Note  string `json:"desc,omitempty"`
	URL   string `json:"url"`
	Thumb string `json:"thumb_media_id"`
}

type miniBody struct {
	AppID string `json:"appid"`
	Title string `json:"title,omitempty"`
	Thumb string `json:"thumb_media_id"`
	Path  string `json:"pagepath"`
}

// sendItem sends a place, a page or a mini-program; one that does not fit its form goes as words.
func (c *Channel) sendItem(ctx context.Context, o bot.Outgoing) error {
	item, m := o.Items[0], itemMessage{Message: head(o)}
	switch {
	case item.Place != nil:
		p := item.Place
		m.MsgType, m.Location = "location", &placeBody{p.Name, p.Address, p.Latitude, p.Longitude}
		return c.post(ctx, m)
	case item.Page != nil && len(item.Page.URL) <= maxURL && c.o.MediaIDs != nil:
		p := item.Page
		m.MsgType, m.Link = "link", &linkBody{
			Title: clipped(p.Title, maxTitle),
			Note:  clipped(p.Note, maxNote), URL: p.URL,
		}
		return c.uploads().WithEmblem(ctx, func(id string) error { m.Link.Thumb = id; return c.post(ctx, m) })
	case item.Mini != nil && strings.HasSuffix(item.Mini.Path, ".html") && c.o.MediaIDs != nil:
		p := item.Mini
		m.MsgType, m.Mini = "miniprogram", &miniBody{
			AppID: p.AppID,
			Title: clipped(p.Title, maxMiniTitle), Path: p.Path,
		}
		return c.uploads().WithEmblem(ctx, func(id string) error { m.Mini.Thumb = id; return c.post(ctx, m) })
	}
	return c.post(ctx, textPayload(o, o.Text))
}

// clipped keeps so many bytes of a text, whole characters of them.
func clipped(text string, most int) string {
	const more = "…"
	if len(text) <= most {
		return text
	}
	end := most - len(more)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}

func (c *Channel) uploads() *platform.Uploads {
	return &platform.Uploads{Client: c.client, IDs: c.o.MediaIDs}
}

// fileMessage is a message that is a picture or a file.
type fileMessage struct {
	sendmsg.Message
	MsgType string    `json:"msgtype"`
	Image   *fileBody `json:"image,omitempty"`
	File    *fileBody `json:"file,omitempty"`
}

type fileBody struct {
	ID string `json:"media_id"`
}

// Carries implements bot.FileChannel.
func (c *Channel) Carries(k bot.Kind) bool {
	return (k == bot.KindImage || k == bot.KindFile) && c.o.MediaIDs != nil && c.o.Files != nil
}

// sendFile puts a picture or a file on the platform, where it is not there yet, and sends it.
func (c *Channel) sendFile(ctx context.Context, o bot.Outgoing) error {
	if !c.Carries(o.Kind) {
		return bot.Permanent(errors.New("no place for files"))
	}
	return c.uploads().With(ctx, fileContent(c.o.Files, o), func(id string) error {
		m := fileMessage{Message: head(o), MsgType: string(o.Kind)}
		if o.Kind == bot.KindImage {
			m.Image = &fileBody{id}
		} else {
			m.File = &fileBody{id}
		}
		return c.post(ctx, m)
	})
}

// fileContent is the file of a message as it is put on the platform.
func fileContent(files Files, o bot.Outgoing) platform.Content {
	return platform.Content{
		Kind: string(o.Kind), Hash: o.File.Hash, Name: o.File.Name, Type: o.File.Type, Size: o.File.Size,
		Open: func() (io.ReadSeekCloser, error) { return files.Open(o.File.Hash) },
	}
}
