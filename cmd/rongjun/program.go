package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/staff"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/handlers"
)

// Options are what a program is made of besides its settings.
type Options struct {
	Settings config.Config
	Log      *slog.Logger
	// Now is the clock; nil for the machine's.
	Now func() time.Time
}

// Program is the running program as a value: Open, Run, Close. Two of them can live in one test.
type Program struct {
	settings config.Config
	log      *slog.Logger
	now      func() time.Time

	store    *store.Store
	hub      *bot.Hub
	accounts *staff.Accounts
	wecom    *wecom.Channel
	wechat   handlers.Callback
	channels map[string]bot.Channel
	shelf    *shelf
	answerer *answer.Answerer
	metrics  *handlers.Metrics
	gathered *prometheus.Registry

	files       mediaFiles
	attachments *bot.Attachments

	inbox  *bot.Inbox
	desk   *bot.Desk
	pulls  *bot.Pulls
	worker *bot.Worker
	sender *bot.Sender
	timed  *bot.Timed

	listener net.Listener
	server   *http.Server
	// done is closed when the program is told to stop, so that open streams end.
	done chan struct{}

	firstPassword string
}

// These bound how long one look into the store is apart from the next when no hint comes, how much
// is done at a time, and how long a conversation may be left alone by the person in charge.
const (
	sweep         = 2 * time.Second
	parallelSends = 8
	idleAfter     = 24 * time.Hour
	longestTurn   = 8 * time.Second
)

// parallelTurns is how many turns are in hand, and how many answers are made, at a time. Without a model
// an answer only computes, and more at a time than there are processors would make all of them slower;
// with one it mostly waits, as every turn does for its commit.
func parallelTurns(model bool) (turns, answers int) {
	if model {
		return 8 + runtime.NumCPU(), 0
	}
	answers = max(2, runtime.NumCPU())
	return 4 + answers, answers
}

