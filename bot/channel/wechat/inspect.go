package wechat

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/silenceper/wechat/v2/util"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// Inspector reads how an official account is set up, for the operator who wants to know what is missing.
// It changes nothing and reaches nobody; a refusal is a *platform.Error with the platform's code.
type Inspector struct{ c *Channel }

// Inspect returns an inspector with the channel's access.
func (c *Channel) Inspect() Inspector { return Inspector{c} }

// Token asks for a stable access token, which shows that AppID, AppSecret and our address are right.
func (i Inspector) Token(ctx context.Context) error {
	_, _, err := i.c.fetchToken(ctx, i.c.client)
	return err
}

// probed is nobody's openid, codeNobody what the platform says of one.
const (
	probed     = "rongjun-doctor"
	codeNobody = 40003
)

// MaySend reports whether the account has the customer-service API: a message to nobody is refused for
// its receiver only where it has.
func (i Inspector) MaySend(ctx context.Context) error {
	err := i.c.post(ctx, words(probed, "x"))
	if e := platform.Refused(err); e != nil && e.Code == codeNobody {
		return nil
	}
	return err
}

// Echo is the query of the platform's check of the callback address, made by ourselves: what the address
// must answer with is plain.
func (i Inspector) Echo(plain string) (url.Values, error) {
	query, _, err := i.signed()
	if err == nil {
		query.Set("echostr", plain)
	}
	return query, err
}

// probeEvent is an event that the platform does not have, so that nothing follows from it.
const probeEvent = "rongjun_doctor"

// Probe is a callback in the account's mode with an event from which nothing follows, as query and body.
func (i Inspector) Probe() (url.Values, []byte, error) {
	query, random, err := i.signed()
	if err != nil || i.c.o.Plain {
		return query, i.event(), err
	}
	sealed, err := util.EncryptMsg(random, i.event(), i.c.o.AppID, i.c.o.AESKey)
	if err != nil {
		return nil, nil, fmt.Errorf("encrypt a callback: %w", bot.ErrInvalid)
	}
	query.Set("encrypt_type", "aes")
	query.Set("msg_signature", util.Signature(
		i.c.o.Token, query.Get("timestamp"), query.Get("nonce"), string(sealed)))
	body := "<xml><ToUserName><![CDATA[" + i.c.o.AppID + "]]></ToUserName><Encrypt><![CDATA[" +
		string(sealed) + "]]></Encrypt></xml>"
	return query, []byte(body), nil
}

// Lowered is the same without encryption, as somebody would send it who has seen a query of the
// platform's. An account in the encrypted mode must refuse it.
func (i Inspector) Lowered() (url.Values, []byte, error) {
	query, _, err := i.signed()
	return query, i.event(), err
}

func (i Inspector) event() []byte {
	return fmt.Appendf(nil, "<xml><ToUserName><![CDATA[%s]]></ToUserName>"+
		"<FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event></xml>",
		i.c.o.AppID, probed, i.c.o.Now().Unix(), probeEvent)
}

// signed is what every request of the platform carries in its query, and the random bytes behind it.
func (i Inspector) signed() (url.Values, []byte, error) {
	random := make([]byte, 16)
	if _, err := io.ReadFull(i.c.o.Rand, random); err != nil {
		return nil, nil, fmt.Errorf("read random bytes: %w", err)
	}
	timestamp, nonce := strconv.FormatInt(i.c.o.Now().Unix(), 10), strconv.Itoa(int(random[0]))
	return url.Values{
		"timestamp": {timestamp}, "nonce": {nonce},
		"signature": {util.Signature(i.c.o.Token, timestamp, nonce)},
	}, random, nil
}
