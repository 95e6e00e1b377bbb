package bot

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowLine downloads files only when it is let; everything else comes at once.
type slowLine struct {
	*mediaDesk
	begun, held chan struct{}
}

func (s *slowLine) FetchMedia(_ context.Context, ref MediaRef) (Download, error) {
	if ref.ID == "file" {
		s.begun <- struct{}{}
		<-s.held
	}
	return Download{ReadCloser: io.NopCloser(bytes.NewReader([]byte(ref.ID)))}, nil
}

func TestSlowDownloadsHoldUpNeitherPicturesNorTimedWork(t *testing.T) {
	s := &slowLine{
		&mediaDesk{found: map[int64]Attachment{}, finished: make(chan MediaResult, 20)},
		make(chan struct{}), make(chan struct{}),
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	a := &Attachments{
		Store: s, Files: s, Sources: map[string]MediaSource{"x": s},
		Inbox: &Inbox{Urgent: func(string) bool { return false }},
		Now:   func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	wanted := func(message int64, kind Kind, ref string) Due {
		s.found[message] = Attachment{
			Message: message, Channel: "x", Kind: kind, Media: Media{State: MediaWanted, Ref: ref},
		}
		return Due{Kind: DueMedia, Subject: fmt.Sprint(message)}
	}
	var files []Due
	for i := range int64(fetchesAtATime + 3) {
		files = append(files, wanted(i, KindFile, "file"))
	}
	picture := wanted(100, KindImage, "picture")
	ended := make(chan error, len(files))
	for i, d := range files[:fetchesAtATime] {
		go func() { _, err := a.Work(t.Context(), d); ended <- err }()
		<-s.begun
		assert.Equal(t, i+1, a.large.inside)
	}
	var again []time.Duration
	for _, d := range files[fetchesAtATime:] {
		next, err := a.Work(t.Context(), d)
		require.NoError(t, err)
		again = append(again, next.Sub(now))
	}
	assert.Equal(t, []time.Duration{
		laneLook, laneLook + laneSpread, laneLook + 2*laneSpread,
	}, again, "they come again, not all at once")
	_, err := a.Work(t.Context(), picture)
	require.NoError(t, err)
	assert.Equal(t, int64(100), (<-s.finished).Message)
	assert.Less(t, 2*fetchesAtATime, parallelDue, "other work finds hands though both lanes are full")
	close(s.held)
	for range fetchesAtATime {
		require.NoError(t, <-ended)
	}
	assert.Zero(t, a.large.inside)
}

// deafSource is a platform that cannot be reached.
type deafSource struct{}

func (deafSource) FetchMedia(context.Context, MediaRef) (Download, error) {
	return Download{}, RetryAfter(fmt.Errorf("not reached"), 0)
}

func TestADownloadIsTriedForADayEverLessOften(t *testing.T) {
	d := &mediaDesk{found: map[int64]Attachment{}, finished: make(chan MediaResult, 1)}
	arrived := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	now := arrived
	a := &Attachments{
		Store: d, Files: d, Sources: map[string]MediaSource{"x": deafSource{}},
		Inbox: &Inbox{Urgent: func(string) bool { return false }},
		Now:   func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	d.found[1] = Attachment{
		Message: 1, Channel: "x", Kind: KindImage, Arrived: arrived,
		Media: Media{State: MediaWanted, Ref: "r"},
	}
	tries := 0
	for next := now; !next.IsZero(); tries++ {
		now = next
		var err error
		next, err = a.Work(t.Context(), Due{Kind: DueMedia, Subject: "1", Attempts: tries + 1})
		require.NoError(t, err)
	}
	assert.Equal(t, MediaFailed, (<-d.finished).Media.State)
	assert.GreaterOrEqual(t, now.Sub(arrived), 24*time.Hour)
	assert.Less(t, tries, 150)
	assert.Greater(t, tries, 50)
}

// slowFiles is an outbox with files before words, and a channel on which files take their time.
type slowFiles struct {
	OutboxStore
	mu       sync.Mutex
	waiting  []Sending
	held     chan struct{}
	outcomes chan SendOutcome
	words    chan SendOutcome
}

func (s *slowFiles) ClaimSend(context.Context) (*Sending, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return nil, time.Time{}, nil
	}
	m := s.waiting[0]
	s.waiting = s.waiting[1:]
	return &m, time.Time{}, nil
}

func (s *slowFiles) FinishSend(_ context.Context, m Sending, o SendOutcome) error {
	if m.Outgoing.File == nil {
		s.words <- o
	} else {
		s.outcomes <- o
	}
	return nil
}

func (*slowFiles) RenewSend(context.Context, Sending) error         { return nil }
func (*slowFiles) RescueSends(context.Context, []string) error      { return nil }
func (*slowFiles) Name() string                                     { return "c" }
func (*slowFiles) Keyed() bool                                      { return true }
func (*slowFiles) Parts(r Reply) []Reply                            { return []Reply{r} }
func (*slowFiles) SendFinished(string, MessageState, time.Duration) {}
func (s *slowFiles) Send(_ context.Context, o Outgoing) (Receipt, error) {
	if o.File != nil {
		<-s.held
	}
	return Receipt{}, nil
}

func TestFilesOverASlowLineDoNotKeepWordsWaiting(t *testing.T) {
	const files = 10
	s := &slowFiles{
		held: make(chan struct{}), outcomes: make(chan SendOutcome, files), words: make(chan SendOutcome, 1),
	}
	for i := range int64(files) {
		s.waiting = append(s.waiting, Sending{Conversation: i, Outgoing: Outgoing{
			Address: Address{Channel: "c"}, Kind: KindFile, File: &Media{}, Repeat: true,
		}})
	}
	s.waiting = append(s.waiting, Sending{Conversation: files, Outgoing: Outgoing{Address: Address{Channel: "c"}}})
	sender := &Sender{
		Store: s, Channels: map[string]Channel{"c": s}, Hub: NewHub(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Observer: s, Parallel: filesAtATime + 1, Sweep: time.Hour,
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); sender.Run(ctx) }()
	assert.Equal(t, MessageSent, (<-s.words).State)
	for range files - filesAtATime {
		o := <-s.outcomes
		assert.Equal(t, MessagePending, o.State)
		assert.GreaterOrEqual(t, o.After, laneLook)
		assert.True(t, o.MayHaveArrived, "a repeat stays one")
	}
	close(s.held)
	for range filesAtATime {
		assert.Equal(t, MessageSent, (<-s.outcomes).State)
	}
	stop()
	<-ended
}
