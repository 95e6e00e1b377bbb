package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// beat is how often a stream says that it lives, so that proxies keep it and a dead reader is
	// noticed; at each beat the store is looked at too, should a hint have been lost.
	beat = 15 * time.Second
	// patience is how long one write may take.
	patience = 10 * time.Second
	// againAfter is how soon a browser connects again, in milliseconds.
	againAfter = 2000
)

// stream sends events to one reader.
type stream struct {
	w       *echo.Response
	control *http.ResponseController
}

// openStream starts an answer that lasts until the reader leaves.
func openStream(c echo.Context) (*stream, error) {
	s := &stream{w: c.Response(), control: http.NewResponseController(c.Response())}
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("lift read deadline: %w", err)
	}
	s.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	s.w.Header().Set("X-Accel-Buffering", "no")
	s.w.WriteHeader(http.StatusOK)
	return s, s.write(fmt.Appendf(nil, "retry: %d\n\n", againAfter))
}

// event sends one event; without an id the reader keeps the place it had.
func (s *stream) event(name string, id int64, data any) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	out := fmt.Appendf(nil, "event: %s\n", name)
	if id > 0 {
		out = fmt.Appendf(out, "id: %d\n", id)
	}
	return s.write(fmt.Appendf(out, "data: %s\n\n", encoded))
}

func (s *stream) beat() error { return s.write([]byte(": beat\n\n")) }

func (s *stream) write(b []byte) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if _, err := s.w.Write(b); err != nil {
		return fmt.Errorf("write to stream: %w", err)
	}
	if err := s.control.Flush(); err != nil {
		return fmt.Errorf("flush stream: %w", err)
	}
	return nil
}
