package wecomtest

import (
	"net/http"

	"rongjun/bot/channel/platform/platformtest"
)

// leastUpload is how many bytes the platform wants of any file.
const leastUpload = 6

// uploadRules are what media/upload takes of each kind.
var uploadRules = map[string]platformtest.UploadRule{
	"image": {Least: leastUpload, Most: 10 << 20, Types: []string{"image/jpeg", "image/png"}},
	"voice": {Least: leastUpload, Most: 2 << 20, Types: []string{"audio/amr"}},
	"video": {Least: leastUpload, Most: 10 << 20, Types: []string{"video/mp4"}},
	"file":  {Least: leastUpload, Most: 20 << 20},
}

func (s *Server) uploadMedia(r *http.Request, body []byte) (any, error) {
	return s.Upload(r, body, uploadRules)
}

// shows finds the file that a message shows: it must have been put there by media/upload as the kind that
// it is sent as, less than three days ago. Whether what a customer sent may be sent back is not
// documented; here it may not.
func (s *Server) shows(m *outgoing) error {
	var kind, id string
	switch m.Type {
	case "image":
		kind, id = "image", m.Image.MediaID
	case "voice":
		kind, id = "voice", m.Voice.MediaID
	case "video":
		kind, id = "video", m.Video.MediaID
	case "file":
		kind, id = "file", m.File.MediaID
	case "link":
		kind, id = "image", m.Link.Thumb
	case "miniprogram":
		kind, id = "image", m.MiniProgram.Thumb
	default:
		return nil
	}
	file, given, ok := s.Uploaded(id)
	if !ok || given != kind {
		return refuse(codeBadMedia, "invalid media_id")
	}
	m.file = file.Name
	return nil
}
