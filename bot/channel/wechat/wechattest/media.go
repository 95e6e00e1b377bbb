package wechattest

import (
	"net/http"
)

// AddMedia keeps a file and returns its id.
func (s *Server) AddMedia(kind, name string, data []byte) string {
	id := s.Random(64)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = File{Name: name, Type: kind, Data: data}
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
