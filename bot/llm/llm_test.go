package llm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// service stands in for a model: each test says how it answers.
func service(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return New(Options{
		BaseURL: s.URL + "/v1", Key: "sk-test", Model: "m", Timeout: 200 * time.Millisecond,
	})
}

func says(finish, content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content},
		}}})
	}
}

func TestTheModelGetsBothTextsAndItsAnswerComesBack(t *testing.T) {
	c := service(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/v1/chat/completions", r.URL.Path)
		assert.Equal(t, "Bearer sk-test", r.Header.Get("Authorization"))
		var asked struct {
			Model    string
			Messages []struct{ Role, Content string }
		}
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&asked))
		assert.Equal(t, "m", asked.Model)
		assert.Equal(t, "system", asked.Messages[0].Role)
		assert.Equal(t, "规则", asked.Messages[0].Content)
		assert.Equal(t, "问题", asked.Messages[1].Content)
		says("stop", "答案")(w, r)
	})
	text, err := c.Write(t.Context(), "规则", "问题")
	require.NoError(t, err)
	assert.Equal(t, "答案", text)
}

func TestARefusalAnEmptyAndACutTextAreErrorsOfTheirOwn(t *testing.T) {
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"filtered": {says("content_filter", "x"), ErrRefused},
		"empty":    {says("stop", ""), ErrRefused},
		"cut":      {says("length", "half"), ErrCut},
		"none": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"choices":[]}`)
		}, ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := service(t, row.answer).Write(t.Context(), "a", "b")
			require.ErrorIs(t, err, row.want)
		})
	}
}

func TestAFaultNeverRepeatsWhatWasSaid(t *testing.T) {
	c := service(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"message":"cannot read: 我的秘密","type":"x"}}`)
	})
	_, err := c.Write(t.Context(), "a", "我的秘密")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "秘密")
	assert.Contains(t, err.Error(), "400")
}

func TestAHangingServiceIsLeftAfterTheTimeOutAndThenRests(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	c := service(t, func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	for range failuresUntilRest {
		_, err := c.Write(t.Context(), "a", "b")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	_, err := c.Write(t.Context(), "a", "b")
	require.ErrorIs(t, err, ErrResting)
	assert.EqualValues(t, failuresUntilRest, asked.Load(), "a resting service is not asked")
}

func TestACallerWhoGivesUpDoesNotCountAgainstTheService(t *testing.T) {
	c := service(t, says("stop", "x"))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range failuresUntilRest + 1 {
		_, err := c.Write(gone, "a", "b")
		require.ErrorIs(t, err, context.Canceled)
	}
	_, err := c.Write(t.Context(), "a", "b")
	require.NoError(t, err)
}

func TestVectorsComeBackInTheOrderOfTheTexts(t *testing.T) {
	var requests int
	c := service(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		var asked struct{ Input []string }
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&asked))
		var data []any
		for i := len(asked.Input) - 1; i >= 0; i-- {
			data = append(data, map[string]any{
				"index": i, "embedding": []float32{float32(len(asked.Input[i])), 1},
			})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	})
	texts := make([]string, batch+3)
	for i := range texts {
		texts[i] = strings.Repeat("x", i+1)
	}
	vectors, err := c.EmbedPassages(t.Context(), texts)
	require.NoError(t, err)
	require.Len(t, vectors, len(texts))
	assert.Equal(t, 2, requests)
	for i, v := range vectors {
		assert.Equal(t, []float32{float32(i + 1), 1}, v)
	}
}

func TestAMissingVectorIsAFault(t *testing.T) {
	c := service(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[{"index":0,"embedding":[1,2]}]}`)
	})
	_, err := c.EmbedQueries(t.Context(), []string{"a", "b"})
	require.ErrorContains(t, err, "vector 1 has 0 dimensions")
}
