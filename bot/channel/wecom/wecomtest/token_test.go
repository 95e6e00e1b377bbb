package wecomtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestATokenIsTheSameUntilItExpires(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	old := c.token
	now.forward(time.Hour)
	c.login()
	assert.Equal(t, old, c.token, "a repeat within the validity")
	assert.Zero(t, c.post("/cgi-bin/kf/account/list", "{}").code())
	now.forward(time.Hour)
	assert.Equal(t, 42001, c.post("/cgi-bin/kf/account/list", "{}").code())
	c.login()
	assert.NotEqual(t, old, c.token)
	assert.Zero(t, c.post("/cgi-bin/kf/account/list", "{}").code())
	assert.Equal(t, 3, srv.Calls("/cgi-bin/gettoken"))
}

func TestARevokedTokenIsRefusedAndReplaced(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	srv.RevokeTokens()
	for range 2 {
		assert.Equal(t, 40014, c.post("/cgi-bin/kf/account/list", "{}").code())
	}
	c.login()
	assert.Zero(t, c.post("/cgi-bin/kf/account/list", "{}").code())
}

func TestEveryCallWantsItsTokenAndMethod(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	cfg := srv.Config()
	login := func(corp, secret string) int {
		return c.get("/cgi-bin/gettoken",
			url.Values{"corpid": {corp}, "corpsecret": {secret}}).code()
	}
	assert.Equal(t, 40001, login(cfg.CorpID, "wrong"))
	assert.Equal(t, 40013, login("wrong", cfg.Secret))
	assert.Equal(t, 43001, c.post("/cgi-bin/gettoken", "{}").code())
	assert.Equal(t, 43002, c.get("/cgi-bin/kf/sync_msg", nil).code())
	assert.Equal(t, 41001, c.get("/cgi-bin/kf/servicer/list", nil).code())
	assert.Equal(t, http.StatusNotFound, c.get("/cgi-bin/kf/nothing", nil)["status"])
	c.token = "made-up"
	assert.Equal(t, 40014, c.post("/cgi-bin/kf/sync_msg", "{}").code())
}
