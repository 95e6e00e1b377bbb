package wecom

import (
	"context"
	"encoding/json"
	"fmt"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

const (
	accountsPath = "/cgi-bin/kf/account/list"
	syncPath     = "/cgi-bin/kf/sync_msg"
	// pageLimit is the most messages of a page, which is the platform's own limit [D94670].
	pageLimit = 1000
	// accountsLimit is the most accounts of one answer.
	accountsLimit = 100
)

// Accounts lists the corp's kf accounts. One that is not managed by the API is a set-up fault: its
// customers cannot be answered.
func (c *Channel) Accounts(ctx context.Context) ([]string, error) {
	var names []string
	for offset := 0; ; offset += accountsLimit {
		var out struct {
			Accounts []struct {
				OpenKfID string `json:"open_kfid"`
				Managed  *bool  `json:"manage_privilege"`
			} `json:"account_list"`
		}
		in := map[string]int{"offset": offset, "limit": accountsLimit}
		err := c.client.Post(ctx, accountsPath, in, &out)
		c.faults.Note(accountsPath, err)
		if err != nil {
			return nil, fmt.Errorf("list accounts: %w", err)
		}
		for _, a := range out.Accounts {
			names = append(names, a.OpenKfID)
			if a.Managed != nil && !*a.Managed {
				c.faults.Add(accountsPath, codeNotManaged)
			}
		}
		c.faults.Note(authChange, nil) // the list says how things stand now
		if len(out.Accounts) < accountsLimit {
			return names, nil
		}
	}
}

// syncRequest and syncAnswer are sync_msg [D94670].
type syncRequest struct {
	Cursor   string `json:"cursor,omitempty"`
	Token    string `json:"token,omitempty"`
	Limit    int    `json:"limit"`
	OpenKfID string `json:"open_kfid"`
}

type syncAnswer struct {
	NextCursor string            `json:"next_cursor"`
	HasMore    int               `json:"has_more"`
	Messages   []json.RawMessage `json:"msg_list"`
}

// Pull fetches one page of an account. A token that has expired is left out the second time.
func (c *Channel) Pull(ctx context.Context, p bot.Pull) (bot.Page, error) {
	in := syncRequest{Cursor: p.Cursor, Token: p.Token, Limit: pageLimit, OpenKfID: p.Account}
	var out syncAnswer
	err := c.client.Post(ctx, syncPath, in, &out)
	if platform.ClassOf(err) == platform.ClassStale {
		in.Token = ""
		err = c.client.Post(ctx, syncPath, in, &out)
	}
	c.faults.Note(syncPath, err)
	if platform.ClassOf(err) == platform.ClassGone {
		return bot.Page{}, fmt.Errorf("pull: %w: %w", bot.ErrNotFound, err)
	}
	if err != nil {
		return bot.Page{}, fmt.Errorf("pull: %w", err)
	}
	page := bot.Page{Cursor: out.NextCursor, More: out.HasMore == 1}
	if page.Cursor == "" {
		page.Cursor = p.Cursor
	}
	for _, raw := range out.Messages {
		c.add(&page, p.Account, raw)
	}
	return page, nil
}

// add puts a message where it belongs on a page; what cannot be attributed to anybody is only logged.
func (c *Channel) add(page *bot.Page, account string, raw json.RawMessage) {
	m, err := c.parse(account, raw)
	if err == nil {
		page.Messages = append(page.Messages, m)
		return
	}
	if d, ok := dutyOf(account, raw); ok {
		page.Duties = append(page.Duties, d)
		c.receivers.forget(account)
		return
	}
	c.o.Log.Warn("pulled message belongs to nobody", "channel", Name, "error", err)
}
