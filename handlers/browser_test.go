package handlers_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"rongjun/handlers/pagetest"
)

// chromium shows the pages to all tests of this package, on a phone or a desk.
var (
	chromium pagetest.Browser
	phone    = pagetest.Size{Name: "phone", Width: 390, Height: 844, Scale: 2}
	wide     = pagetest.Size{Name: "wide", Width: 1440, Height: 900, Scale: 1}
)

// says waits until the element shows the words.
func says(t *testing.T, ctx context.Context, selector, words string) {
	t.Helper()
	var shown string
	eventually(t, selector+" says "+words, func() bool {
		err := chromedp.Run(ctx, chromedp.Evaluate(
			`(document.querySelector(`+quote(selector)+`)||{innerText:""}).innerText`, &shown))
		return err == nil && strings.Contains(shown, words)
	})
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	var out T
	pagetest.Do(t, ctx, chromedp.Evaluate(script, &out))
	return out
}
