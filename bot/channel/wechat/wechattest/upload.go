package wechattest

import (
	"net/http"
	"strings"

	"rongjun/bot/channel/platform/platformtest"
)

// uploadRules are what media/upload takes of each kind.
var uploadRules = map[string]platformtest.UploadRule{
	"image": {Least: 1, Most: 10 << 20, Types: []string{"image/jpeg", "image/png", "image/gif", "image/bmp"}},
	"voice": {Least: 1, Most: 2 << 20, Types: []string{"audio/amr", "audio/mpeg"}},
	"video": {Least: 1, Most: 10 << 20, Types: []string{"video/mp4"}},
	"thumb": {Least: 1, Most: 64 << 10, Types: []string{"image/jpeg"}},
}

func (s *Server) uploadMedia(r *http.Request, body []byte) (any, error) {
	return s.Upload(r, body, uploadRules)
}

// checkShown holds what a message shows beside words to the rules: files that were put here before,
// articles with an address, mini-programs that are named whole.
func (s *Server) checkShown(m outgoing) error {
	picture := ""
	switch m.Type {
	case "image":
		picture = m.Image.MediaID
	case "miniprogrampage":
		picture = m.Mini.Thumb
		if m.Mini.AppID == "" || m.Mini.Path == "" || m.Mini.Title == "" {
			return refuse(codeBadForm, "data format error")
		}
	case "news":
		for _, a := range m.News.Articles {
			if !strings.HasPrefix(a.URL, "http") {
				return refuse(codeBadForm, "data format error: url")
			}
		}
		return nil
	default:
		return nil
	}
	if _, kind, ok := s.Uploaded(picture); !ok || kind != "image" && kind != "thumb" {
		return refuse(codeBadMedia, "invalid media_id")
	}
	return nil
}
