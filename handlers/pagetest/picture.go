package pagetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pictures is the setting that names a folder for pictures of the pages. With it and
// -run 'PersonAndBack|EditorWrites|TheSimulatorShows' in cmd/rongjun the pictures of README.md are made.
const pictures = "RONGJUN_TEST_PICTURES"

// Picture keeps what the tab shows, if a folder for pictures is named.
func Picture(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	take(t, ctx, name, page.CaptureScreenshot())
}

// WholePicture keeps all of the page, what is out of sight too.
func WholePicture(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	take(t, ctx, name, page.CaptureScreenshot().WithCaptureBeyondViewport(true))
}

func take(t testing.TB, ctx context.Context, name string, shot *page.CaptureScreenshotParams) {
	t.Helper()
	dir := os.Getenv(pictures)
	if dir == "" {
		return
	}
	const settled = 500 * time.Millisecond // for what moves to have come to rest
	Do(t, ctx, chromedp.Sleep(settled), chromedp.ActionFunc(func(ctx context.Context) error {
		image, err := shot.WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(82).Do(ctx)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".webp"), image, 0o644)
	}))
}
