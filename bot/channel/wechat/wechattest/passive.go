package wechattest

import (
	"encoding/xml"
	"errors"
	"net/http"

	"rongjun/bot/channel/platform/platformtest"
)

// unavailable is what the follower reads when a message is not answered as it must be.
const unavailable = "该公众号暂时无法提供服务，请稍后再试"

// passiveAnswer is an answer to a callback that is shown to the follower.
type passiveAnswer struct {
	XMLName xml.Name `xml:"xml"`
	To      string   `xml:"ToUserName"`
	From    string   `xml:"FromUserName"`
	Created int64    `xml:"CreateTime"`
	Type    string   `xml:"MsgType"`
	Content string   `xml:"Content"`
}

// sealedAnswer is the same in safe mode.
type sealedAnswer struct {
	XMLName   xml.Name `xml:"xml"`
	Encrypt   string   `xml:"Encrypt"`
	Signature string   `xml:"MsgSignature"`
	Timestamp string   `xml:"TimeStamp"`
	Nonce     string   `xml:"Nonce"`
}

// show shows the follower what the answer to a callback holds. An event that fails says nothing.
func (s *Server) show(f *Follower, t told, c Callback) {
	got, err := s.readAnswer(f, c)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil && got.Text != "":
		got.Answers = t.id
		f.receiveLocked(got)
	case err != nil && t.id != "":
		f.receiveLocked(Received{Type: "notice", Text: unavailable})
	}
}

// readAnswer reads the answer to a callback: nothing, success, or a message.
func (s *Server) readAnswer(f *Follower, c Callback) (Received, error) {
	if c.Status != http.StatusOK {
		return Received{}, errors.New("no answer")
	}
	if c.Answer == "" || c.Answer == "success" {
		return Received{}, nil
	}
	plain := []byte(c.Answer)
	if !s.cfg.Plain {
		var err error
		if plain, err = s.openAnswer(plain); err != nil {
			return Received{}, err
		}
	}
	var a passiveAnswer
	if err := xml.Unmarshal(plain, &a); err != nil {
		return Received{}, errors.New("no XML")
	}
	switch {
	case a.To != f.openID || a.From != s.cfg.Account || a.Created == 0:
		return Received{}, errors.New("wrong addresses")
	case a.Type != "text" || a.Content == "" || len(a.Content) > maxText:
		return Received{}, errors.New("no text, or too long")
	}
	return Received{Type: "text", Text: a.Content, Passive: true}, nil
}

func (s *Server) openAnswer(body []byte) ([]byte, error) {
	var a sealedAnswer
	if err := xml.Unmarshal(body, &a); err != nil {
		return nil, errors.New("no XML")
	}
	if a.Encrypt == "" || a.Signature != platformtest.Sign(s.cfg.Token, a.Timestamp, a.Nonce, a.Encrypt) {
		return nil, errors.New("not signed")
	}
	plain, receiver, err := s.crypt.Decrypt(a.Encrypt)
	if err == nil && receiver != s.cfg.AppID {
		err = errors.New("sealed for somebody else")
	}
	return plain, err
}
