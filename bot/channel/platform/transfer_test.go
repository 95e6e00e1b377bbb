package platform_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const (
	getPath = "/cgi-bin/media/get"
	putPath = "/cgi-bin/media/upload"
	large   = 20 << 20
	perRead = 8 << 10
)

// line is a body that gives perRead bytes a second and stops, for good or with an error, after so many.
type line struct {
	ctx  context.Context
	data io.Reader
	left int
	err  error // nil: it stands still
}

func (l *line) Read(p []byte) (int, error) {
	if l.left <= 0 && l.err == nil {
		<-l.ctx.Done()
		return 0, l.ctx.Err()
	}
	if l.left <= 0 {
		return 0, l.err
	}
	time.Sleep(time.Second)
	n, err := l.data.Read(p[:min(len(p), perRead, l.left)])
	l.left -= n
	return n, err
}

func (*line) Close() error { return nil }

// shelf hands one file out over a line.
type shelf struct {
	content []byte
	// breaks are how many bytes each answer gives before it stops; the last counts for all further ones.
	breaks []int
	err    error
	// ranges is whether a part can be asked for.
	ranges bool
	asked  []string
}

func (s *shelf) answer(r *http.Request) (*http.Response, error) {
	span := r.Header.Get("Range")
	s.asked = append(s.asked, span)
	from, status := 0, http.StatusOK
	head := http.Header{"Content-Disposition": {`attachment; filename="a.pdf"`}}
	if span != "" && s.ranges {
		_, err := fmt.Sscanf(span, "bytes=%d-", &from)
		if err != nil {
			return nil, err
		}
		status = http.StatusPartialContent
		head.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(s.content)-1, len(s.content)))
	}
	stops := s.breaks[min(len(s.asked), len(s.breaks))-1]
	return &http.Response{
		StatusCode: status, Header: head, ContentLength: int64(len(s.content) - from),
		Body: &line{r.Context(), bytes.NewReader(s.content[from:]), stops, s.err},
	}, nil
}

// client is one of a site that gives out what is on the shelf.
func (s *shelf) client() *platform.Client {
	site, c := newSite()
	plain := site.answer
	site.set(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == getPath {
			return s.answer(r)
		}
		return plain(r)
	})
	return c
}

// fetch downloads what is on the shelf, and says how long it took.
func (s *shelf) fetch(t *testing.T, to io.Writer) (took time.Duration, err error) {
	t.Helper()
	c := s.client()
	began := time.Now()
	d, err := c.FetchMedia(t.Context(), platform.NewFaults(table, time.Now), bot.MediaRef{ID: "m"})
	require.NoError(t, err)
	assert.Equal(t, "a.pdf", d.Name)
	_, err = io.Copy(to, d)
	require.NoError(t, d.Close())
	return time.Since(began), err
}

// pattern is a content in which no part is like another.
func pattern(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.Bytes()[:size]
}

func TestASlowDownloadThatMovesComesToItsEndInLittleMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{content: pattern(large), breaks: []int{large}, err: io.EOF}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		took, err := s.fetch(t, &equals{t, s.content})
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		assert.Equal(t, large/perRead*time.Second, took, "42 minutes")
		assert.Len(t, s.asked, 1)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2<<20))
	})
}

// equals is written a content.
type equals struct {
	t    *testing.T
	left []byte
}

func (e *equals) Write(p []byte) (int, error) {
	require.GreaterOrEqual(e.t, len(e.left), len(p), "more than there is")
	require.True(e.t, bytes.Equal(e.left[:len(p)], p), "%d from the end", len(e.left))
	e.left = e.left[len(p):]
	return len(p), nil
}

func TestADownloadThatStandsStillOrBreaksOffGoesOnWhereItWas(t *testing.T) {
	content := pattern(100 * perRead)
	for name, s := range map[string]*shelf{
		"stands still":          {breaks: []int{10 * perRead, 20 * perRead, len(content)}, ranges: true},
		"breaks off":            {breaks: []int{10 * perRead, 20 * perRead, len(content)}, err: io.ErrUnexpectedEOF, ranges: true},
		"ends early":            {breaks: []int{10 * perRead, 20 * perRead, len(content)}, err: io.EOF, ranges: true},
		"without parts":         {breaks: []int{10 * perRead, 30 * perRead, len(content)}, err: io.ErrUnexpectedEOF},
		"before the first byte": {breaks: []int{0, 0, 30 * perRead, len(content)}, ranges: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s.content = content
				to := &equals{t, content}
				_, err := s.fetch(t, to)
				require.NoError(t, err)
				assert.Empty(t, to.left)
				assert.Len(t, s.asked, len(s.breaks))
				if name == "breaks off" {
					last := len(content) - 1
					assert.Equal(t, []string{
						"", fmt.Sprintf("bytes=%d-%d", 10*perRead, last), fmt.Sprintf("bytes=%d-%d", 30*perRead, last),
					}, s.asked)
				}
			})
		})
	}
}

