package wecomtest

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const tries = 3 // how often an unanswered callback is posted in all

// Callback is one try of the platform to tell the program something.
type Callback struct {
	N      int       // counts the callbacks; the tries of one share it
	Try    int       // from 1
	At     time.Time // when it was posted, by the machine's clock
	Took   time.Duration
	Plain  string // the XML before encryption
	Status int    // of the answer; 0: none came
	Err    string // why none came
}

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
	target, err := s.callbackURL(query)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build callback: %w", err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	return r, nil
}

// VerifyURL makes the check of the admin console: the callback must answer the GET with the
// plaintext of echostr, the bytes and nothing else, within a second.
func (s *Server) VerifyURL(ctx context.Context) (plaintext string, err error) {
	want := s.random(19)
	encrypted, query := s.seal([]byte(want))
	query.Set("echostr", encrypted)
	target, err := s.callbackURL(query)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return "", fmt.Errorf("build URL check: %w", err)
	}
	resp, err := s.bells.client.Do(r)
	if err != nil {
		return "", fmt.Errorf("check callback URL: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return "", fmt.Errorf("read answer to URL check: %w", err)
	}
	if resp.StatusCode != http.StatusOK || string(got) != want {
		return string(got), fmt.Errorf("callback answered %d with %d bytes that are not the echo",
			resp.StatusCode, len(got))
	}
	return string(got), nil
}

// seal encrypts for the corporation and signs; the query holds what goes into the URL.
func (s *Server) seal(plain []byte) (encrypted string, query url.Values) {
	var random [16]byte
	s.randomBytes(random[:])
	encrypted = s.crypt.Encrypt(random, plain, s.cfg.CorpID)
	timestamp, nonce := strconv.FormatInt(s.cfg.Now().Unix(), 10), s.random(10)
	return encrypted, url.Values{
		"msg_signature": {s.crypt.Sign(timestamp, nonce, encrypted)},
		"timestamp":     {timestamp}, "nonce": {nonce},
	}
}

func (s *Server) callbackURL(query url.Values) (string, error) {
	target, err := url.Parse(s.bells.target())
	if err != nil {
		return "", fmt.Errorf("parse callback URL: %w", err)
	}
	if target.Host == "" {
		return "", fmt.Errorf("no callback URL is set")
	}
	all := target.Query()
	for k, v := range query {
		all[k] = v
	}
	target.RawQuery = all.Encode()
	return target.String(), nil
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
	token := s.random(43)
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
	var b bytes.Buffer
	element := func(name, value string) {
		b.WriteString("<" + name + ">")
		_ = xml.EscapeText(&b, []byte(value)) // a bytes.Buffer takes everything
		b.WriteString("</" + name + ">")
	}
	b.WriteString("<xml>")
	element("ToUserName", s.cfg.CorpID)
	element("FromUserName", from)
	element("CreateTime", strconv.FormatInt(s.cfg.Now().Unix(), 10))
	element("MsgType", msgType)
	for i := 0; i+1 < len(fields); i += 2 {
		element(fields[i], fields[i+1])
	}
	element("AgentID", s.cfg.AgentID)
	b.WriteString("</xml>")
	return b.Bytes()
}
