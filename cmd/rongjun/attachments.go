package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"rongjun/bot"
	"rongjun/bot/llm"
	"rongjun/bot/media"
)

// mediaFiles is a media folder in the words of package bot.
type mediaFiles struct{ *media.Folder }

// Put implements bot.MediaFiles.
func (f mediaFiles) Put(r io.Reader, most int64) (bot.Media, error) {
	kept, err := f.Folder.Put(r, most)
	if errors.Is(err, media.ErrTooLarge) || errors.Is(err, media.ErrEmpty) {
		err = fmt.Errorf("%w: %w", bot.ErrInvalid, err)
	}
	return bot.Media{Hash: kept.Hash, Type: kept.Type, Size: kept.Size}, err
}

// Open implements bot.MediaFiles.
func (f mediaFiles) Open(hash string) (io.ReadSeekCloser, error) {
	file, err := f.Folder.Open(hash)
	if errors.Is(err, media.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", bot.ErrNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// speechTimeout bounds one request to the speech service.
const speechTimeout = 25 * time.Second

// openFiles opens the folder that the contents are in.
func (p *Program) openFiles() error {
	folder, err := media.Open(filepath.Join(p.settings.Data, "media"))
	if err != nil {
		return fmt.Errorf("open media: %w", err)
	}
	p.files = mediaFiles{folder}
	return nil
}

// carries are the kinds of files that staff can send, by channel.
func (p *Program) carries() map[string][]bot.Kind {
	out := make(map[string][]bot.Kind)
	for name, c := range p.channels {
		out[name] = bot.Carries(c)
	}
	return out
}

// openAttachments makes what fetches, lets hear and deletes the media of messages.
func (p *Program) openAttachments() error {
	p.attachments = &bot.Attachments{
		Store: p.store, Files: p.files, Sources: map[string]bot.MediaSource{},
		Keep: p.settings.Media.Keep, Now: p.now, Log: p.log,
	}
	for name, channel := range p.channels {
		if source, ok := channel.(bot.MediaSource); ok {
			p.attachments.Sources[name] = source
		}
	}
	if s := p.settings.Speech; s.On() {
		p.attachments.Hearer = llm.New(llm.Options{
			BaseURL: s.BaseURL, Key: s.Key.Reveal(), Model: s.Model, Timeout: speechTimeout,
		})
	}
	return nil
}
