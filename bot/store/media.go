package store

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"rongjun/bot"
)

// mediaRow is what is seen or heard in a message.
type mediaRow struct {
	Message int64
	Ref     string
	State   bot.MediaState
	Hash    string
	Type    string
	Name    string
	Size    int64
	Reason  string
}

func (r mediaRow) media() *bot.Media {
	return &bot.Media{
		State: r.State, Ref: r.Ref, Hash: r.Hash, Type: r.Type, Name: r.Name, Size: r.Size,
		Reason: r.Reason,
	}
}

// mayHaveMedia are the kinds of messages with media.
var mayHaveMedia = map[bot.Kind]bool{
	bot.KindImage: true, bot.KindVoice: true, bot.KindVideo: true, bot.KindFile: true,
}

// addMedia reads the media of those messages that have some.
func (q querier) addMedia(ctx context.Context, messages []bot.Message) error {
	places := make(map[int64]int)
	var ids []int64
	for i, m := range messages {
		if mayHaveMedia[m.Kind] {
			places[m.ID] = i
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []mediaRow
	err := q.scan(ctx, &rows, "SELECT * FROM media WHERE message IN (?)", bun.List(ids))
	if err != nil {
		return err
	}
	for _, r := range rows {
		messages[places[r.Message]].Media = r.media()
	}
	return nil
}

// wantMedia notes what is to be fetched for a message that is new. A message that was recalled
// before it came has nothing to be fetched.
func (in *inbox) wantMedia(ctx context.Context, r *inboxRow) error {
	if r.media == nil || r.State == bot.MessageRecalled {
		return nil
	}
	err := in.exec(ctx, "INSERT INTO media (message, ref, name, state) VALUES (?, ?, ?, ?)",
		r.ID, r.media.ID, r.media.Name, bot.MediaWanted)
	if err != nil {
		return err
	}
	in.changed(bot.EveryConversation)
	return in.schedule(ctx, bot.Due{
		Kind: bot.DueMedia, Subject: strconv.FormatInt(r.ID, 10), At: in.now.time(),
	})
}
