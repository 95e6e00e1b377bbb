package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

const someHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// fetched is what became of the media of a message.
func fetched(message int64, words string) bot.MediaResult {
	return bot.MediaResult{
		Message: message, Words: words, Pacing: pacing, Media: bot.Media{
			State: bot.MediaKept, Hash: someHash, Type: "audio/amr", Name: "voice.amr", Size: 3,
		},
	}
}

func TestAMessageIsReadyWhenItsMediaAreThereAndHasTheWordsHeard(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		stored := receive(t, s, spoken("li", "v"))
		message := stored[0].Message
		found, err := s.Attachment(t.Context(), message)
		require.NoError(t, err)
		require.WithinDuration(t, d.now(), found.Arrived, time.Minute)
		found.Arrived = time.Time{}
		require.Equal(t, bot.Attachment{
			Message: message, Channel: "wecom", Kind: bot.KindVoice,
			Media: bot.Media{State: bot.MediaWanted, Ref: "media-v"},
		}, found)
		noTurn(t, s)
		require.NoError(t, s.FinishMedia(t.Context(), fetched(message, "优待证怎么办")))
		require.Equal(t, "优待证怎么办", claimTurn(t, s).Text())
		require.ErrorIs(t, s.FinishMedia(t.Context(), fetched(message, "again")), bot.ErrStale)

		_, err = s.Attachment(t.Context(), message+100)
		require.ErrorIs(t, err, bot.ErrNotFound)
		require.ErrorIs(t, s.FinishMedia(t.Context(), fetched(message+100, "")), bot.ErrNotFound)
	})
}

func TestDistressHeardInARecordingIsUrgent(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		message := receive(t, s, spoken("li", "v"))[0].Message
		slow := bot.Pacing{Quiet: time.Hour, Longest: 2 * time.Hour}
		calm := fetched(message, "在吗")
		calm.Pacing = slow
		require.NoError(t, s.FinishMedia(t.Context(), calm))
		noTurn(t, s)
		message = receive(t, s, spoken("li", "w"))[0].Message
		help := fetched(message, "我不想活了")
		help.Pacing, help.Urgent, help.Prompt = slow, true, true
		require.NoError(t, s.FinishMedia(t.Context(), help))
		require.Len(t, claimTurn(t, s).Messages, 2)
	})
}

func TestMediaThatFailedLetTheMessageBeAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		stored := receive(t, s, spoken("li", "v"))
		failed := bot.MediaResult{
			Message: stored[0].Message, Pacing: pacing,
			Media: bot.Media{State: bot.MediaFailed, Reason: "平台上已经没有了"},
		}
		require.NoError(t, s.FinishMedia(t.Context(), failed))
		turn := claimTurn(t, s)
		require.Empty(t, turn.Text())
		require.Equal(t, "平台上已经没有了", turn.Messages[0].Media.Reason)
	})
}

func TestAContentIsKeptAsLongAsAMessageRefersToIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		one := receive(t, s, spoken("li", "v"))[0].Message
		two := receive(t, s, spoken("wang", "w"))[0].Message
		for _, message := range []int64{one, two} {
			require.NoError(t, s.FinishMedia(t.Context(), fetched(message, "")))
		}
		for _, message := range []int64{one, two} {
			kept, err := s.MediaKept(t.Context(), someHash)
			require.NoError(t, err)
			require.True(t, kept)
			require.NoError(t, s.ExpireMedia(t.Context(), message))
		}
		kept, err := s.MediaKept(t.Context(), someHash)
		require.NoError(t, err)
		require.False(t, kept)
	})
}

func TestARecallGivesUpMediaAndAnswerUnderWay(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		voice := spoken("li", "v")
		stored := receive(t, s, voice)
		due := claimDue(t, s)
		require.NoError(t, s.FinishMedia(t.Context(), fetched(stored[0].Message, "words")))
		require.NoError(t, s.FinishDue(t.Context(), *due, d.now().Add(time.Hour)))
		turn := claimTurn(t, s)

		recall := text("li", "recall")
		recall.Kind, recall.Text, recall.Recalls = "", "", voice.PlatformID
		receive(t, s, recall)
		require.ErrorIs(t, s.RenewTurn(t.Context(), turn.Conversation.ID, turn.Claim), bot.ErrStale)
		require.ErrorIs(t, s.FinishTurn(t.Context(), result(turn, "too late")), bot.ErrStale)
		noTurn(t, s)
		noSend(t, s)
		found, err := s.Attachment(t.Context(), stored[0].Message)
		require.NoError(t, err)
		require.Equal(t, bot.MediaExpired, found.Media.State)
		require.Empty(t, found.Words)
		again := claimDue(t, s)
		require.Equal(t, strconv.FormatInt(stored[0].Message, 10), again.Subject, "the file is deleted now")
	})
}

func TestWhatIsRecalledBeforeItWasFetchedIsNotWanted(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		voice := spoken("li", "v")
		stored := receive(t, s, voice)
		recall := text("li", "recall")
		recall.Kind, recall.Text, recall.Recalls = "", "", voice.PlatformID
		receive(t, s, recall)
		_, err := s.Attachment(t.Context(), stored[0].Message)
		require.ErrorIs(t, err, bot.ErrNotFound)
		require.ErrorIs(t, s.FinishMedia(t.Context(), fetched(stored[0].Message, "x")), bot.ErrStale)
	})
}

func TestDueWorkUnderWayIsRenewed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		require.NoError(t, s.Schedule(t.Context(), bot.Due{Kind: "k", Subject: "s", At: d.now()}))
		due := claimDue(t, s)
		d.pass(bot.ClaimFor - time.Second)
		require.NoError(t, s.RenewDue(t.Context(), *due))
		d.pass(bot.ClaimFor - time.Second)
		none, _, err := s.ClaimDue(t.Context())
		require.NoError(t, err)
		require.Nil(t, none)
		require.NoError(t, s.FinishDue(t.Context(), *due, time.Time{}))
		require.ErrorIs(t, s.RenewDue(t.Context(), *due), bot.ErrStale)
	})
}
