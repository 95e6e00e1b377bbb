package handlers

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patient is an answer that remembers until when it may be read for.
type patient struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (p *patient) SetReadDeadline(t time.Time) error {
	p.until = append(p.until, t)
	return nil
}

func TestAFileMayComeSlowlyButNotStandStill(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	began, w := now, &patient{ResponseRecorder: httptest.NewRecorder()}
	slow := &moving{
		io.NopCloser(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 100)))),
		http.NewResponseController(w), func() time.Time { return now }, now.Add(fileWithin),
	}
	for range 100 {
		_, err := slow.Read(make([]byte, 10))
		require.NoError(t, err)
		want := now.Add(fileStalls)
		if last := began.Add(fileWithin); want.After(last) {
			want = last
		}
		assert.Equal(t, want, w.until[len(w.until)-1])
		now = now.Add(40 * time.Second)
	}
	_, err := slow.Read(make([]byte, 10))
	assert.Equal(t, io.EOF, err)
}

func TestAFileThatDidNotComeWholeIsSaidToHaveBrokenOff(t *testing.T) {
	stopped := errors.New("i/o timeout")
	w := &patient{ResponseRecorder: httptest.NewRecorder()}
	cut := &moving{
		io.NopCloser(iotest.ErrReader(stopped)), http.NewResponseController(w), time.Now, time.Now(),
	}
	_, err := cut.Read(make([]byte, 10))
	require.ErrorIs(t, err, stopped)
	a := answerTo(err)
	assert.Equal(t, http.StatusBadRequest, a.Status)
	assert.Contains(t, a.Words, "没有传完")
}
