package wechattest

import (
	"fmt"
	"net/http"
)

// media is a temporary file on the platform.
type media struct {
	id, kind, name string
	data           []byte
}

// AddMedia keeps a file and returns its id.
func (s *Server) AddMedia(kind, name string, data []byte) string {
	id := s.random(64)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = media{id, kind, name, data}
	return id
}

// getMedia answers media/get: the file itself, with its name.
func (s *Server) getMedia(r *http.Request, _ []byte) (any, error) {
	id := r.URL.Query().Get("media_id")
	if id == "" {
		return nil, refuse(codeNoMediaID, "media_id missing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.media[id]
	if !ok {
		return nil, refuse(codeBadMedia, "invalid media_id")
	}
	return file, nil
}

func (m media) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", m.kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", m.name))
	_, _ = w.Write(m.data)
}
