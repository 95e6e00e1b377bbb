package store

import (
	"context"
	"fmt"
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
	return in.schedule(ctx, mediaDue(r.ID, in.now))
}

// ours is the ref of what did not come from a platform.
const ours = "ours"

// encloses gives a message of staff its file, which is deleted in its time like all others.
func (w *work) encloses(ctx context.Context, message int64, f bot.Enclosure) error {
	err := w.exec(ctx, `INSERT INTO media (message, ref, state, hash, type, name, size)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		message, ours, bot.MediaKept, f.Hash, f.Type, f.Name, f.Size)
	if err != nil || f.Until.IsZero() {
		return err
	}
	return w.schedule(ctx, mediaDue(message, stampOf(f.Until)))
}

// fileWords stand in the transcript for a file.
func fileWords(f bot.Enclosure) string {
	if f.Kind == bot.KindImage {
		return "〔图片〕" + f.Name
	}
	return "〔文件〕" + f.Name
}

// Attachment implements bot.MediaStore.
func (s *Store) Attachment(ctx context.Context, message int64) (bot.Attachment, error) {
	var r struct {
		mediaRow
		Channel string
		Kind    bot.Kind
		Text    string
		Arrived stamp
	}
	err := s.read().scan(ctx, &r, `SELECT d.*, a.channel, m.kind, m.text, m.arrived FROM media AS d
		JOIN messages AS m ON m.id = d.message JOIN conversations AS c ON c.id = m.conversation
		JOIN contacts AS p ON p.id = c.contact JOIN accounts AS a ON a.id = p.account
		WHERE d.message = ?`, message)
	if err != nil {
		return bot.Attachment{}, fault("read attachment", err)
	}
	return bot.Attachment{
		Message: r.Message, Channel: r.Channel, Kind: r.Kind, Media: *r.media(), Words: r.Text,
		Arrived: r.Arrived.time(),
	}, nil
}

// FinishMedia implements bot.MediaStore.
func (s *Store) FinishMedia(ctx context.Context, r bot.MediaResult) error {
	return s.change(ctx, "finish media", func(ctx context.Context, w *work) error {
		var conversation int64
		err := w.scan(ctx, &conversation, "SELECT conversation FROM messages WHERE id = ?", r.Message)
		if err != nil {
			return err
		}
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		m := r.Media
		var finished []int64
		err = w.scan(ctx, &finished, `UPDATE media SET state = ?, hash = ?, type = ?, name = ?,
			size = ?, reason = ? WHERE message = ? AND state = 'wanted' RETURNING message`,
			m.State, m.Hash, m.Type, m.Name, m.Size, m.Reason, r.Message)
		if err != nil {
			return err
		}
		if len(finished) == 0 {
			return fmt.Errorf("media are not wanted: %w", bot.ErrStale)
		}
		return w.messageIsReady(ctx, c, r)
	})
}

// messageIsReady lets a message no longer wait for its media, and gives it the words heard.
func (w *work) messageIsReady(
	ctx context.Context, c *conversationRow, r bot.MediaResult,
) error {
	err := w.exec(ctx, `UPDATE messages SET ready_at = 0,
		text = CASE WHEN ? = '' THEN text ELSE ? END, prompt = prompt OR ?, urgent = urgent OR ?
		WHERE id = ? AND state <> 'recalled'`, r.Words, r.Words, r.Prompt, r.Urgent, r.Message)
	if err != nil {
		return err
	}
	if err := w.readUnread(ctx, c); err != nil {
		return err
	}
	if err := w.setTurn(ctx, c, r.Pacing); err != nil {
		return err
	}
	return w.save(ctx, c)
}

// ExpireMedia implements bot.MediaStore.
func (s *Store) ExpireMedia(ctx context.Context, message int64) error {
	return s.change(ctx, "expire media", func(ctx context.Context, w *work) error {
		return w.exec(ctx, "UPDATE media SET state = 'expired' WHERE message = ? AND state = 'kept'",
			message)
	})
}

// MediaKept implements bot.MediaStore.
func (s *Store) MediaKept(ctx context.Context, hash string) (bool, error) {
	var n int
	err := s.read().scan(ctx, &n, "SELECT count(*) FROM media WHERE hash = ? AND state = 'kept'", hash)
	return n > 0, fault("count media", err)
}

// forgetMedia gives up what is seen or heard in a message that was taken back; a file that is kept
// is deleted by the timed work.
func (w *work) forgetMedia(ctx context.Context, message int64) error {
	err := w.exec(ctx, "DELETE FROM media WHERE message = ? AND state IN ('wanted', 'failed')", message)
	if err != nil {
		return err
	}
	var kept []int64
	err = w.scan(ctx, &kept, `UPDATE media SET state = 'expired' WHERE message = ? AND state = 'kept'
		RETURNING message`, message)
	if err != nil || len(kept) == 0 {
		return err
	}
	return w.schedule(ctx, mediaDue(message, w.now))
}

func mediaDue(message int64, at stamp) bot.Due {
	return bot.Due{
		Kind: bot.DueMedia, Subject: strconv.FormatInt(message, 10), At: at.time(),
	}
}
