package main

import (
	"context"
	"errors"
	"log/slog"

	"rongjun/config"
)

// restarts runs a program and starts it anew when asked, as an operator would, on the same data and at
// the same address.
type restarts struct {
	ctx      context.Context
	settings config.Config
	log      *slog.Logger
	program  *Program
	// asked carries what answers each wish for a restart.
	asked chan chan error
	ended chan struct{}
}

func newRestarts(ctx context.Context, s config.Config, log *slog.Logger) *restarts {
	return &restarts{
		ctx: ctx, settings: s, log: log, asked: make(chan chan error), ended: make(chan struct{}),
	}
}

func (r *restarts) open() error {
	p, err := Open(r.ctx, Options{Settings: r.settings, Log: r.log})
	if err != nil {
		return err
	}
	r.program = p
	r.settings.Listen = p.listener.Addr().String() // the address stays the same
	return nil
}

// run lets the program work until the context ends, through restarts. It leaves the last program to be
// closed by who opened the first.
func (r *restarts) run() error {
	defer close(r.ended)
	for {
		ctx, stop := context.WithCancel(r.ctx)
		done := make(chan error, 1)
		go func() { done <- r.program.Run(ctx) }()
		select {
		case err := <-done:
			stop()
			return err
		case answer := <-r.asked:
			stop()
			err := errors.Join(<-done, r.program.Close())
			if err == nil {
				err = r.open()
			}
			answer <- err
			if err != nil {
				return err
			}
		}
	}
}

// restart returns when the program listens again.
func (r *restarts) restart() error {
	answer := make(chan error, 1)
	select {
	case r.asked <- answer:
		return <-answer
	case <-r.ended:
		return errors.New("program has ended")
	}
}
