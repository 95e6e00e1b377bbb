package wecomtest

import (
	"encoding/base64"
	"fmt"
	"io"
)

// random is an unguessable name of n characters out of [0-9A-Za-z_-].
func (s *Server) random(n int) string {
	data := make([]byte, (n*3+3)/4)
	s.randomBytes(data)
	return base64.RawURLEncoding.EncodeToString(data)[:n]
}

func (s *Server) randomBytes(into []byte) {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	if _, err := io.ReadFull(s.cfg.Rand, into); err != nil {
		panic(fmt.Errorf("wecomtest: read Config.Rand: %w", err))
	}
}