// Open opens the database, makes the first account where there is none, and listens. Nothing is
// answered before Run.
func Open(ctx context.Context, o Options) (p *Program, err error) {
	p = &Program{
		settings: o.Settings, log: o.Log, now: o.Now, hub: bot.NewHub(),
		done: make(chan struct{}), gathered: prometheus.NewRegistry(),
	}
	if p.now == nil {
		p.now = time.Now
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.metrics, err = handlers.NewMetrics(p.gathered); err != nil {
		return p, fmt.Errorf("register metrics: %w", err)
	}
	if err := p.openStore(ctx); err != nil {
		return p, err
	}
	if err := p.openFiles(); err != nil {
		return p, err
	}
	if err := p.openChannels(); err != nil {
		return p, err
	}
	if err := p.openAnswerer(); err != nil {
		return p, err
	}
	if err := p.openAttachments(); err != nil {
		return p, err
	}
	p.openBot()
	if err := p.openHTTP(); err != nil {
		return p, err
	}
	// Last, since the password is shown only by a program that has started.
	p.firstPassword, err = p.accounts.First(ctx)
	return p, err
}

func (p *Program) openStore(ctx context.Context) error {
	var err error
	p.store, err = store.Open(ctx, store.Options{
		URL: p.settings.DatabaseURL.Reveal(), Dir: p.settings.Data, Exclusive: true,
		Now: p.now, Changed: p.hub.Changed, ChangedFor: p.hub.ChangedFor, Log: p.log,
		Queued: []string{bot.DueNotice}, Unqueued: []string{bot.DueNoticeOver},
	})
	if err != nil {
		p.store = nil
		return fmt.Errorf("open store: %w", err)
	}
	p.accounts, err = staff.New(staff.Options{
		Members: p.store, Tokens: p.store, Rand: rand.Reader, Now: p.now,
	})
	if err != nil {
		return fmt.Errorf("open accounts: %w", err)
	}
	return nil
}

// openBot wires package bot to the store and the channels.
func (p *Program) openBot() {
	turn := p.settings.Turn
	pacing := bot.Pacing{
		Quiet: turn.Quiet, Longest: max(longestTurn, turn.Quiet), PerMinute: turn.PerMinute,
	}
	p.inbox = &bot.Inbox{Store: p.store, Pacing: pacing, Urgent: p.answerer.Urgent}
	p.attachments.Inbox = p.inbox
	p.inbox.Greet, p.inbox.RegionOf, p.inbox.Rand = p.welcome, p.regionOf, rand.Reader
	p.inbox.Farewell = p.farewell
	p.desk = &bot.Desk{
		Channels: p.channels, Files: p.attachments,
		Takeovers: p.store, Store: p.store, Due: p.store, Hub: p.hub, Rand: rand.Reader,
		Now: p.now, Log: p.log, IdleAfter: idleAfter,
	}
	pullers := map[string]bot.Puller{}
	if p.wecom != nil {
		pullers[wecom.Name] = p.wecom
	}
	p.pulls = &bot.Pulls{
		Store: p.store, Due: p.store, Pullers: pullers, Inbox: p.inbox, Now: p.now, Log: p.log,
	}
	turns, answers := parallelTurns(p.settings.LLM.On())
	p.worker = &bot.Worker{
		Store: p.store, Answerer: p.answerer, Channels: p.channels, Hub: p.hub, Pacing: pacing,
		Rand: rand.Reader, Now: p.now, Log: p.log, Observer: p.metrics,
		Overflow: p.overflow(), Parallel: turns, Composing: answers, Sweep: sweep,
	}
	p.sender = &bot.Sender{
		Store: p.store, Channels: p.channels, Hub: p.hub, Now: p.now, Log: p.log,
		Observer: p.metrics, Parallel: parallelSends, Sweep: sweep, Rand: rand.Reader,
	}
	waiting := &bot.Waiting{
		Store: p.store, Transcript: p.store, Overflow: p.overflow(), Rand: rand.Reader, Now: p.now,
	}
	windows := &bot.Windows{Store: p.store, Channels: p.channels, Now: p.now}
	sessions := &bot.Sessions{
		Transcript: p.store, Store: p.store, Channels: p.channels, Now: p.now,
	}
	p.timed = &bot.Timed{
		Store: p.store, Hub: p.hub, Now: p.now, Log: p.log, Sweep: sweep,
		Jobs: map[string]bot.Job{
			bot.DueAccounts: p.pulls.LookAtAccounts,
			bot.DuePull:     p.pulls.LookAtAccount,
			bot.DueIdle:     p.desk.CloseIdle,
			bot.DueWaiting:  waiting.Update,
			bot.DueWindow:   windows.Warn,
			bot.DueMedia:    p.attachments.Work,
			bot.DueSession:  sessions.Reconcile,
		},
	}
	maps.Copy(p.timed.Jobs, p.noticeJobs())
}

// Run answers until the context ends, then stops taking work, lets running work finish, and returns.
// It returns earlier only with an error.
func (p *Program) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	failed := make(chan error, 2)
	running.Go(func() {
		if err := p.server.Serve(p.listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve pages: %w", err)
			stop()
		}
	})
	running.Go(func() {
		if err := p.shelf.publish(ctx); err != nil && ctx.Err() == nil {
			failed <- fmt.Errorf("publish knowledge: %w", err)
			stop()
			return
		}
		renewal := newRenewal(p.shelf, p.hub, p.log)
		running.Go(func() { renewal.follow(ctx) })
		running.Go(func() { renewal.deepen(ctx) })
		p.worker.Run(ctx)
	})
	for _, loop := range []func(context.Context){
		p.sender.Run, p.timed.Run, p.pulls.Run, p.store.Listen, p.beat,
	} {
		running.Go(func() { loop(ctx) })
	}
	<-ctx.Done()
	p.stopHTTP()
	running.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// beat shows the other processes of a PostgreSQL that this one lives.
func (p *Program) beat(ctx context.Context) {
	ticker := time.NewTicker(store.BeatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := p.store.Beat(ctx); err != nil && ctx.Err() == nil {
				p.log.Warn("heartbeat failed", "error", err)
			}
		}
	}
}

// Close frees what Open took. It may be called after a failed Open.
func (p *Program) Close() error {
	var errs []error
	if p.listener != nil {
		if err := p.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	return errors.Join(errs...)
}
