package handlers_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// shared is one browser for all tests of this package: starting one costs more than what a test does
// in it.
var shared struct {
	sync.Once
	ctx context.Context
	end func()
	err error
}

// startChromium starts it; endChromium ends it after the last test.
func startChromium(path string) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, closeAll := chromedp.NewContext(ctx)
	shared.ctx, shared.end = ctx, func() { closeAll(); stop() }
	shared.err = chromedp.Run(ctx)
}

func endChromium() {
	if shared.end != nil {
		shared.end()
	}
}

// chromium opens a tab of the browser with its own cookies.
func chromium(t *testing.T, s size) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv(browserSetting) == "" {
		t.Skipf("chromium is not on PATH and %s is not set", browserSetting)
	}
	require.NoError(t, err)
	shared.Do(func() { startChromium(path) })
	require.NoError(t, shared.err)
	ctx, closeTab := chromedp.NewContext(shared.ctx, chromedp.WithTargetID(window(t)))
	t.Cleanup(closeTab)
	ctx, late := context.WithTimeout(ctx, 5*patience)
	t.Cleanup(late)
	do(t, ctx, emulation.SetDeviceMetricsOverride(s.width, s.height, s.scale, s.width < 600))
	return ctx
}

// window opens a window with cookies of its own, which are gone with the test.
func window(t *testing.T) target.ID {
	t.Helper()
	ctx := cdp.WithExecutor(shared.ctx, chromedp.FromContext(shared.ctx).Browser)
	cookies, err := target.CreateBrowserContext().Do(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, target.DisposeBrowserContext(cookies).Do(ctx)) })
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(cookies).WithNewWindow(true).Do(ctx)
	require.NoError(t, err)
	return id
}
