package handlers_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers"
)

// passive is a callback that can be answered with a text, and what there is to say.
type passive struct {
	callback
	say      string
	err      error
	unwieldy error
}

func (p *passive) Decode(q url.Values, body []byte) (bot.Delivery, error) {
	d, err := p.callback.Decode(q, body)
	d.Passive = &bot.PassiveAnswer{Body: func(text string) ([]byte, error) {
		return []byte("<xml>" + text + "</xml>"), p.unwieldy
	}}
	return d, err
}

func (p *passive) Await(
	context.Context, bot.Incoming, bot.Accepted, bot.Limits,
) (string, error) {
	return p.say, p.err
}

func TestACallbackIsAnsweredWithWhatThereIsToSayOrAcknowledged(t *testing.T) {
	p := &passive{}
	r := newRig(t, func(o *handlers.Options) {
		o.Callbacks = map[string]handlers.Callback{"wecom": p}
		o.Passive = p
	})
	b := r.browser()
	post := func(id string) string {
		a := b.do("POST", "/callback/wecom?msg_signature=good", "text/xml", id)
		assert.Equal(t, 200, a.StatusCode)
		return a.body
	}
	p.say = "按年限算"
	assert.Equal(t, "<xml>按年限算</xml>", post("m1"))
	p.say = ""
	assert.Equal(t, "success", post("m2"), "there is nothing to say")
	p.err = errors.New("no database")
	assert.Equal(t, "success", post("m3"), "it is stored, and is answered when the contact comes again")
	p.say, p.err, p.unwieldy = "按年限算", nil, errors.New("no key")
	assert.Equal(t, "success", post("m4"))
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 100)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(messages), 4)
	r.inbox.fail(bot.ErrUnavailable)
	resp, err := b.client.Post(b.url+"/callback/wecom?msg_signature=good", "text/xml", nil)
	if err == nil {
		_ = resp.Body.Close()
	}
	require.Error(t, err, "what is not stored is not answered")
}
