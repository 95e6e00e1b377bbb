package main

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"rongjun/bot"
)

// noticeJobs are the timed work about cards. Where staff are not told by cards, that work is dropped,
// whether it is new or was left by a time when they were.
func (p *Program) noticeJobs() map[string]bot.Job {
	if p.wecom == nil || p.settings.WeCom.NoticePerHour == 0 {
		drop := func(context.Context, bot.Due) (time.Time, error) { return time.Time{}, nil }
		return map[string]bot.Job{bot.DueNotice: drop, bot.DueNoticeOver: drop, bot.DueClick: drop}
	}
	n := &bot.Notices{
		Store: p.store, Clicks: p.store, Transcript: p.store, Colleagues: p.accounts,
		Cards: p.wecom.App(), Desk: p.desk, Link: p.deskLink,
		Quiet: bot.QuietHours(p.settings.WeCom.NoticeQuiet), PerHour: p.settings.WeCom.NoticePerHour,
		Rand: rand.Reader, Now: p.now, Log: p.log,
	}
	return map[string]bot.Job{
		bot.DueNotice: n.Tell, bot.DueNoticeOver: n.Over, bot.DueClick: n.Carry,
	}
}

// deskLink is where staff open a conversation.
func (p *Program) deskLink(conversation int64) string {
	return p.publicURL() + "/desk/conversations/" + strconv.FormatInt(conversation, 10)
}
