package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"rongjun/bot"
)

type noticeRow struct {
	Task         string
	Conversation int64
	Charge       int64
	State        bot.NoticeState
	Code         string
	Begun        stamp
}

func (r noticeRow) notice() bot.Notice {
	return bot.Notice{
		Task: r.Task, Conversation: r.Conversation, Charge: r.Charge, State: r.State, Code: r.Code,
	}
}

// BeginNotice implements bot.NoticeStore.
func (s *Store) BeginNotice(ctx context.Context, p bot.NoticePlan) (bot.Notice, error) {
	var notice bot.Notice
	err := s.change(ctx, "begin notice", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, p.Conversation)
		if err != nil {
			return err
		}
		if !c.waits() {
			return fmt.Errorf("conversation does not wait: %w", bot.ErrStale)
		}
		var rows []noticeRow
		err = w.scan(ctx, &rows, "SELECT * FROM notices WHERE conversation = ? AND charge = ?",
			c.ID, c.Charge)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			notice = rows[0].notice()
			notice.Begun = true
			notice.People, err = w.peopleOf(ctx, notice.Task)
			return err
		}
		notice, err = w.newNotice(ctx, c, p)
		return err
	})
	return notice, err
}

func (w *work) peopleOf(ctx context.Context, task string) ([]bot.Colleague, error) {
	var rows []struct{ Member, Userid string }
	err := w.scan(ctx, &rows,
		"SELECT member, userid FROM notice_people WHERE task = ? ORDER BY member", task)
	var people []bot.Colleague
	for _, r := range rows {
		people = append(people, bot.Colleague{Name: r.Member, ID: r.Userid})
	}
	return people, err
}

// newNotice stores a notice for those who have room for one more.
func (w *work) newNotice(
	ctx context.Context, c *conversationRow, p bot.NoticePlan,
) (bot.Notice, error) {
	var counts []struct {
		Member string
		N      int
	}
	err := w.scan(ctx, &counts,
		"SELECT member, count(*) AS n FROM notice_people WHERE at > ? GROUP BY member",
		w.now.add(-time.Hour))
	if err != nil {
		return bot.Notice{}, err
	}
	had := make(map[string]int)
	for _, r := range counts {
		had[r.Member] = r.N
	}
	notice := bot.Notice{
		Task: p.Task, Conversation: c.ID, Charge: c.Charge, State: bot.NoticeSending,
	}
	for _, person := range p.People {
		if had[person.Name] < p.PerHour {
			notice.People = append(notice.People, person)
		}
	}
	if len(notice.People) == 0 {
		return bot.Notice{}, nil
	}
	return notice, w.insertNotice(ctx, notice)
}

func (w *work) insertNotice(ctx context.Context, n bot.Notice) error {
	err := w.exec(ctx, `INSERT INTO notices (task, conversation, charge, state, begun)
		VALUES (?, ?, ?, ?, ?)`, n.Task, n.Conversation, n.Charge, n.State, w.now)
	if err != nil {
		return err
	}
	for _, person := range n.People {
		err := w.exec(ctx, `INSERT INTO notice_people (task, member, userid, at)
			VALUES (?, ?, ?, ?)`, n.Task, person.Name, person.ID, w.now)
		if err != nil {
			return err
		}
	}
	return nil
}

// FinishNotice implements bot.NoticeStore. The conversation is locked, so that the end of its wait
// comes either before, and is seen here, or after, and sees the code. Without a code, one that a tap
// brought in the meantime is kept.
func (s *Store) FinishNotice(ctx context.Context, n bot.Notice) error {
	return s.change(ctx, "finish notice", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, n.Conversation)
		if err != nil {
			return err
		}
		err = w.exec(ctx, `UPDATE notices SET state = ?1,
			code = CASE WHEN ?2 <> '' THEN ?2 ELSE code END
			WHERE task = ?0 AND state <> 'settled'`, n.Task, n.State, n.Code)
		if err != nil {
			return err
		}
		open := n.State == bot.NoticeShown || n.State == bot.NoticeUnclear
		if open && (!c.waits() || c.Charge != n.Charge) {
			w.over(n.Conversation)
		}
		return nil
	})
}

// over has the cards of the conversation looked at.
func (w *work) over(conversation int64) {
	w.changed(conversation)
	w.follows = append(w.follows, bot.Due{
		Kind: bot.DueNoticeOver, Subject: strconv.FormatInt(conversation, 10), At: w.now.time(),
	})
}

// OverNotices implements bot.NoticeStore.
func (s *Store) OverNotices(ctx context.Context, conversation int64) ([]bot.Notice, error) {
	var rows []noticeRow
	err := s.read().scan(ctx, &rows, `SELECT n.* FROM notices AS n
		JOIN conversations AS c ON c.id = n.conversation
		WHERE n.conversation = ? AND n.code <> '' AND n.state IN ('shown', 'unclear')
		AND (c.state <> 'queued' OR c.charge <> n.charge) ORDER BY n.charge`, conversation)
	if err != nil {
		return nil, fault("list notices", err)
	}
	out := make([]bot.Notice, len(rows))
	for i, r := range rows {
		out[i] = r.notice()
	}
	return out, nil
}
