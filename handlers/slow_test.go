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

// patient is an answer that remembers until when it may be read for, and written.
type patient struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (p *patient) SetReadDeadline(t time.Time) error {
	p.until = append(p.until, t)
	return nil
}

func (p *patient) SetWriteDeadline(t time.Time) error { return p.SetReadDeadline(t) }

func TestAFileMayComeAndGoSlowlyButNotStandStill(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	last, w := now.Add(fileWithin), &patient{ResponseRecorder: httptest.NewRecorder()}
	p := moving{http.NewResponseController(w), func() time.Time { return now }, last}
	from := &coming{
		io.NopCloser(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 100)))), p,
	}
	to := &leaving{w, p}
	for i := range 100 {
		_, err := from.Read(make([]byte, 10))
		require.NoError(t, err)
		_, err = to.Write([]byte("x"))
		require.NoError(t, err)
		want := now.Add(fileStalls)
		if want.After(last) {
			want = last
		}
		require.Equal(t, []time.Time{want, want}, w.until[2*i:])
		now = now.Add(40 * time.Second)
	}
	_, err := from.Read(make([]byte, 10))
	assert.Equal(t, io.EOF, err)
	assert.Equal(t, 100, w.Body.Len())
}

func TestAFileThatDidNotComeWholeIsSaidToHaveBrokenOff(t *testing.T) {
	stopped := errors.New("i/o timeout")
	w := &patient{ResponseRecorder: httptest.NewRecorder()}
	cut := &coming{
		io.NopCloser(iotest.ErrReader(stopped)),
		moving{http.NewResponseController(w), time.Now, time.Now()},
	}
	_, err := cut.Read(make([]byte, 10))
	require.ErrorIs(t, err, stopped)
	a := answerTo(err)
	assert.Equal(t, http.StatusBadRequest, a.Status)
	assert.Contains(t, a.Words, "没有传完")
}
