package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestAnUploadIsKnownUntilItsTimeIsOverOrItIsDropped(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		u := bot.Upload{Channel: "wecom", Kind: "image", Hash: someHash}
		known := func(u bot.Upload) string {
			id, err := s.MediaID(t.Context(), u)
			require.NoError(t, err)
			return id
		}
		require.Empty(t, known(u))
		require.NoError(t, s.KeepMediaID(t.Context(), u, "M1", time.Hour))
		require.NoError(t, s.KeepMediaID(t.Context(), u, "M2", time.Hour), "put there anew")
		require.Equal(t, "M2", known(u))
		other := u
		other.Kind = "file"
		require.Empty(t, known(other), "an id is good for one kind")
		require.NoError(t, s.DropMediaID(t.Context(), u))
		require.Empty(t, known(u))
		require.NoError(t, s.KeepMediaID(t.Context(), u, "M3", -time.Second))
		require.Empty(t, known(u), "its time is over")
		require.NoError(t, s.KeepMediaID(t.Context(), other, "M4", time.Hour))
		require.Equal(t, "M4", known(other))
	})
}

// enclosed is what zhang says with a file.
func enclosed(conversation int64, id, words string, until time.Time) bot.StaffMessage {
	m := said(conversation, "zhang", id, words)
	m.File = &bot.Enclosure{
		ID: "f" + id, Kind: bot.KindImage, Until: until,
		Media: bot.Media{State: bot.MediaKept, Hash: someHash, Type: "image/png", Name: "站.png", Size: 9},
	}
	return m
}

func TestAFileOfStaffFollowsTheWordsAndIsKeptWithItsMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		takeOver(t, s, c, "zhang")
		until := time.Now().Add(time.Hour)
		_, err := s.Say(t.Context(), enclosed(c, "1", "请看", until))
		require.NoError(t, err)
		_, err = s.Say(t.Context(), enclosed(c, "1", "请看", until))
		require.NoError(t, err, "a repeat changes nothing")
		require.Len(t, transcript(t, s, c), 3)

		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		m := claimSend(t, s)
		require.Equal(t, bot.KindImage, m.Outgoing.Kind)
		require.Equal(t, "站.png", m.Outgoing.File.Name)
		require.Equal(t, someHash, m.Outgoing.File.Hash)
		require.NoError(t, s.RenewSend(t.Context(), *m))
		finishSend(t, s, m, bot.MessageSent)
		require.ErrorIs(t, s.RenewSend(t.Context(), *m), bot.ErrStale)

		message := transcript(t, s, c)[2]
		found, err := s.Attachment(t.Context(), message.ID)
		require.NoError(t, err)
		require.Equal(t, "wecom", found.Channel)
		kept, err := s.MediaKept(t.Context(), someHash)
		require.NoError(t, err)
		require.True(t, kept)
		require.NoError(t, s.ExpireMedia(t.Context(), message.ID))
		kept, err = s.MediaKept(t.Context(), someHash)
		require.NoError(t, err)
		require.False(t, kept)
	})
}

func TestAParkedFileGoesAsItIsBetweenTheTextsAroundIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		takeOver(t, s, c, "zhang")
		for _, m := range []bot.StaffMessage{
			said(c, "zhang", "1", "one"), said(c, "zhang", "2", "two"),
			enclosed(c, "3", "three", time.Time{}), said(c, "zhang", "4", "four"),
		} {
			_, err := s.Say(t.Context(), m)
			require.NoError(t, err)
		}
		finishSend(t, s, claimSend(t, s), bot.MessageParked)
		noSend(t, s)
		receive(t, s, text("li", "b"))
		var sent []string
		for range 3 {
			m := claimSend(t, s)
			sent = append(sent, m.Outgoing.Text)
			require.Equal(t, len(sent) == 2, m.Outgoing.File != nil)
			finishSend(t, s, m, bot.MessageSent)
		}
		noSend(t, s)
		require.Contains(t, sent[0], "没能送出的回复）\none\n\ntwo\n\nthree")
		require.Equal(t, "〔图片〕站.png", sent[1])
		require.Contains(t, sent[2], "four")
	})
}

func TestItemsAreStoredWithTheirMessageAndWrittenWhenItIsJoined(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		page := bot.Item{Page: &bot.WebPage{Title: "《条例》", URL: "https://a.cn/"}}
		r := result(claimTurn(t, s), "one", page.Words())
		r.Parts[1].Items = []bot.Item{page}
		require.NoError(t, s.FinishTurn(t.Context(), r))
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		m := claimSend(t, s)
		require.Equal(t, []bot.Item{page}, m.Outgoing.Items)
		require.Equal(t, []bot.Item{page}, transcript(t, s, c)[2].Items)
		finishSend(t, s, m, bot.MessageParked)
		receive(t, s, text("li", "b"))
		m = claimSend(t, s)
		require.Empty(t, m.Outgoing.Items)
		require.Contains(t, m.Outgoing.Text, "《条例》\nhttps://a.cn/")
	})
}
