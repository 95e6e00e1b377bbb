// Package pagetest shows pages to a real Chromium in tests, as httptest serves handlers to them.
//
// A test package holds one [Browser] and closes it after its last test. Each test opens a tab of its own,
// with cookies of its own, and acts in it by [Do].
package pagetest

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// demanded is the setting that makes tests fail instead of being skipped where there is no Chromium.
const demanded = "RONGJUN_TEST_BROWSER"

// These bound how long Chromium may take to start and how long a test may use a tab; they are generous
// because machines are shared.
const (
	longestStart = time.Minute
	longestUse   = 5 * time.Minute
)

// Browser is one Chromium for all tests of a package, since starting one costs more than what a test does
// in it. The first tab starts it. The zero value is ready.
type Browser struct {
	start sync.Once
	ctx   context.Context
	end   func()
	err   error
}

func (b *Browser) run(path string) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(longestStart),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, closeAll := chromedp.NewContext(ctx)
	b.ctx, b.end = ctx, func() { closeAll(); stop() }
	b.err = chromedp.Run(ctx)
}

// Close ends Chromium, if any test has started it.
func (b *Browser) Close() {
	if b.end != nil {
		b.end()
	}
}

// Size is that of a window.
type Size struct {
	Name          string
	Width, Height int64
	Scale         float64
}

// phones are narrower than this; their pages are shown as on a phone.
const phones = 600

// Tab opens a page of the browser with cookies of its own, or skips the test where there is no Chromium
// and none is demanded.
func (b *Browser) Tab(t testing.TB, s Size) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv(demanded) == "" {
		t.Skipf("chromium is not on PATH and %s is not set", demanded)
	}
	fatal(t, err)
	b.start.Do(func() { b.run(path) })
	fatal(t, b.err)
	ctx, closeTab := chromedp.NewContext(b.ctx, chromedp.WithTargetID(b.window(t)))
	t.Cleanup(closeTab)
	ctx, late := context.WithTimeout(ctx, longestUse)
	t.Cleanup(late)
	Do(t, ctx, emulation.SetDeviceMetricsOverride(s.Width, s.Height, s.Scale, s.Width < phones))
	return ctx
}

// window opens a window with cookies of its own, which are gone with the test.
func (b *Browser) window(t testing.TB) target.ID {
	t.Helper()
	ctx := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	cookies, err := target.CreateBrowserContext().Do(ctx)
	fatal(t, err)
	t.Cleanup(func() { fatal(t, target.DisposeBrowserContext(cookies).Do(ctx)) })
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(cookies).WithNewWindow(true).Do(ctx)
	fatal(t, err)
	return id
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
