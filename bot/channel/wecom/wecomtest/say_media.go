package wecomtest

import "fmt"

// What the platform carries of each kind, in bytes; the customer's words in place of a larger one
// are not documented, so these are this package's choice.
var mediaLimits = map[string]struct {
	bytes int
	name  string
}{
	"image": {2 << 20, "图片"}, "voice": {2 << 20, "语音"}, "video": {10 << 20, "视频"},
	"file": {20 << 20, "文件"},
}

// SendImage sends a picture.
func (c *Customer) SendImage(openKfID string, data []byte) (msgid string) {
	return c.putMedia(openKfID, "image", File{Name: "image.jpg", Type: "image/jpeg", Data: data})
}

// SendVoice sends a recording in AMR, as the platform hands voice out unless it is asked for Silk.
func (c *Customer) SendVoice(openKfID string, data []byte) (msgid string) {
	return c.putMedia(openKfID, "voice", File{Name: "voice.amr", Type: "audio/amr", Data: data})
}

// SendVideo sends a video.
func (c *Customer) SendVideo(openKfID string, data []byte) (msgid string) {
	return c.putMedia(openKfID, "video", File{Name: "video.mp4", Type: "video/mp4", Data: data})
}

// SendFile sends a document; its type is told as a download of unknown kind.
func (c *Customer) SendFile(openKfID, name string, data []byte) (msgid string) {
	return c.putMedia(openKfID, "file",
		File{Name: name, Type: "application/octet-stream", Data: data})
}

// putMedia keeps a file on the platform and sends its id; what is too large is a text instead.
func (c *Customer) putMedia(openKfID, kind string, f File) string {
	limit := mediaLimits[kind]
	if len(f.Data) > limit.bytes {
		notice := fmt.Sprintf("客户发送的%s大小超过%dM，暂不支持查看", limit.name, limit.bytes>>20)
		return c.put(openKfID, map[string]any{
			"msgtype": "text", "text": textContent{Content: notice},
		}, "〔"+limit.name+"〕")
	}
	c.s.mu.Lock()
	id := c.s.addMediaLocked(f)
	c.s.mu.Unlock()
	return c.put(openKfID, map[string]any{
		"msgtype": kind, kind: mediaContent{MediaID: id},
	}, "〔"+limit.name+"〕")
}

// ForgetMedia throws away every file on the platform, as the end of its three days does.
func (s *Server) ForgetMedia() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.media)
}

// SendLocation sends a place on the map.
func (c *Customer) SendLocation(openKfID string, at Place) (msgid string) {
	return c.put(openKfID, map[string]any{"msgtype": "location", "location": at},
		"〔位置〕"+at.Name)
}

// Place is a place on the map, with the names that the customer's app gives it.
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name"`
	Address   string  `json:"address"`
}

// SendLink passes on a page.
func (c *Customer) SendLink(openKfID, title, url string) (msgid string) {
	return c.put(openKfID, map[string]any{"msgtype": "link", "link": map[string]string{
		"title": title, "desc": title, "url": url, "pic_url": url + "/p.png",
	}}, "〔链接〕"+title)
}
