package wecomtest

import (
	"net/http"
	"time"
)

const (
	pathMedia = "/cgi-bin/media/get"
	mediaLife = 3 * 24 * time.Hour
)

// kept is a file on the platform, until its time is over.
type kept struct {
	File
	until time.Time
}

// addMediaLocked keeps a file for three days; the caller holds s.mu.
func (s *Server) addMediaLocked(f File) (mediaID string) {
	mediaID = "1" + s.Random(63)
	s.media[mediaID] = kept{f, s.cfg.Now().Add(mediaLife)}
	return mediaID
}

// getMedia answers media/get with the file itself, named in the head of the answer, or with the part of it
// that the request wants [D96486].
func (s *Server) getMedia(r *http.Request, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.media[r.URL.Query().Get("media_id")]
	if !ok || s.cfg.Now().After(file.until) {
		return nil, refuse(codeBadMedia, "invalid media_id")
	}
	return file.AskedBy(r), nil
}
