package wechattest

import (
	"net/http"
	"unicode/utf8"

	"rongjun/bot/channel/platform/platformtest"
)

// maxText is the most bytes of a text; the documentation gives the figure for passive answers.
const maxText = 2048

type outgoing struct {
	To   string `json:"touser"`
	Type string `json:"msgtype"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
	Image struct {
		MediaID string `json:"media_id"`
	} `json:"image"`
	News struct {
		Articles []struct {
			Title, Description, URL string
		} `json:"articles"`
	} `json:"news"`
	Mini struct {
		Title string `json:"title"`
		AppID string `json:"appid"`
		Path  string `json:"pagepath"`
		Thumb string `json:"thumb_media_id"`
	} `json:"miniprogrampage"`
	Menu struct {
		Head string     `json:"head_content"`
		List []MenuItem `json:"list"`
		Tail string     `json:"tail_content"`
	} `json:"msgmenu"`
}

// sendMessage answers message/custom/send.
func (s *Server) sendMessage(_ *http.Request, body []byte) (any, error) {
	var m outgoing
	if err := platformtest.Decode(body, &m); err != nil {
		return nil, err
	}
	if s.cfg.NoCustomerService {
		return nil, refuse(codeNoRight, "api unauthorized")
	}
	got, err := s.readMessage(m)
	if err == nil {
		err = s.checkShown(m)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.followers[m.To]
	if f == nil {
		return nil, refuse(codeBadOpenID, "invalid openid")
	}
	if err := f.takeLocked(s.cfg.Now()); err != nil {
		return nil, err
	}
	f.receiveLocked(got)
	return nil, nil
}

func (s *Server) readMessage(m outgoing) (Received, error) {
	got := Received{Type: m.Type}
	switch m.Type {
	case "text":
		got.Text = m.Text.Content
	case "image":
		got.Text = m.Image.MediaID
	case "news":
		if len(m.News.Articles) != 1 {
			return got, refuse(codeBadMsgType, "one article and no more")
		}
		a := m.News.Articles[0]
		got.Text = a.Title + "\n" + a.Description + "\n" + a.URL
	case "miniprogrampage":
		got.Text = m.Mini.Title
	case "msgmenu":
		if s.cfg.NoMenus {
			return got, refuse(codeBadAccount, "invalid account type")
		}
		got.Text, got.Items, got.Tail = m.Menu.Head, m.Menu.List, m.Menu.Tail
	default:
		return got, refuse(codeBadMsgType, "invalid message type")
	}
	switch {
	case got.Text == "":
		return got, refuse(codeEmptyText, "empty content")
	case len(got.Text) > maxText || !utf8.ValidString(got.Text):
		return got, refuse(codeTooLong, "content size out of limit")
	}
	return got, nil
}
