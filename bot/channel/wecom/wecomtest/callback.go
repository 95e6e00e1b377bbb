package wecomtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

// CallbackRequest makes the POST with which the platform hands over an XML plaintext: signed,
// encrypted, with fresh randomness. A plaintext with an AgentID travels in an app's envelope,
// which names the AgentID too.
func (s *Server) CallbackRequest(ctx context.Context, plain []byte) (*http.Request, error) {
	encrypted, query := s.seal(plain)
	agent := ""
	if bytes.Contains(plain, []byte("<AgentID>")) {
		agent = "<AgentID><![CDATA[" + s.cfg.AgentID + "]]></AgentID>"
	}
	body := "<xml><ToUserName><![CDATA[" + s.cfg.CorpID + "]]></ToUserName>" + agent +
		"<Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>"
	return s.Request(ctx, query, body)
}

// VerifyURL makes the check of the admin console: the callback must answer the GET with the
// plaintext of echostr, the bytes and nothing else, within a second.
func (s *Server) VerifyURL(ctx context.Context) (plaintext string, err error) {
	want := s.Random(19)
	encrypted, query := s.seal([]byte(want))
	query.Set("echostr", encrypted)
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return s.Echo(ctx, query, want)
}

// seal encrypts for the corporation and signs; the query holds what goes into the URL.
func (s *Server) seal(plain []byte) (encrypted string, query url.Values) {
	var random [16]byte
	s.RandomBytes(random[:])
	encrypted = s.crypt.Encrypt(random, plain, s.cfg.CorpID)
	timestamp, nonce := strconv.FormatInt(s.cfg.Now().Unix(), 10), s.Random(10)
	return encrypted, url.Values{
		"msg_signature": {platformtest.Sign(s.cfg.Token, timestamp, nonce, encrypted)},
		"timestamp":     {timestamp}, "nonce": {nonce},
	}
}

// KFEvent is the plaintext of the bell of an account: it names a fresh token, good for pulling
// during ten minutes, and no message.
func (s *Server) KFEvent(openKfID string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kfEvent(s.mustAccount(openKfID))
}

func (s *Server) kfEvent(a *account) []byte {
	now := s.cfg.Now()
	for len(a.bellOrder) > 0 && now.After(a.bellKeys[a.bellOrder[0]]) {
		delete(a.bellKeys, a.bellOrder[0])
		a.bellOrder = a.bellOrder[1:]
	}
	token := s.Random(43)
	a.bellKeys[token] = now.Add(bellLife)
	a.bellOrder = append(a.bellOrder, token)
	return s.eventXML("kf_msg_or_event", fmt.Sprintf(
		"<Token><![CDATA[%s]]></Token><OpenKfId><![CDATA[%s]]></OpenKfId>", token, a.id))
}

// eventXML is an event of customer service with its own elements in rest.
func (s *Server) eventXML(event, rest string) []byte {
	return fmt.Appendf(nil, "<xml><ToUserName><![CDATA[%s]]></ToUserName>"+
		"<CreateTime>%d</CreateTime><MsgType><![CDATA[event]]></MsgType>"+
		"<Event><![CDATA[%s]]></Event>%s</xml>",
		s.cfg.CorpID, s.cfg.Now().Unix(), event, rest)
}

// AppXML builds the plaintext of a message or event of the app: fields are written as
// elements in the given order, name and value alternating, behind the ones that all have.
func (s *Server) AppXML(from, msgType string, fields ...string) []byte {
	all := []string{
		"ToUserName", s.cfg.CorpID, "FromUserName", from,
		"CreateTime", strconv.FormatInt(s.cfg.Now().Unix(), 10), "MsgType", msgType,
	}
	return platformtest.XML(append(append(all, fields...), "AgentID", s.cfg.AgentID)...)
}
