package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"

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
	leaveRoom()
	fmt.Fprint(w.out, p.Greeting())
	return p.Run(ctx)
}

// leaveRoom lets more goroutines run at once than answers do, unless the operator has said how many
// there may be: who comes with a message is then served beside the answers by the system's scheduler
// instead of waiting for one of them to end. It is called after the parts are opened that take one
// thread for each processor.
func leaveRoom() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2)
	}
}

func newLog(l config.Log, w world) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w.err, o))
	}
	return slog.New(slog.NewTextHandler(w.err, o))
}
