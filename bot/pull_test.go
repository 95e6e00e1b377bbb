package bot

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// failing is a platform whose pulls fail, with a store that knows nothing of the account.
type failing struct {
	pulled []time.Time
}

func (f *failing) Pull(context.Context, Pull) (Page, error) {
	f.pulled = append(f.pulled, time.Now())
	return Page{}, errors.New("away")
}

func (*failing) Name() string { return "c" }

func (*failing) Accounts(context.Context) ([]string, error) { return nil, nil }

func (*failing) PullState(context.Context, string, string) (PullState, error) {
	return PullState{}, nil
}

func (*failing) ReceivePage(context.Context, PageCommit) ([]Accepted, error) { return nil, nil }

func TestABellShortensThePauseAfterAFailedPull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &failing{}
		p := &Pulls{Store: f, Pullers: map[string]Puller{"c": f}, Log: slog.New(slog.DiscardHandler)}
		p.prepare()
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		began := time.Now()
		time.AfterFunc(8500*time.Millisecond, func() { p.Ring(Bell{Channel: "c", Account: "a"}) })
		p.untilDone(ctx, account{"c", "a"}, "")

		var at []time.Duration
		for _, pulled := range f.pulled {
			at = append(at, pulled.Sub(began))
		}
		// Without the bell the fifth would come 8 s after the fourth. It stays rung, since nobody takes it
		// here, so the pauses stay short.
		assert.Equal(t, []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second, 9 * time.Second},
			at[:5])
	})
}
