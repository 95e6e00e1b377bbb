package main

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheFirstStartMakesAnAccountThatMustChangeItsPassword(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := o.serves(t)
	info, err := os.Stat(o.data())
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.Regexp(t, `^(\w{4}-){3}\w{4}$`, s.password)
	assert.Contains(t, s.printed.String(), "账号　admin")
	assert.Contains(t, s.printed.String(), "工作台　　"+s.url+"/desk")
	assert.Contains(t, s.printed.String(), "样例市")

	v := newVisitor(t, s.url)
	assert.Equal(t, http.StatusUnauthorized, v.signIn("admin", "not-this-one").status)
	require.Equal(t, "/desk", v.signIn("admin", s.password).header.Get("Location"))
	assert.Equal(t, "/desk/password", v.get("/desk").header.Get("Location"))
	changed := v.submit("/desk/password", url.Values{
		"old": {s.password}, "new": {deskPassword}, "again": {deskPassword},
	})
	require.Equal(t, "/desk", changed.header.Get("Location"), changed.body)
	assert.Equal(t, http.StatusOK, v.get("/desk").status)
	other := newVisitor(t, s.url)
	assert.Equal(t, http.StatusUnauthorized, other.signIn("admin", s.password).status)
}

func TestASecondStartKeepsEverything(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	first := o.serves(t)
	v := newVisitor(t, first.url)
	v.say("优待证怎么办理？")
	answer := v.watch("").next("bot")
	require.True(t, answer.cites("《中华人民共和国退役军人保障法》"), answer)
	admin := newVisitor(t, first.url)
	admin.signIn("admin", first.password)
	admin.submit("/desk/password", url.Values{
		"old": {first.password}, "new": {deskPassword}, "again": {deskPassword},
	})
	require.Equal(t, exitDone, first.end())

	second := o.serves(t)
	assert.Empty(t, second.password, "the password is shown once only")
	v, admin = v.at(second.url), admin.at(second.url)
	page := v.get("/")
	assert.Contains(t, page.body, "优待证怎么办理？")
	assert.Contains(t, page.body, "退役军人保障法")
	assert.Equal(t, answer.ID, v.watch("").next("bot").ID)
	assert.Equal(t, http.StatusOK, admin.get("/desk").status, "the session lives on")
	assert.Equal(t, "/desk", newVisitor(t, second.url).signIn("admin", deskPassword).
		header.Get("Location"))
	v.say("伤残等级怎么评定？")
	resumed := v.watch(answer.place).next("contact")
	assert.Equal(t, "伤残等级怎么评定？", resumed.Text)
}

func TestAStartThatFailedHasShownNoPasswordAndMadeNoAccount(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.settings["RONGJUN_LISTEN"] = taken(t)
	o.fails("serve")
	o.settings["RONGJUN_LISTEN"] = "127.0.0.1:0"
	assert.NotEmpty(t, o.serves(t).password)
}

func TestTheGreetingNamesAddressesThatCanBeOpened(t *testing.T) {
	t.Parallel()
	corp, account := platform(t, wecomtest.Config{}), wechattest.New(wechattest.Config{})
	account.Start()
	t.Cleanup(account.Close)
	p, _ := running(t, settings(t, func(s *config.Config) {
		onPlatform(corp)(s)
		onAccount(account)(s)
		s.Listen, s.PublicURL = "0.0.0.0:0", "https://chat.example.org"
	}))
	said := p.Greeting()
	assert.Contains(t, said, "网页咨询　http://127.0.0.1:")
	assert.Contains(t, said, "https://chat.example.org/callback/wecom")
	assert.Contains(t, said, "https://chat.example.org/callback/wechat")
	assert.Equal(t, http.StatusOK, newVisitor(t, p.URL()).get("/").status)
}
