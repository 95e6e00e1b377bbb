package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// fileWithin is how long a file may take in either direction, over a slow line too, and fileStalls how
	// long it may stand still.
	fileWithin = time.Hour
	fileStalls = 45 * time.Second
)

// moving gives a connection time as long as it moves, until a time at most.
type moving struct {
	control *http.ResponseController
	now     func() time.Time
	until   time.Time
}

// next is when it is given up if it does not move.
func (m *moving) next() time.Time {
	next := m.now().Add(fileStalls)
	if next.After(m.until) {
		return m.until
	}
	return next
}

// coming is the body of a request with a file.
type coming struct {
	io.ReadCloser
	moving
}

func (c *coming) Read(p []byte) (int, error) {
	if err := c.control.SetReadDeadline(c.next()); err != nil {
		return 0, fmt.Errorf("give a slow line time: %w", err)
	}
	n, err := c.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errBrokenOff, err)
	}
	return n, err
}

// leaving is an answer that is a file.
type leaving struct {
	http.ResponseWriter
	moving
}

func (l *leaving) Write(p []byte) (int, error) {
	if err := l.control.SetWriteDeadline(l.next()); err != nil {
		return 0, fmt.Errorf("give a slow line time: %w", err)
	}
	return l.ResponseWriter.Write(p)
}
