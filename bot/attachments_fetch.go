package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The most bytes of each kind that are kept, which is what the platforms say they carry.
var mediaLimits = map[Kind]int64{
	KindImage: 10 << 20, KindVoice: 2 << 20, KindVideo: 10 << 20, KindFile: 20 << 20,
}

const (
	// fetchPatience is how long a download is tried while the platform cannot be reached: an outage must
	// lose nothing. fetchTimeout bounds one try, over a slow line too: the channel gives up what does not
	// move.
	fetchPatience = 24 * time.Hour
	fetchTimeout  = time.Hour
	// fetchesAtATime is how many downloads there may be of what an answer waits for, and as many again of
	// what is large.
	fetchesAtATime = 4
	// hearTimeout bounds how long words are waited for.
	hearTimeout = 30 * time.Second
)

// fetch takes an attachment in and says when it is to be deleted, or where too many are under way, when
// to come again. What cannot be had is noted with its reason; what may yet be had is tried again.
func (a *Attachments) fetch(ctx context.Context, found Attachment) (time.Time, error) {
	lane := &a.seen
	if found.Kind == KindVideo || found.Kind == KindFile {
		lane = &a.large
	}
	ok, again := lane.enter(fetchesAtATime)
	if !ok {
		return a.Now().Add(again), nil
	}
	defer lane.leave()
	a.removing.RLock()
	defer a.removing.RUnlock()
	kept, err := a.download(ctx, found)
	r := MediaResult{Message: found.Message, Media: kept, Pacing: a.Inbox.Pacing}
	switch {
	case err == nil:
		r.Words = a.hear(ctx, found, kept)
		r.Prompt, r.Urgent = a.Inbox.haste(r.Words)
	case mayYetWork(err) && a.Now().Sub(found.Arrived) < fetchPatience:
		a.Log.Warn("attachment not fetched yet", "channel", found.Channel, "kind", found.Kind, "error", err)
		return fetchAgain(found.Arrived, a.Now()), nil
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

// fetchAgain is when a download is tried once more: soon while the message is young, and never much later
// than it has waited already.
func fetchAgain(arrived, now time.Time) time.Time {
	return now.Add(max(time.Second, min(now.Sub(arrived)/4, 15*time.Minute)))
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
