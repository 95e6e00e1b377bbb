package wecomtest

import (
	"fmt"
	"net/http"
	"time"
)

const (
	pathMedia = "/cgi-bin/media/get"
	mediaLife = 3 * 24 * time.Hour
)

// File is a picture, a recording, a video or a document.
type File struct {
	Name string
	// Type is the content type with which it is handed out.
	Type string
	Data []byte
}

// kept is a file on the platform, until its time is over.
type kept struct {
	File
	until time.Time
}

// addMediaLocked keeps a file for three days; the caller holds s.mu.
func (s *Server) addMediaLocked(f File) (mediaID string) {
	mediaID = "1" + s.random(63)
	s.media[mediaID] = kept{f, s.cfg.Now().Add(mediaLife)}
	return mediaID
}

// getMedia answers media/get with the file itself, named in the head of the answer.
func (s *Server) getMedia(r *http.Request, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.media[r.URL.Query().Get("media_id")]
	if !ok || s.cfg.Now().After(file.until) {
		return nil, refuse(codeBadMedia, "invalid media_id")
	}
	return file.File, nil
}

func (f File) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	w.Header().Set("Content-Length", fmt.Sprint(len(f.Data)))
	_, _ = w.Write(f.Data)
}
