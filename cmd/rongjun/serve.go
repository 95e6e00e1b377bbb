package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"rongjun/config"
)

type serveCommand struct{}

// Run serves until the context ends.
func (serveCommand) Run(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	return serve(ctx, s, w)
}

// serve runs the program that the settings describe and tells where its pages are.
func serve(ctx context.Context, s config.Config, w world) (err error) {
	p, err := Open(ctx, Options{Settings: s, Log: newLog(s.Log, w)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	fmt.Fprint(w.out, p.Greeting())
	return p.Run(ctx)
}

func newLog(l config.Log, w world) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w.err, o))
	}
	return slog.New(slog.NewTextHandler(w.err, o))
}
