package main

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestASimulatedProgramStartsAnewAtTheSameAddressAndGoesOnAnswering(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	r := newRestarts(ctx, settings(t, onPlatform(srv)), slog.New(slog.DiscardHandler))
	require.NoError(t, r.open())
	address := r.program.URL()
	srv.SetCallback(address + "/callback/wecom")
	ended := make(chan error, 1)
	go func() { ended <- r.run() }()
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "优待证怎么办理？")
	li.hear("优待证")
	require.NoError(t, r.restart())
	li.Say(testAccount, "谢谢")
	li.hear("不客气")
	cancel()
	require.NoError(t, <-ended)
	assert.Equal(t, address, r.program.URL())
	require.NoError(t, r.program.Close())
	assert.Error(t, r.restart(), "nothing runs that could start anew")
}
