package pagetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// look is the pause between two looks at a page.
const look = 50 * time.Millisecond

// Do carries the actions out. What acts on an element that the page has just replaced has done nothing
// and is tried again.
func Do(t testing.TB, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	for _, a := range actions {
		err := chromedp.Run(ctx, a)
		for err != nil && strings.Contains(err.Error(), "Could not find node with given id") {
			err = chromedp.Run(ctx, a)
		}
		fatal(t, err)
	}
}

// Shows waits until the text stands in an element that the selector names, through any change of pages.
func Shows(selector, text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		script := fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))`,
			quoted(selector), quoted(text))
		var there bool
		for {
			// A page that is being left has nothing to ask; the next look asks its successor.
			if err := chromedp.Evaluate(script, &there).Do(ctx); err == nil && there {
				return nil
			}
			if err := pause(ctx); err != nil {
				return fmt.Errorf("%q never stood in %s: %w", text, selector, err)
			}
		}
	})
}

// aiming finds the middle of the element, if it is in sight and nothing covers it, and has the page
// remember whether the next click meets it.
const aiming = `(selector => {
	const element = document.querySelector(selector);
	element?.scrollIntoViewIfNeeded();
	const box = element?.getClientRects()[0];
	if (!box?.width) return null;
	const at = {x: box.x + box.width / 2, y: box.y + box.height / 2};
	if (!document.elementFromPoint(at.x, at.y)?.closest(selector)) return null;
	window.pagetestMet = false;
	addEventListener("click", c => { window.pagetestMet = !!c.target.closest(selector); },
		{capture: true, once: true});
	return at;
})`

// Click clicks on an element with the mouse once it is in sight and nothing covers it. Where the page
// draws itself anew in that moment, something else may come under the pointer, or nothing: then it is
// tried again.
func Click(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			var at *struct{ X, Y float64 }
			err := chromedp.Evaluate(aiming+"("+quoted(selector)+")", &at).Do(ctx)
			if err == nil && at != nil {
				if err := chromedp.MouseClickXY(at.X, at.Y).Do(ctx); err != nil {
					return fmt.Errorf("click on %s: %w", selector, err)
				}
				// A page that was left for another one does not remember anything: it was met.
				var missed bool
				if chromedp.Evaluate(`window.pagetestMet === false`, &missed).Do(ctx) != nil || !missed {
					return nil
				}
			}
			if err := pause(ctx); err != nil {
				return fmt.Errorf("%s could never be clicked on: %w", selector, err)
			}
		}
	})
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(look):
		return nil
	}
}

// quoted is a text as a script has it.
func quoted(text string) string {
	q, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string is always marshalled
	}
	return string(q)
}
