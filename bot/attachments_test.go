package bot

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mediaDesk is the store, the disk and the platform of attachments, as maps.
type mediaDesk struct {
	found    map[int64]Attachment
	kept     map[string]bool
	finished chan MediaResult
	// slow is closed when the first download may end; asked gets a token when it has begun.
	slow, asked chan struct{}
}

func (d *mediaDesk) Attachment(_ context.Context, message int64) (Attachment, error) {
	return d.found[message], nil
}

func (d *mediaDesk) FinishMedia(_ context.Context, r MediaResult) error {
	d.finished <- r
	return nil
}

func (d *mediaDesk) ExpireMedia(_ context.Context, message int64) error {
	found := d.found[message]
	found.Media.State = MediaExpired
	d.found[message] = found
	return nil
}

func (d *mediaDesk) MediaKept(context.Context, string) (bool, error) { return false, nil }

func (d *mediaDesk) Put(r io.Reader, _ int64) (Media, error) {
	content, err := io.ReadAll(r)
	return Media{Hash: string(content), Size: int64(len(content))}, err
}

func (d *mediaDesk) Open(string) (io.ReadSeekCloser, error) { return nil, ErrNotFound }

func (d *mediaDesk) Remove(hash string) error {
	delete(d.kept, hash)
	return nil
}

func (d *mediaDesk) FetchMedia(_ context.Context, ref MediaRef) (Download, error) {
	if ref.ID == "slow" {
		close(d.asked)
		<-d.slow
	}
	return Download{ReadCloser: io.NopCloser(bytes.NewReader([]byte("picture " + ref.ID)))}, nil
}

func TestARemovalHoldsUpNoDownloadAndComesAgain(t *testing.T) {
	d := &mediaDesk{
		found: map[int64]Attachment{
			1: {Message: 1, Channel: "x", Media: Media{State: MediaWanted, Ref: "slow"}},
			2: {Message: 2, Channel: "x", Media: Media{State: MediaWanted, Ref: "quick"}},
			3: {Message: 3, Channel: "x", Media: Media{State: MediaKept, Hash: "old"}},
		},
		kept: map[string]bool{"old": true}, finished: make(chan MediaResult, 2),
		slow: make(chan struct{}), asked: make(chan struct{}),
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	a := &Attachments{
		Store: d, Files: d, Sources: map[string]MediaSource{"x": d}, Inbox: &Inbox{
			Urgent: func(string) bool { return false },
		},
		Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	work := func(message string) time.Time {
		next, err := a.Work(t.Context(), Due{Kind: DueMedia, Subject: message})
		require.NoError(t, err)
		return next
	}
	ended := make(chan struct{})
	go func() { defer close(ended); work("1") }()
	<-d.asked
	assert.Equal(t, now.Add(removeAgain), work("3"), "the removal does not wait for the slow download")
	assert.True(t, d.kept["old"])
	work("2")
	assert.Equal(t, "picture quick", (<-d.finished).Media.Hash, "nor does a download for the removal")
	close(d.slow)
	<-ended
	assert.Zero(t, work("3"))
	assert.False(t, d.kept["old"])
}
