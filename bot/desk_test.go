package bot_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// hangsUp ends the request with which a takeover was asked for as soon as it is committed.
type hangsUp struct {
	bot.TakeoverStore

	end context.CancelFunc
}

func (s hangsUp) CommitTakeover(ctx context.Context, f bot.Fence) (bot.Conversation, error) {
	defer s.end()
	return s.TakeoverStore.CommitTakeover(ctx, f)
}

func TestWhoHangsUpAfterATakeoverStillHasTheConversationClosedWhenIdle(t *testing.T) {
	w := newTown(t)
	conversation := w.say("li", "在吗？")
	w.await(1)
	ctx, end := context.WithCancel(t.Context())
	w.desk.Takeovers = hangsUp{w.store, end}
	_, err := w.desk.Takeover(ctx, conversation, "wang")
	require.NoError(t, err)
	_, next, err := w.store.ClaimDue(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(24*time.Hour), next, time.Minute)
}
