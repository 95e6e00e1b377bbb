package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// Download is a content that is being fetched; its reader closes it.
type Download struct {
	io.ReadCloser
	// Name is what the platform calls it, empty where it says nothing.
	Name string
}

// MediaSource is a channel that can fetch what is seen and heard in its messages. An error made by
// Permanent says that it cannot be had, of a read of the Download too. It may take as long as it moves.
type MediaSource interface {
	FetchMedia(context.Context, MediaRef) (Download, error)
}

// MediaFiles keeps contents by their hash.
type MediaFiles interface {
	// Put reads a content of at most so many bytes to its end and keeps it once; ErrInvalid says
	// that it is too large or empty.
	Put(r io.Reader, most int64) (Media, error)
	// Open opens a content; ErrNotFound if it is not there.
	Open(hash string) (io.ReadSeekCloser, error)
	Remove(hash string) error
}

// Attachment is what is seen or heard in a message, with where it came from.
type Attachment struct {
	Message int64
	Channel string
	Kind    Kind
	Media   Media
	// Arrived is when the message came in.
	Arrived time.Time
	// Words are the message's text: for a recording, what the platform heard in it.
	Words string
}

// MediaResult is what became of an attachment that was wanted.
type MediaResult struct {
	Message int64
	// Media has the state kept or failed.
	Media Media
	// Words are what was heard, with their haste.
	Words          string
	Prompt, Urgent bool
	Pacing         Pacing
}

// MediaStore keeps what is known of attachments.
type MediaStore interface {
	// Attachment is that of a message, or ErrNotFound.
	Attachment(ctx context.Context, message int64) (Attachment, error)
	// FinishMedia records the outcome for a message whose media are wanted; the message no longer
	// waits for them. Words become its text. ErrStale if the media are not wanted any more, such as
	// after a recall.
	FinishMedia(ctx context.Context, r MediaResult) error
	// ExpireMedia marks the kept media of a message as deleted.
	ExpireMedia(ctx context.Context, message int64) error
	// MediaKept reports whether some message still refers to a content.
	MediaKept(ctx context.Context, hash string) (bool, error)
}

// Hearer turns a recording into words.
type Hearer interface {
	Hear(ctx context.Context, name string, recording io.Reader) (string, error)
}

// Attachments fetches what is seen and heard in messages, lets it be heard, and deletes it after its
// time.
type Attachments struct {
	Store   MediaStore
	Files   MediaFiles
	Sources map[string]MediaSource
	// Hearer is nil where no service is set; recordings then stay without words.
	Hearer Hearer
	Inbox  *Inbox
	// Keep is how long contents are kept; 0 keeps them for ever.
	Keep time.Duration
	Now  func() time.Time
	Log  *slog.Logger

	// seen is for what an answer waits for, pictures and recordings, large for videos and files.
	seen, large lane

	// removing keeps a content from being deleted while the same one is being taken in. A removal
	// never waits for it, since whoever waits to write holds up all that would read, and a download may
	// be slow: it comes again.
	removing sync.RWMutex
}

// removeAgain is how much later a removal comes again that would have had to wait.
const removeAgain = time.Minute

// Work is the timed work DueMedia: it does what the attachment needs now.
func (a *Attachments) Work(ctx context.Context, d Due) (time.Time, error) {
	message, err := strconv.ParseInt(d.Subject, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("subject %q of %s: %w", d.Subject, d.Kind, ErrInvalid)
	}
	found, err := a.Store.Attachment(ctx, message)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read attachment: %w", err)
	}
	switch found.Media.State {
	case MediaWanted:
		return a.fetch(ctx, found)
	case MediaKept:
		if err := a.Store.ExpireMedia(ctx, message); err != nil {
			return time.Time{}, fmt.Errorf("expire attachment: %w", err)
		}
		return a.remove(ctx, found.Media.Hash)
	case MediaExpired: // by a recall, or just before
		return a.remove(ctx, found.Media.Hash)
	}
	return time.Time{}, nil
}

// Open opens what is kept of a message's media; ErrNotFound where nothing is.
func (a *Attachments) Open(ctx context.Context, message int64) (Media, io.ReadSeekCloser, error) {
	found, err := a.Store.Attachment(ctx, message)
	if err != nil {
		return Media{}, nil, fmt.Errorf("open attachment: %w", err)
	}
	if found.Media.State != MediaKept {
		return Media{}, nil, fmt.Errorf("attachment is %s: %w", found.Media.State, ErrNotFound)
	}
	file, err := a.Files.Open(found.Media.Hash)
	if err != nil {
		return Media{}, nil, fmt.Errorf("open attachment: %w", err)
	}
	return found.Media, file, nil
}

// remove deletes a content that no message refers to any more, or says when to try again.
func (a *Attachments) remove(ctx context.Context, hash string) (time.Time, error) {
	if !a.removing.TryLock() {
		return a.Now().Add(removeAgain), nil
	}
	defer a.removing.Unlock()
	return time.Time{}, a.removeUnused(ctx, hash)
}

func (a *Attachments) removeUnused(ctx context.Context, hash string) error {
	if hash == "" {
		return nil
	}
	used, err := a.Store.MediaKept(ctx, hash)
	if err != nil {
		return fmt.Errorf("look who keeps an attachment: %w", err)
	}
	if used {
		return nil
	}
	if err := a.Files.Remove(hash); err != nil {
		return fmt.Errorf("delete attachment: %w", err)
	}
	return nil
}
