package wecomtest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	maxText  = 2048 // bytes of a text; the rest is cut without a word
	maxMsgID = 32
)

// outgoing is a message as send_msg and send_msg_on_event take it.
type outgoing struct {
	To          string          `json:"touser"`
	Account     string          `json:"open_kfid"`
	Code        string          `json:"code"`
	MsgID       string          `json:"msgid"`
	Type        string          `json:"msgtype"`
	Text        *textContent    `json:"text"`
	Menu        *Menu           `json:"msgmenu"`
	Image       *mediaContent   `json:"image"`
	Voice       *mediaContent   `json:"voice"`
	Video       *mediaContent   `json:"video"`
	File        *mediaContent   `json:"file"`
	Link        *linkContent    `json:"link"`
	MiniProgram *miniContent    `json:"miniprogram"`
	Location    *placeContent   `json:"location"`
	CALink      *caLinkContent  `json:"ca_link"`
	raw         json.RawMessage // the body as it came
	file        string          // the name of the file that it shows
}

type (
	textContent struct {
		Content string `json:"content"`
		MenuID  string `json:"menu_id,omitempty"`
	}
	mediaContent struct {
		MediaID string `json:"media_id"`
	}
	linkContent struct {
		Title string `json:"title"`
		Desc  string `json:"desc"`
		URL   string `json:"url"`
		Thumb string `json:"thumb_media_id"`
	}
	miniContent struct {
		AppID string `json:"appid"`
		Title string `json:"title"`
		Thumb string `json:"thumb_media_id"`
		Path  string `json:"pagepath"`
	}
	placeContent struct {
		Name      string   `json:"name"`
		Address   string   `json:"address"`
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
	}
	caLinkContent struct {
		URL string `json:"link_url"`
	}
)

// check holds a message to the documented limits of its kind.
func (m *outgoing) check() error {
	if err := checkMsgID(m.MsgID); err != nil {
		return err
	}
	return m.checkKind()
}

func (m *outgoing) checkKind() error {
	switch m.Type {
	case "text":
		if m.Text == nil || m.Text.Content == "" {
			return refuse(codeEmptyText, "text content is empty")
		}
		return nil
	case "msgmenu":
		return m.Menu.check()
	case "image":
		return m.Image.check()
	case "voice":
		return m.Voice.check()
	case "video":
		return m.Video.check()
	case "file":
		return m.File.check()
	case "link":
		return m.Link.check()
	case "miniprogram":
		return m.MiniProgram.check()
	case "location":
		return m.Location.check()
	case "ca_link":
		if m.CALink == nil {
			return missing("ca_link")
		}
		return within("ca_link.link_url", m.CALink.URL, 1, 2048)
	}
	return refuse(codeBadMsgType, "invalid message type")
}

func checkMsgID(id string) error {
	if len(id) > maxMsgID {
		return refuse(codeBadParam, "msgid exceeds %d bytes", maxMsgID)
	}
	if !made(id, "_-") {
		return refuse(codeBadParam, "msgid has characters outside [0-9a-zA-Z_-]")
	}
	return nil
}

func (c *mediaContent) check() error {
	if c == nil || c.MediaID == "" {
		return refuse(codeBadMedia, "invalid media_id")
	}
	return nil
}

func (c *linkContent) check() error {
	if c == nil {
		return missing("link")
	}
	return first(
		within("link.title", c.Title, 1, 128), within("link.desc", c.Desc, 0, 512),
		within("link.url", c.URL, 1, 2048), within("link.thumb_media_id", c.Thumb, 1, 512))
}

func (c *miniContent) check() error {
	if c == nil {
		return missing("miniprogram")
	}
	if !strings.HasSuffix(c.Path, ".html") {
		return refuse(codeBadParam, "miniprogram.pagepath does not end in .html")
	}
	return first(
		within("miniprogram.appid", c.AppID, 1, 64), within("miniprogram.title", c.Title, 0, 64),
		within("miniprogram.thumb_media_id", c.Thumb, 1, 512))
}

func (c *placeContent) check() error {
	if c == nil || c.Latitude == nil || c.Longitude == nil {
		return missing("location")
	}
	if *c.Latitude < -90 || *c.Latitude > 90 || *c.Longitude < -180 || *c.Longitude > 180 {
		return refuse(codeBadParam, "location is not on the globe")
	}
	return nil
}

// cut is what the platform makes of a text that is too long: the bytes beyond the limit are
// gone, and with them a character that the cut has gone through.
func cut(text string) (kept string, wasCut bool) {
	if len(text) <= maxText {
		return text, false
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], true
}

// within refuses a field whose length in bytes is outside the limits.
func within(field, value string, least, most int) error {
	if len(value) < least {
		return missing(field)
	}
	if len(value) > most {
		return refuse(codeBadParam, "%s exceeds %d bytes", field, most)
	}
	return nil
}

func missing(field string) error { return refuse(codeBadParam, "missing %s", field) }

// made says whether s is of ASCII letters, digits and the extra characters only.
func made(s, extra string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return false
		}
		return !strings.ContainsRune(extra, r)
	}) < 0
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
