package wechattest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"rongjun/bot/channel/platform/platformtest"
)

// XML is the plaintext of a message or event: fields are written as elements in the given order,
// name and value alternating, behind those that all have.
func (s *Server) XML(from, kind string, fields ...string) []byte {
	return platformtest.XML(append([]string{
		"ToUserName", s.cfg.Account, "FromUserName", from,
		"CreateTime", strconv.FormatInt(s.cfg.Now().Unix(), 10), "MsgType", kind,
	}, fields...)...)
}

// CallbackRequest makes the POST with which the platform hands over an XML plaintext: signed with
// fresh randomness and, unless the account is in plain mode, encrypted.
func (s *Server) CallbackRequest(ctx context.Context, from string, plain []byte) (*http.Request, error) {
	query := s.signed()
	query.Set("openid", from)
	body := string(plain)
	if !s.cfg.Plain {
		var random [16]byte
		s.RandomBytes(random[:])
		sealed := s.crypt.Encrypt(random, plain, s.cfg.AppID)
		query.Set("encrypt_type", "aes")
		query.Set("msg_signature",
			platformtest.Sign(s.cfg.Token, query.Get("timestamp"), query.Get("nonce"), sealed))
		body = "<xml><ToUserName><![CDATA[" + s.cfg.Account + "]]></ToUserName>" +
			"<Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
	}
	return s.Request(ctx, query, body)
}

// VerifyURL makes the check of the admin console: the callback must answer the GET with echostr,
// which is not encrypted in either mode.
func (s *Server) VerifyURL(ctx context.Context) error {
	query := s.signed()
	want := s.Random(19)
	query.Set("echostr", want)
	ctx, cancel := context.WithTimeout(ctx, s.cfg.CallbackTimeout)
	defer cancel()
	_, err := s.Echo(ctx, query, want)
	return err
}

// signed is what every request of the platform carries in its query.
func (s *Server) signed() url.Values {
	timestamp, nonce := strconv.FormatInt(s.cfg.Now().Unix(), 10), s.Random(10)
	return url.Values{
		"signature": {platformtest.Sign(s.cfg.Token, timestamp, nonce)},
		"timestamp": {timestamp}, "nonce": {nonce},
	}
}
