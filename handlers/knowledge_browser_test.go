package handlers_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// opens signs a member of staff in and opens a page of the desk.
func (r *rig) opens(t *testing.T, ctx context.Context, name, path string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.SendKeys("#name", name),
		chromedp.SendKeys("#password", password+kb.Enter), chromedp.WaitVisible("#queue"),
		chromedp.Navigate(r.url+path), chromedp.WaitVisible("#main"))
}

// wholePicture keeps the whole page, if a folder was named.
func wholePicture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv(picturesSetting)
	if dir == "" {
		return
	}
	var png []byte
	do(t, ctx, chromedp.FullScreenshot(&png, 100))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}
