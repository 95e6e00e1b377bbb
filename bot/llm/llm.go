// Package llm speaks to services that follow the OpenAI protocol: a model that writes, one that
// turns texts into vectors, and one that turns recordings into words. It knows nothing of this
// program's own types; who uses it says what it needs in an interface of built-in types.
//
// Its errors never carry what was sent or received, since both may hold a person's words.
package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	openai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"
)

var (
	// ErrRefused says that the model declined to write, or wrote nothing.
	ErrRefused = errors.New("model refused")
	// ErrCut says that the model ran into its length limit, so the text is not whole.
	ErrCut = errors.New("model's text was cut")
	// ErrResting says that the service failed repeatedly and is not asked for a while.
	ErrResting = errors.New("service failed repeatedly and is left alone for a while")
)

// Options say which service to use and how.
type Options struct {
	// BaseURL is the service's address up to and without "/chat/completions".
	BaseURL string
	Key     string
	Model   string
	// Timeout bounds one request.
	Timeout time.Duration
	// Transport carries the requests; nil for the default.
	Transport http.RoundTripper
}

const (
	// maxBody bounds what is read of an answer.
	maxBody = 8 << 20
	// maxTokens bounds a text; a reply is a phone screen, not an essay.
	maxTokens = 900
	// failuresUntilRest consecutive failures make the service rest for rest.
	failuresUntilRest = 3
	rest              = 30 * time.Second
)

// Client is one service. It is safe for concurrent use.
type Client struct {
	model   string
	timeout time.Duration
	api     *openai.Client
	breaker *gobreaker.TwoStepCircuitBreaker[any]
}

// New returns a client; nothing is asked of the service yet.
func New(o Options) *Client {
	transport := o.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	c := openai.DefaultConfig(o.Key)
	c.BaseURL = o.BaseURL
	c.HTTPClient = &http.Client{Transport: capped{transport}}
	return &Client{
		model:   o.Model,
		timeout: o.Timeout,
		api:     openai.NewClientWithConfig(c),
		breaker: gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
			Name: o.Model, Timeout: rest,
			ReadyToTrip: func(n gobreaker.Counts) bool {
				return n.ConsecutiveFailures >= failuresUntilRest
			},
		}),
	}
}

// Name is the model's name.
func (c *Client) Name() string { return c.model }

// Write returns the model's answer to the user text under the system text, at the lowest temperature.
// ErrRefused, ErrCut and ErrResting tell the faults that are not the network's.
func (c *Client) Write(ctx context.Context, system, user string) (string, error) {
	var text string
	err := c.ask(ctx, func(ctx context.Context) error {
		answer, err := c.api.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
			Model: c.model,
			// The older name of the limit is the one that every compatible server knows.
			MaxTokens: maxTokens, //nolint:staticcheck
			Messages: []openai.ChatCompletionMessage{
				{Role: openai.ChatMessageRoleSystem, Content: system},
				{Role: openai.ChatMessageRoleUser, Content: user},
			},
		})
		if err != nil {
			return err
		}
		text, err = whole(answer)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("write: %w", err)
	}
	return text, nil
}

// whole takes the text out of an answer that is complete and not a refusal.
func whole(answer openai.ChatCompletionResponse) (string, error) {
	if len(answer.Choices) == 0 {
		return "", ErrRefused
	}
	first := answer.Choices[0]
	switch {
	case first.FinishReason == openai.FinishReasonLength:
		return "", ErrCut
	case first.FinishReason == openai.FinishReasonContentFilter,
		first.Message.Refusal != "", first.Message.Content == "":
		return "", ErrRefused
	}
	return first.Message.Content, nil
}

// EmbedQueries returns a vector for each question.
func (c *Client) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	return c.embed(ctx, texts)
}

// EmbedPassages returns a vector for each passage. The protocol makes no difference between the two.
func (c *Client) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	return c.embed(ctx, texts)
}

// batch is the most texts of one request.
const batch = 64

func (c *Client) embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		n := min(batch, len(texts))
		vectors, err := c.embedBatch(ctx, texts[:n])
		if err != nil {
			return nil, fmt.Errorf("embed %d texts: %w", n, err)
		}
		out = append(out, vectors...)
		texts = texts[n:]
	}
	return out, nil
}

func (c *Client) embedBatch(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	err := c.ask(ctx, func(ctx context.Context) error {
		answer, err := c.api.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{
			Input: texts, Model: openai.EmbeddingModel(c.model),
		})
		if err != nil {
			return err
		}
		for _, e := range answer.Data {
			if e.Index >= 0 && e.Index < len(vectors) {
				vectors[e.Index] = e.Embedding
			}
		}
		return complete(vectors)
	})
	return vectors, err
}

// complete refuses an answer that lacks a vector or mixes lengths.
func complete(vectors [][]float32) error {
	for i, v := range vectors {
		if len(v) == 0 || len(v) != len(vectors[0]) {
			return fmt.Errorf("vector %d has %d dimensions, the first has %d",
				i, len(v), len(vectors[0]))
		}
	}
	return nil
}

// ask makes one request within the time-out, unless the service rests. A refusal or a cut text is an
// answer, not a failure of the service, and neither is a caller who gave up.
func (c *Client) ask(ctx context.Context, request func(context.Context) error) error {
	done, err := c.breaker.Allow()
	if err != nil {
		return ErrResting
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	err = request(limited)
	if err == nil || errors.Is(err, ErrRefused) || errors.Is(err, ErrCut) || ctx.Err() != nil {
		done(nil)
	} else {
		done(err)
	}
	return quiet(err)
}

// quiet strips what a service's error may repeat of the request.
func quiet(err error) error {
	if e, ok := errors.AsType[*openai.APIError](err); ok {
		return fmt.Errorf("service answered status %d", e.HTTPStatusCode)
	}
	if e, ok := errors.AsType[*openai.RequestError](err); ok {
		return fmt.Errorf("service answered status %d", e.HTTPStatusCode)
	}
	return err
}

// capped ends bodies that are larger than any honest answer.
type capped struct{ next http.RoundTripper }

// RoundTrip limits the body of the answer.
func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxBody), resp.Body}
	return resp, nil
}