func TestADownloadThatBringsNothingMoreIsGivenUpAndTriedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{content: pattern(10 * perRead), breaks: []int{5 * perRead, 0}, err: io.ErrUnexpectedEOF, ranges: true}
		took, err := s.fetch(t, io.Discard)
		assert.Equal(t, bot.ClassRetry, classOf(t, err))
		assert.Len(t, s.asked, 6)
		assert.Less(t, took, time.Minute)
	})
}

func TestADownloadWhoseFileIsGoneOrAnotherIsNotGoneOnWith(t *testing.T) {
	for name, then := range map[string]func(*shelf) (*http.Response, error){
		"gone":    func(*shelf) (*http.Response, error) { return code(40007) },
		"another": func(s *shelf) (*http.Response, error) { s.content = s.content[1:]; return nil, nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &shelf{content: pattern(10 * perRead), breaks: []int{5 * perRead}, err: io.ErrUnexpectedEOF, ranges: true}
			site, c := newSite()
			plain, asked := site.answer, 0
			site.set(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path != getPath {
					return plain(r)
				}
				if asked++; asked == 2 {
					if resp, err := then(s); resp != nil {
						return resp, err
					}
				}
				return s.answer(r)
			})
			d, err := c.FetchMedia(t.Context(), platform.NewFaults(table, time.Now), bot.MediaRef{ID: "m"})
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, d)
			require.NoError(t, d.Close())
			assert.Equal(t, int64(5*perRead), n, "nothing of another file")
			want := bot.ClassRetry
			if name == "gone" {
				want = bot.ClassPermanent
			}
			assert.Equal(t, want, classOf(t, err), name)
		})
	}
}

func TestADownloadEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{content: pattern(10 * perRead), breaks: []int{perRead}, ranges: true}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		c := s.client()
		d, err := c.FetchMedia(ctx, platform.NewFaults(table, time.Now), bot.MediaRef{ID: "m"})
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, d)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, d.Close())
	})
}

func classOf(t *testing.T, err error) bot.SendClass {
	t.Helper()
	e, ok := errors.AsType[*bot.SendError](err)
	require.True(t, ok, "%v", err)
	return e.Class
}

// ids remember nothing.
type ids struct{}

func (ids) MediaID(context.Context, bot.Upload) (string, error)                  { return "", nil }
func (ids) KeepMediaID(context.Context, bot.Upload, string, time.Duration) error { return nil }
func (ids) DropMediaID(context.Context, bot.Upload) error                        { return nil }

type disk struct{ *bytes.Reader }

func (disk) Close() error { return nil }

func TestASlowUploadThatMovesComesToItsEndAndOneThatStandsStillIsTriedLater(t *testing.T) {
	content := pattern(large)
	for name, stops := range map[string]int{"moves": large * 2, "stands still": large / 2} {
		synctest.Test(t, func(t *testing.T) {
			site, c := newSite()
			plain := site.answer
			var got int64
			site.set(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path != putPath {
					return plain(r)
				}
				n, err := io.Copy(io.Discard, &line{r.Context(), r.Body, stops, nil})
				got = n
				if err != nil {
					return nil, err
				}
				time.Sleep(30 * time.Second) // it looks at what it was given
				return says(`{"errcode":0,"media_id":"m1"}`)
			})
			began, used := time.Now(), ""
			err := (&platform.Uploads{Client: c, IDs: ids{}}).With(t.Context(), platform.Content{
				Kind: "file", Hash: "h", Name: "a.pdf", Size: large,
				Open: func() (io.ReadSeekCloser, error) { return disk{bytes.NewReader(content)}, nil },
			}, func(id string) error { used = id; return nil })
			took := time.Since(began)
			if name == "moves" {
				require.NoError(t, err)
				assert.Equal(t, "m1", used)
				assert.Greater(t, got, int64(large))
				assert.Greater(t, took, 42*time.Minute)
				return
			}
			assert.Equal(t, bot.ClassRetry, classOf(t, err), "nothing was shown to anybody")
			assert.ErrorContains(t, err, "stands still")
			assert.Empty(t, used)
			assert.Less(t, took, 23*time.Minute)
		})
	}
}
