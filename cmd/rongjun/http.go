package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"rongjun/bot"
	"rongjun/bot/channel/webchat"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wecom"
	"rongjun/handlers"
)

// stopWithin bounds how long open requests may go on after the program was told to stop.
const stopWithin = 5 * time.Second

// openHTTP makes the pages and begins to listen; nothing is served yet.
func (p *Program) openHTTP() error {
	var err error
	p.listener, err = net.Listen("tcp", p.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	p.gathered.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var proxies []netip.Prefix
	for _, s := range p.settings.TrustedProxies {
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			return fmt.Errorf("trusted proxy %q: %w", s, err)
		}
		proxies = append(proxies, prefix)
	}
	callbacks := map[string]handlers.Callback{}
	if p.wecom != nil {
		callbacks[wecom.Name] = p.wecom
	}
	if p.wechat != nil {
		callbacks[wechat.Name] = p.wechat
	}
	pages, err := handlers.New(handlers.Options{
		PublicURL: p.publicURL(), TrustedProxies: proxies,
		VerifyDir: filepath.Join(p.settings.Data, "verify"),
		Callbacks: callbacks, Inbox: p.inbox, Bells: p.pulls, Clicks: p.store,
		Passive: p.passive(), Hub: p.hub,
		Transcript: p.store, Visible: p.store, Turns: p.store, Desk: p.desk, Media: p.attachments,
		Accounts: p.accounts, Sessions: p.store.Sessions(), Knowledge: p.knowledge(),
		WeCom: p.signInSite(), States: p.store.Sessions(),
		Budgets: p.budgets(), Carries: p.carries(), Ready: p.readiness, Gatherer: p.gathered, Metrics: p.metrics,
		Done: p.done, Log: p.log, Now: p.now, Rand: rand.Reader,
	})
	if err != nil {
		return fmt.Errorf("make pages: %w", err)
	}
	p.server = handlers.NewServer(pages)
	return nil
}

// signInSite vouches for members of the corp, where there is one.
func (p *Program) signInSite() handlers.SignInSite {
	if p.wecom == nil {
		return nil
	}
	return p.wecom.App()
}

// passivePatience is how long an answer in a callback is waited for; the platform waits a second more.
const passivePatience = 4 * time.Second

func (p *Program) passive() *bot.Passive {
	return &bot.Passive{Store: p.store, Hub: p.hub, Patience: passivePatience}
}

// stopHTTP ends the streams, waits for the other requests, and cuts off what does not end.
func (p *Program) stopHTTP() {
	close(p.done)
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := p.server.Shutdown(ctx); err != nil {
		p.log.Warn("requests cut off at the end", "error", err)
		_ = p.server.Close()
	}
}

// URL is where the program is reached on this machine, without a slash at its end. An address that
// stands for all of the machine's is nothing that one can open, so the loopback's stands for it.
func (p *Program) URL() string {
	at, ok := p.listener.Addr().(*net.TCPAddr)
	if !ok || !at.IP.IsUnspecified() {
		return "http://" + p.listener.Addr().String()
	}
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(at.Port))
}

// publicURL is where people find it.
func (p *Program) publicURL() string {
	if p.settings.PublicURL != "" {
		return p.settings.PublicURL
	}
	return p.URL()
}

// budgets are those of the channels whose platform keeps one.
func (p *Program) budgets() map[string]bot.Budget {
	budgets := make(map[string]bot.Budget)
	for name, c := range p.channels {
		if b, ok := c.(bot.Budgeted); ok {
			budgets[name] = b.Budget()
		}
	}
	return budgets
}

// readiness looks at every part and channel.
func (p *Program) readiness(ctx context.Context) handlers.Readiness {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	database := handlers.Status{State: handlers.Works}
	if err := p.store.Ping(ctx); err != nil {
		database = handlers.Status{State: handlers.Faulty, Reason: "数据库没有回应"}
	}
	index := p.shelf.status()
	return handlers.Readiness{
		Ready: database.State == handlers.Works && index.State != handlers.Faulty,
		Parts: map[string]handlers.Status{
			"database": database, "index": index, "model": onOff(p.settings.LLM.On()),
			"speech": onOff(p.settings.Speech.On()),
		},
		Channels: p.channelStatus(),
	}
}

func onOff(on bool) handlers.Status {
	if on {
		return handlers.Status{State: handlers.Works}
	}
	return handlers.Status{State: handlers.Off}
}

// channelStatus names every channel, those that are not set up too.
func (p *Program) channelStatus() map[string]handlers.Status {
	out := map[string]handlers.Status{
		webchat.Name: {State: handlers.Works},
		wecom.Name:   {State: handlers.Off}, wecom.AppName: {State: handlers.Off},
		wechat.Name: {State: handlers.Off},
	}
	for name, c := range p.channels {
		c, tells := c.(interface{ Status() (state, reason string) })
		if !tells {
			continue
		}
		out[name] = handlers.Status{State: handlers.Works}
		if state, reason := c.Status(); state != "ok" {
			out[name] = handlers.Status{State: handlers.Faulty, Reason: reason}
		}
	}
	return out
}
