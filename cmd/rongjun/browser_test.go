package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	screen "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browser is one real browser for all tests of this package: starting one costs more than what a test
// does in it.
var browser struct {
	sync.Once
	ctx context.Context
	end func()
	err error
}

// startBrowser starts it; endBrowser ends it after the last test.
func startBrowser(path string) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.NoSandbox, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true), chromedp.WSURLReadTimeout(patience))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, closeAll := chromedp.NewContext(ctx)
	browser.ctx, browser.end = ctx, func() { closeAll(); stop() }
	browser.err = chromedp.Run(ctx)
}

func endBrowser() {
	if browser.end != nil {
		browser.end()
	}
}

// tab opens a page of the browser with cookies of its own, or skips the test where there is no browser
// and none is demanded.
func tab(t *testing.T, width, height int64) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("RONGJUN_TEST_BROWSER") == "" {
		t.Skip("chromium is not on PATH and RONGJUN_TEST_BROWSER is not set")
	}
	require.NoError(t, err)
	browser.Do(func() { startBrowser(path) })
	require.NoError(t, browser.err)
	ctx, closeTab := chromedp.NewContext(browser.ctx, chromedp.WithTargetID(window(t)))
	t.Cleanup(closeTab)
	ctx, late := context.WithTimeout(ctx, 5*patience)
	t.Cleanup(late)
	do(t, ctx, emulation.SetDeviceMetricsOverride(width, height, 1, width < 600))
	return ctx
}

// window opens a window with cookies of its own, which are gone with the test.
func window(t *testing.T) target.ID {
	t.Helper()
	ctx := cdp.WithExecutor(browser.ctx, chromedp.FromContext(browser.ctx).Browser)
	cookies, err := target.CreateBrowserContext().Do(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, target.DisposeBrowserContext(cookies).Do(ctx)) })
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(cookies).WithNewWindow(true).Do(ctx)
	require.NoError(t, err)
	return id
}

// do carries the actions out. What acts on an element that the page has just replaced has done nothing
// and is tried again.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	for _, a := range actions {
		err := chromedp.Run(ctx, a)
		for err != nil && strings.Contains(err.Error(), "Could not find node with given id") {
			err = chromedp.Run(ctx, a)
		}
		require.NoError(t, err)
	}
}

// picture keeps what the tab shows, if RONGJUN_TEST_PICTURES names a folder: so the pictures of
// README.md are made, by this setting and -run 'PersonAndBack|EditorWrites|TheSimulatorShows'.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("RONGJUN_TEST_PICTURES")
	if dir == "" {
		return
	}
	do(t, ctx, chromedp.Sleep(500*time.Millisecond), chromedp.ActionFunc(func(ctx context.Context) error {
		image, err := screen.CaptureScreenshot().WithFormat(screen.CaptureScreenshotFormatWebp).WithQuality(82).Do(ctx)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".webp"), image, 0o644)
	}))
}

// shows waits until the text stands in an element of the page, through any change of pages.
func shows(selector, text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var there bool
		look := chromedp.Evaluate(`[...document.querySelectorAll('`+selector+`')].some(
			e => e.textContent.includes('`+text+`'))`, &there)
		for {
			// A page that is being left has nothing to ask; the next look asks its successor.
			if err := look.Do(ctx); err == nil && there {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%q never stood in %s: %w", text, selector, ctx.Err())
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}
