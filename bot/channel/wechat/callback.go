package wechat

import (
	"crypto/subtle"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/silenceper/wechat/v2/util"

	"rongjun/bot"
)

// skew is how far a callback's timestamp may be from our clock before it is worth a line in the log.
// It is never refused for that: the platform's own retries are old.
const skew = 10 * time.Minute

// ack tells the platform that a message was taken and nothing is to be shown for it now.
const ack = "success"

// Verify answers the platform's check of the callback address: the signature is over token, timestamp
// and nonce in both modes, and echostr goes back as it is. Every fault is bot.ErrForged.
func (c *account) Verify(query url.Values) ([]byte, error) {
	echo := query.Get("echostr")
	if echo == "" || !c.signed(query, "signature") {
		return nil, bot.ErrForged
	}
	return []byte(echo), nil
}

// envelope is what an encrypted callback's body is wrapped in.
type envelope struct {
	XMLName xml.Name
	Encrypt string `xml:"Encrypt"`
}

// Decode opens a callback. bot.ErrEnvelope says that there is nothing to open, bot.ErrForged that it
// was not made by the platform for this account; the faults of the second kind look all alike.
func (c *account) Decode(query url.Values, body []byte) (bot.Delivery, error) {
	plain, err := c.open(query, body)
	if err != nil {
		return bot.Delivery{}, err
	}
	c.watchClock(query.Get("timestamp"))
	d, _, err := c.read(plain)
	return d, err
}

// open gives the plain text of a callback. Which of the two forms it must have is fixed by the
// settings: the signature of the plain one does not cover the body, so a query of the platform's that
// somebody saw would let them write anything, were it enough to leave encrypt_type out.
func (c *account) open(query url.Values, body []byte) ([]byte, error) {
	if c.o.Plain {
		if !c.signed(query, "signature") {
			return nil, bot.ErrForged
		}
		return body, nil
	}
	if query.Get("encrypt_type") != "aes" {
		return nil, bot.ErrForged
	}
	var e envelope
	if !utf8.Valid(body) || xml.Unmarshal(body, &e) != nil || e.Encrypt == "" {
		return nil, fmt.Errorf("body has no Encrypt element: %w", bot.ErrEnvelope)
	}
	if !c.signed(query, "msg_signature", e.Encrypt) {
		return nil, bot.ErrForged
	}
	_, plain, err := util.DecryptMsg(c.o.AppID, e.Encrypt, c.o.AESKey)
	if err != nil {
		return nil, bot.ErrForged
	}
	return plain, nil
}

// signed checks the signature in a field of the query, over the token, timestamp, nonce and more.
func (c *account) signed(query url.Values, field string, more ...string) bool {
	fields := append([]string{c.o.Token, query.Get("timestamp"), query.Get("nonce")}, more...)
	want, have := util.Signature(fields...), query.Get(field)
	return subtle.ConstantTimeCompare([]byte(want), []byte(have)) == 1
}

func (c *account) watchClock(timestamp string) {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return
	}
	if off := c.o.Now().Sub(time.Unix(seconds, 0)); off.Abs() > skew {
		c.o.Log.Warn("timestamp of a callback is far off", "channel", Name, "off", off)
	}
}
