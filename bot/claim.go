package bot

import (
	"context"
	"errors"
	"time"
)

// keepClaim renews a claim while something is done under it, also whenever soon says so, which may be
// nil. The context it returns ends with [ErrStale] as its cause where the claim is no longer ours. What
// was claimed is done within that context; then stop is called.
func keepClaim(
	ctx context.Context, soon <-chan struct{}, renew func(context.Context) error,
) (kept context.Context, stop context.CancelFunc) {
	kept, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(ClaimFor / 3)
		defer ticker.Stop()
		for {
			select {
			case <-kept.Done():
				return
			case <-soon:
			case <-ticker.C:
			}
			if err := renew(kept); errors.Is(err, ErrStale) {
				cancel(ErrStale)
				return
			}
		}
	}()
	return kept, func() { cancel(nil); <-done }
}
