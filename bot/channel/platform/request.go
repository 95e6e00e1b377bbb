package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"

	"rongjun/bot"
)

// answer is what every JSON answer of the platform begins with.
type answer struct {
	ErrCode int `json:"errcode"`
}

// send makes the request and returns its answer once the head is there.
func (c *Client) send(ctx context.Context, call Call) (*http.Response, error) {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := c.build(ctx, call)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unsure(call.Path, written.Load(), err)
	}
	part := call.span != "" && resp.StatusCode == http.StatusPartialContent
	if resp.StatusCode != http.StatusOK && !part {
		_ = resp.Body.Close()
		return nil, bot.Unclear(fmt.Errorf("%s: status %d", call.Path, resp.StatusCode))
	}
	return resp, nil
}

// read takes a JSON answer apart.
func (c *Client) read(path string, resp *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return unsure(path, true, err)
	}
	var head answer
	if err := json.Unmarshal(body, &head); err != nil {
		return bot.Unclear(fmt.Errorf("%s: answer is no JSON", path))
	}
	if head.ErrCode != 0 {
		return c.refusal(path, head.ErrCode)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return bot.Unclear(fmt.Errorf("%s: answer has another shape: %w", path, err))
	}
	return nil
}

func (c *Client) build(ctx context.Context, call Call) (*http.Request, error) {
	address := c.o.APIBase + call.Path + "?" + call.Query.Encode()
	method, body := http.MethodGet, []byte(nil)
	if call.form != nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, call.form)
		if err != nil {
			return nil, bot.Permanent(fmt.Errorf("%s: bad address of the platform", call.Path))
		}
		req.Header.Set("Content-Type", call.form.kind)
		req.ContentLength = call.form.length
		return req, nil
	}
	if call.Body != nil {
		var err error
		if body, err = encode(call.Body); err != nil {
			return nil, bot.Permanent(fmt.Errorf("%s: encode: %w", call.Path, err))
		}
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, bot.Permanent(fmt.Errorf("%s: bad address of the platform", call.Path))
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if call.streams {
		req.Header.Set("Accept-Encoding", "identity") // parts are counted in bytes of the file
	}
	if call.span != "" {
		req.Header.Set("Range", call.span)
	}
	return req, nil
}

// encode leaves <, > and & as they are: some of the platform's readers show the escapes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// unsure classes a network fault by whether the request had begun to leave. The error of net/http
// holds the address with its secrets, so only its cause is kept, however deep it lies.
func unsure(path string, written bool, err error) error {
	for e, ok := errors.AsType[*url.Error](err); ok; e, ok = errors.AsType[*url.Error](err) {
		err = e.Err
	}
	err = fmt.Errorf("%s: %w", path, err)
	if written {
		return bot.Unclear(err)
	}
	return bot.RetryAfter(err, 0)
}

// outcome names how a call ended, for metrics.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	if e := Refused(err); e != nil {
		return strconv.Itoa(e.Code)
	}
	if e, ok := errors.AsType[*bot.SendError](err); ok && e.Class == bot.ClassRetry {
		return "unreached"
	}
	return "unclear"
}
