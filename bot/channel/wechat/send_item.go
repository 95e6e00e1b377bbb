package wechat

import (
	"context"
	"errors"
	"io"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// news is a card that opens a page; the customer-service API takes one article of it.
type news struct {
	Articles []article `json:"articles"`
}

type article struct {
	Title string `json:"title"`
	Note  string `json:"description,omitempty"`
	URL   string `json:"url"`
}

// mini is the card of a mini-program, which must be linked to the account.
type mini struct {
	Title string `json:"title"`
	AppID string `json:"appid"`
	Path  string `json:"pagepath"`
	Thumb string `json:"thumb_media_id"`
}

type picture struct {
	MediaID string `json:"media_id"`
}

// sendItem sends a page or a mini-program as a card. A place has no form of its own here and goes as the
// page of a map.
func (c *Channel) sendItem(ctx context.Context, o bot.Outgoing) error {
	item := o.Items[0]
	switch {
	case item.Place != nil:
		p := item.Place
		return c.post(ctx, card(o.ExternalID, article{p.Name, p.Address, p.MapLink()}))
	case item.Page != nil:
		p := item.Page
		return c.post(ctx, card(o.ExternalID, article{p.Title, p.Note, p.URL}))
	case item.Mini != nil && c.o.MediaIDs != nil:
		m := &mini{Title: item.Mini.Title, AppID: item.Mini.AppID, Path: item.Mini.Path}
		return c.uploads().WithEmblem(ctx, func(id string) error {
			m.Thumb = id
			return c.post(ctx, custom{To: o.ExternalID, Type: "miniprogrampage", Mini: m})
		})
	}
	return c.post(ctx, words(o.ExternalID, o.Text))
}

func card(to string, a article) custom {
	return custom{To: to, Type: "news", News: &news{[]article{a}}}
}

func (c *Channel) uploads() *platform.Uploads {
	return &platform.Uploads{Client: c.client, IDs: c.o.MediaIDs}
}

// Carries implements bot.FileChannel: the customer-service API knows pictures, and no other files.
func (c *Channel) Carries(k bot.Kind) bool {
	return k == bot.KindImage && c.o.MediaIDs != nil && c.o.Files != nil
}

func (c *Channel) sendPicture(ctx context.Context, o bot.Outgoing) error {
	if !c.Carries(o.Kind) {
		return bot.Permanent(errors.New("no place for files"))
	}
	content := platform.Content{
		Kind: "image", Hash: o.File.Hash, Name: o.File.Name, Type: o.File.Type, Size: o.File.Size,
		Open: func() (io.ReadSeekCloser, error) { return c.o.Files.Open(o.File.Hash) },
	}
	return c.uploads().With(ctx, content, func(id string) error {
		return c.post(ctx, custom{To: o.ExternalID, Type: "image", Image: &picture{id}})
	})
}
