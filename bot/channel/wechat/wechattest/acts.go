package wechattest

import (
	"fmt"
	"strconv"
)

// Say writes a text and returns its MsgId.
func (f *Follower) Say(text string) string { return f.message("text", "Content", text) }

// Tap taps an item of a menu message: its words come back as a text, with the item's id.
func (f *Follower) Tap(item MenuItem) string {
	return f.message("text", "Content", item.Content, "bizmsgmenuid", item.ID)
}

// SendImage sends a picture.
func (f *Follower) SendImage(data []byte) string {
	id := f.s.AddMedia("image/jpeg", "picture.jpg", data)
	return f.message("image", "PicUrl", f.s.URL()+"/picture/"+id, "MediaId", id)
}

// SendVoice sends speech, with what the platform recognised of it, or nothing.
func (f *Follower) SendVoice(data []byte, recognised string) string {
	id := f.s.AddMedia("audio/amr", "voice.amr", data)
	fields := []string{"MediaId", id, "Format", "amr"}
	if recognised != "" {
		fields = append(fields, "Recognition", recognised)
	}
	return f.message("voice", fields...)
}

// SendVideo sends a film.
func (f *Follower) SendVideo(data []byte) string {
	id := f.s.AddMedia("video/mp4", "video.mp4", data)
	return f.message("video", "MediaId", id, "ThumbMediaId", f.s.Random(64))
}

// SendLocation sends a place on the map.
func (f *Follower) SendLocation(latitude, longitude float64, label string) string {
	return f.message("location", "Location_X", degrees(latitude), "Location_Y", degrees(longitude),
		"Scale", "16", "Label", label)
}

// SendLink sends a link.
func (f *Follower) SendLink(title, description, url string) string {
	return f.message("link", "Title", title, "Description", description, "Url", url)
}

// SendOther sends a message of any kind; fields are names and values alternating.
func (f *Follower) SendOther(kind string, fields ...string) string {
	return f.message(kind, fields...)
}

// Follow follows the account, through the QR code of a scene unless that is empty.
func (f *Follower) Follow(scene string) {
	f.s.mu.Lock()
	f.gone = false
	f.actedLocked(f.s.cfg.Now())
	f.s.mu.Unlock()
	if scene == "" {
		f.event("subscribe", "EventKey", "")
		return
	}
	f.event("subscribe", "EventKey", "qrscene_"+scene, "Ticket", f.s.Random(80))
}

// Unfollow ends it: nothing can be sent any more.
func (f *Follower) Unfollow() {
	f.s.mu.Lock()
	f.gone = true
	f.s.mu.Unlock()
	f.event("unsubscribe", "EventKey", "")
}

// Scan scans the QR code of a scene as one who follows already.
func (f *Follower) Scan(scene string) {
	f.act()
	f.event("SCAN", "EventKey", scene, "Ticket", f.s.Random(80))
}

// Click clicks the account's own menu where it carries a key.
func (f *Follower) Click(key string) {
	f.act()
	f.event("CLICK", "EventKey", key)
}

// View clicks the account's own menu where it leads to a page.
func (f *Follower) View(url string) { f.event("VIEW", "EventKey", url, "MenuId", "415") }

// ReportLocation is what the app tells by itself when the follower allowed it.
func (f *Follower) ReportLocation(latitude, longitude float64) {
	f.event("LOCATION", "Latitude", degrees(latitude), "Longitude", degrees(longitude),
		"Precision", "65.000000")
}

func (f *Follower) act() {
	f.s.mu.Lock()
	defer f.s.mu.Unlock()
	f.actedLocked(f.s.cfg.Now())
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }

// message tells the account of a message of the follower.
func (f *Follower) message(kind string, fields ...string) string {
	s := f.s
	s.mu.Lock()
	s.lastMsgID++
	id := fmt.Sprint(s.lastMsgID)
	f.wroteLocked(s.cfg.Now())
	s.mu.Unlock()
	s.tell(f, told{id: id, plain: s.XML(f.openID, kind, append(fields, "MsgId", id)...)})
	return id
}

func (f *Follower) event(event string, fields ...string) {
	fields = append([]string{"Event", event}, fields...)
	f.s.tell(f, told{plain: f.s.XML(f.openID, "event", fields...)})
}
