package main

import (
	"crypto/rand"
	"fmt"

	"rongjun/bot"
	"rongjun/bot/channel/webchat"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wecom"
	"rongjun/config"
	"rongjun/handlers"
)

// openChannels opens the web chat and the platforms that are set up.
func (p *Program) openChannels() error {
	p.channels = map[string]bot.Channel{webchat.Name: webchat.Channel{}}
	if err := p.openWeCom(); err != nil {
		return err
	}
	return p.openWeChat()
}

func (p *Program) openWeCom() error {
	s := p.settings.WeCom
	if s.CorpID == "" {
		return nil
	}
	c, err := wecom.New(wecom.Options{
		CorpID: s.CorpID, AgentID: s.AgentID, Secret: s.Secret.Reveal(), Token: s.Token.Reveal(),
		AESKey: s.AESKey.Reveal(), APIBase: s.APIBase, DuplicateCodes: s.DuplicateCodes,
		Now: p.now, Rand: rand.Reader, Log: p.log, Observer: p.metrics,
		Files: p.files, MediaIDs: p.store,
	})
	if err != nil {
		words := "wecom.aes_key 不正确：应当是企业微信后台给出的 43 个字符。"
		return &told{words, fmt.Errorf("open wecom: %w", err)}
	}
	p.wecom = c
	p.channels[wecom.Name] = c
	p.channels[wecom.AppName] = c.App()
	return nil
}

func (p *Program) openWeChat() error {
	s := p.settings.WeChat
	if s.AppID == "" {
		return nil
	}
	o := wechat.Options{
		AppID: s.AppID, Secret: s.Secret.Reveal(), Token: s.Token.Reveal(), AESKey: s.AESKey.Reveal(),
		Plain: s.Mode == config.Plain, APIBase: s.APIBase,
		Now: p.now, Rand: rand.Reader, Log: p.log, Observer: p.metrics,
		Files: p.files, MediaIDs: p.store,
	}
	var c interface {
		bot.Channel
		handlers.Callback
	}
	var err error
	if s.Passive == config.Yes {
		c, err = wechat.NewPassive(o)
	} else {
		c, err = wechat.New(o)
	}
	if err != nil {
		words := "wechat.aes_key 不正确：应当是公众平台给出的 43 个字符。"
		return &told{words, fmt.Errorf("open wechat: %w", err)}
	}
	p.wechat = c
	p.channels[wechat.Name] = c
	return nil
}

// overflow passes on who waits while nobody has the desk open, where the settings say so.
func (p *Program) overflow() *bot.Overflow {
	if p.settings.WeCom.Pool != config.Yes {
		return nil
	}
	return &bot.Overflow{Channels: p.channels, Log: p.log}
}
