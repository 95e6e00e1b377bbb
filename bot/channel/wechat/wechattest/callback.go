package wechattest

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

// XML is the plaintext of a message or event: fields are written as elements in the given order,
// name and value alternating, behind those that all have.
func (s *Server) XML(from, kind string, fields ...string) []byte {
	var b bytes.Buffer
	element := func(name, value string) {
		b.WriteString("<" + name + ">")
		_ = xml.EscapeText(&b, []byte(value)) // a bytes.Buffer takes everything
		b.WriteString("</" + name + ">")
	}
	b.WriteString("<xml>")
	element("ToUserName", s.cfg.Account)
	element("FromUserName", from)
	element("CreateTime", strconv.FormatInt(s.cfg.Now().Unix(), 10))
	element("MsgType", kind)
	for i := 0; i+1 < len(fields); i += 2 {
		element(fields[i], fields[i+1])
	}
	b.WriteString("</xml>")
	return b.Bytes()
}

// CallbackRequest makes the POST with which the platform hands over an XML plaintext: signed with
// fresh randomness and, unless the account is in plain mode, encrypted.
func (s *Server) CallbackRequest(ctx context.Context, from string, plain []byte) (*http.Request, error) {
	query := s.signed()
	query.Set("openid", from)
	body := string(plain)
	if !s.cfg.Plain {
		var random [16]byte
		s.randomBytes(random[:])
		sealed := s.crypt.Encrypt(random, plain)
		query.Set("encrypt_type", "aes")
		query.Set("msg_signature",
			Sign(s.cfg.Token, query.Get("timestamp"), query.Get("nonce"), sealed))
		body = "<xml><ToUserName><![CDATA[" + s.cfg.Account + "]]></ToUserName>" +
			"<Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
	}
	target, err := s.callbackURL(query)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build callback: %w", err)
	}
	r.Header.Set("Content-Type", "text/xml")
	return r, nil
}

// VerifyURL makes the check of the admin console: the callback must answer the GET with echostr,
// which is not encrypted in either mode.
func (s *Server) VerifyURL(ctx context.Context) error {
	query := s.signed()
	want := s.random(19)
	query.Set("echostr", want)
	target, err := s.callbackURL(query)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.CallbackTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return fmt.Errorf("build URL check: %w", err)
	}
	resp, err := s.delivery.client.Do(r)
	if err != nil {
		return fmt.Errorf("check callback URL: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return fmt.Errorf("read answer to URL check: %w", err)
	}
	if resp.StatusCode != http.StatusOK || string(got) != want {
		return fmt.Errorf("callback answered %d with %d bytes that are not the echo",
			resp.StatusCode, len(got))
	}
	return nil
}

// signed is what every request of the platform carries in its query.
func (s *Server) signed() url.Values {
	timestamp, nonce := strconv.FormatInt(s.cfg.Now().Unix(), 10), s.random(10)
	return url.Values{
		"signature": {Sign(s.cfg.Token, timestamp, nonce)},
		"timestamp": {timestamp}, "nonce": {nonce},
	}
}

func (s *Server) callbackURL(query url.Values) (string, error) {
	target, err := url.Parse(s.delivery.target())
	if err != nil {
		return "", fmt.Errorf("parse callback URL: %w", err)
	}
	if target.Host == "" {
		return "", fmt.Errorf("no callback URL is set")
	}
	target.RawQuery = query.Encode()
	return target.String(), nil
}

// Callback is one try of the platform to tell the program something.
type Callback struct {
	Try    int // from 1
	Took   time.Duration
	Plain  string // the XML before encryption
	Status int    // of the answer; 0: none came
	Answer string // its body
	Err    string // why none came
}
