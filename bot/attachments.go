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
// Permanent says that it cannot be had.
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

	// removing keeps a content from being deleted while the same one is being taken in.
	removing sync.RWMutex
}

// The most bytes of each kind that are kept, which is what the platforms say they carry.
var mediaLimits = map[Kind]int64{
	KindImage: 10 << 20, KindVoice: 2 << 20, KindVideo: 10 << 20, KindFile: 20 << 20,
}

const (
	// fetchAttempts is how often a download is tried; fetchTimeout bounds one try.
	fetchAttempts = 6
	fetchTimeout  = 60 * time.Second
	// hearTimeout bounds how long words are waited for.
	hearTimeout = 30 * time.Second
)

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
		return a.fetch(ctx, found, d.Attempts)
	case MediaKept:
		if err := a.Store.ExpireMedia(ctx, message); err != nil {
			return time.Time{}, fmt.Errorf("expire attachment: %w", err)
		}
		return time.Time{}, a.remove(ctx, found.Media.Hash)
	case MediaExpired: // by a recall
		return time.Time{}, a.remove(ctx, found.Media.Hash)
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

// fetch takes an attachment in and says when it is to be deleted. What cannot be had is noted with
// its reason; what may yet be had is an error, and tried again.
func (a *Attachments) fetch(ctx context.Context, found Attachment, attempt int) (time.Time, error) {
	a.removing.RLock()
	defer a.removing.RUnlock()
	kept, err := a.download(ctx, found)
	r := MediaResult{Message: found.Message, Media: kept, Pacing: a.Inbox.Pacing}
	switch {
	case err == nil:
		r.Words = a.hear(ctx, found, kept)
		r.Prompt, r.Urgent = a.Inbox.haste(r.Words)
	case attempt < fetchAttempts && mayYetWork(err):
		return time.Time{}, fmt.Errorf("fetch attachment: %w", err)
	default:
		a.Log.Warn("attachment not to be had", "channel", found.Channel, "kind", found.Kind,
			"error", err)
		r.Media = Media{State: MediaFailed, Reason: whyNotHad(err)}
	}
	err = a.Store.FinishMedia(ctx, r)
	if errors.Is(err, ErrStale) { // the contact took the message back meanwhile
		return time.Time{}, a.removeUnused(ctx, kept.Hash)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("record attachment: %w", err)
	}
	if r.Media.State != MediaKept || a.Keep == 0 {
		return time.Time{}, nil
	}
	return a.Now().Add(a.Keep), nil
}

func (a *Attachments) download(ctx context.Context, found Attachment) (Media, error) {
	source, ok := a.Sources[found.Channel]
	if !ok {
		return Media{}, Permanent(fmt.Errorf("channel %q fetches nothing", found.Channel))
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	ref := MediaRef{ID: found.Media.Ref, Name: found.Media.Name}
	body, err := source.FetchMedia(ctx, ref)
	if err != nil {
		return Media{}, err
	}
	defer func() { _ = body.Close() }() // it was read, or is given up
	kept, err := a.Files.Put(body, mediaLimits[found.Kind])
	if err != nil {
		return Media{}, fmt.Errorf("keep attachment: %w", err)
	}
	kept.State, kept.Name = MediaKept, found.Media.Name
	if kept.Name == "" {
		kept.Name = body.Name
	}
	kept.Name = CleanText(kept.Name, maxFileName)
	return kept, nil
}

// maxFileName is the most characters of a file's name that are kept.
const maxFileName = 120

// mayYetWork reports whether another try may help.
func mayYetWork(err error) bool {
	if e, ok := errors.AsType[*SendError](err); ok && e.Class == ClassPermanent {
		return false
	}
	return !errors.Is(err, ErrInvalid)
}

// whyNotHad is the reason in words for staff.
func whyNotHad(err error) string {
	switch {
	case errors.Is(err, ErrInvalid):
		return "太大或者是空的，没有保存"
	case mayYetWork(err):
		return "多次下载都没有成功"
	}
	return "平台上已经没有了"
}

// hear returns the words of a recording, none where it cannot be heard.
func (a *Attachments) hear(ctx context.Context, found Attachment, kept Media) string {
	if found.Kind != KindVoice || found.Words != "" || a.Hearer == nil {
		return ""
	}
	file, err := a.Files.Open(kept.Hash)
	if err != nil {
		a.Log.Error("recording not opened", "error", err)
		return ""
	}
	defer func() { _ = file.Close() }()
	ctx, cancel := context.WithTimeout(ctx, hearTimeout)
	defer cancel()
	words, err := a.Hearer.Hear(ctx, recordingName(kept.Type), file)
	if err != nil {
		a.Log.Warn("recording not heard", "error", err)
		return ""
	}
	return CleanText(words, MaxText)
}

// recordingName tells a service by its ending what it is given.
func recordingName(kind string) string {
	switch kind {
	case "audio/silk":
		return "voice.silk"
	case "audio/mpeg":
		return "voice.mp3"
	case "audio/wave":
		return "voice.wav"
	}
	return "voice.amr"
}

// remove deletes a content that no message refers to any more.
func (a *Attachments) remove(ctx context.Context, hash string) error {
	a.removing.Lock()
	defer a.removing.Unlock()
	return a.removeUnused(ctx, hash)
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
