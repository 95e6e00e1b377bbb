package llm

import (
	"context"
	"fmt"
	"io"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// spoken is the language of the recordings, which spares the service a guess.
const spoken = "zh"

// Hear turns a recording into words; its name tells the format by its ending. ErrRefused says that
// nothing was heard in it.
func (c *Client) Hear(ctx context.Context, name string, recording io.Reader) (string, error) {
	var words string
	err := c.ask(ctx, func(ctx context.Context) error {
		answer, err := c.api.CreateTranscription(ctx, openai.AudioRequest{
			Model: c.model, FilePath: name, Reader: recording, Language: spoken,
			Format: openai.AudioResponseFormatJSON,
		})
		if err != nil {
			return err
		}
		if words = strings.TrimSpace(answer.Text); words == "" {
			return ErrRefused
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hear: %w", err)
	}
	return words, nil
}
