package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// soon bounds a wait for something that must come.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func TestAMemberAsksTheAppAndReadsTheAnswerWithItsSource(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	srv.SetBells(wecomtest.Bells{Copies: 2}) // each callback comes three times at once
	wang := srv.Member("wang")
	question := fortyQuestions(t)[0]
	wang.Say(question.question)
	texts, err := wang.WaitTexts(soon(t), 1)
	require.NoError(t, err)
	assert.Contains(t, texts[0], "依据：《")
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	wang.Say("转人工")
	texts, err = wang.WaitTexts(soon(t), 2)
	require.NoError(t, err)
	assert.Len(t, texts, 2, "the copies of the first question were no questions")
}
