package webchat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

var _ bot.Channel = Channel{}

func TestAReplyStaysOneMessageHoweverLong(t *testing.T) {
	r := bot.Reply{
		Text: strings.Repeat("长", 5000), Choices: []bot.Choice{{ID: "a", Text: "还想问"}},
		Sources: []bot.Source{{Title: "《退役军人安置条例》"}},
	}
	parts := Channel{}.Parts(r)
	require.Len(t, parts, 1)
	assert.Equal(t, r, parts[0])
}

func TestSendingIsLeftToTheStore(t *testing.T) {
	receipt, err := Channel{}.Send(t.Context(), bot.Outgoing{ID: "x"})
	require.NoError(t, err)
	assert.Empty(t, receipt.Note)
	assert.True(t, Channel{}.Keyed(), "a repeat after a crash must be allowed")
}
