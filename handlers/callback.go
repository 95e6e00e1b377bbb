package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// maxCallback bounds a callback's body: it carries an event or one text, never a file.
const maxCallback = 256 << 10

// verifyCallback answers the platform's check of the address.
func (f *face) verifyCallback(c echo.Context) error {
	callback, err := f.callback(c)
	if err != nil {
		return err
	}
	plain, err := callback.Verify(c.QueryParams())
	if err != nil {
		return fmt.Errorf("verify callback: %w", err)
	}
	return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, plain)
}

// receiveCallback acknowledges only what is stored. When the store is at fault the connection is
// closed without an answer, for then the platform sends the same again.
func (f *face) receiveCallback(c echo.Context) error {
	callback, err := f.callback(c)
	if err != nil {
		return err
	}
	body, err := readBody(c, maxCallback)
	if err != nil {
		return err
	}
	delivery, err := callback.Decode(c.QueryParams(), body)
	if err != nil {
		return fmt.Errorf("decode callback: %w", err)
	}
	accepted, err := f.store(c.Request().Context(), delivery)
	if err != nil {
		f.log.Error("callback not stored", "channel", c.Param("channel"), "error", err)
		panic(http.ErrAbortHandler)
	}
	for _, bell := range delivery.Bells {
		f.o.Bells.Ring(bell)
	}
	body = delivery.Ack
	if delivery.Passive != nil && len(accepted) == 1 {
		body = f.passive(c, delivery, accepted[0])
	}
	return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, body)
}

// store keeps what a delivery carries.
func (f *face) store(ctx context.Context, d bot.Delivery) (accepted []bot.Accepted, err error) {
	if len(d.Messages) > 0 {
		if accepted, err = f.o.Inbox.Receive(ctx, d.Messages); err != nil {
			return nil, fmt.Errorf("receive messages: %w", err)
		}
	}
	if len(d.Clicks) > 0 {
		if err := f.o.Clicks.ReceiveClicks(ctx, d.Clicks); err != nil {
			return nil, fmt.Errorf("receive clicks: %w", err)
		}
	}
	return accepted, nil
}

// passive is the answer that holds what there is to say. When that cannot be had, the message is
// stored all the same, and what follows from it can be fetched by the contact's next one.
func (f *face) passive(c echo.Context, d bot.Delivery, a bot.Accepted) []byte {
	text, err := f.o.Passive.Await(c.Request().Context(), d.Messages[0], a, d.Passive.Limits)
	if err == nil && text == "" {
		return d.Ack
	}
	var body []byte
	if err == nil {
		body, err = d.Passive.Body(text)
	}
	if err != nil {
		f.log.Warn("callback acknowledged without an answer", "channel", c.Param("channel"),
			"error", err)
		return d.Ack
	}
	return body
}

func (f *face) callback(c echo.Context) (Callback, error) {
	callback, ok := f.o.Callbacks[c.Param("channel")]
	if !ok {
		return nil, fmt.Errorf("channel without a callback: %w", bot.ErrNotFound)
	}
	return callback, nil
}

// readBody reads at most limit bytes. A body that says it is longer is refused unread.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	r := c.Request()
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, limit))
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).
			SetInternal(fmt.Errorf("read body: %w", err))
	}
	return body, nil
}
