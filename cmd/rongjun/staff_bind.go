package main

import (
	"context"
	"errors"
	"fmt"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// wecomIDRule is what a WeCom userid may be, for people.
const wecomIDRule = "企业微信账号只能用字母、数字和 _ - @ .，最多 64 个。"

type staffBind struct {
	Name   string `arg:"" help:"姓名。"`
	UserID string `arg:"" optional:"" name:"userid" help:"此人在企业微信通讯录里的账号。"`
	Remove bool   `help:"解除绑定。"`
}

// Run ties an account to a member of the corp, or loosens it. Where it is signed in, it is no more.
func (b staffBind) Run(ctx context.Context, c *commands, w world) error {
	if (b.UserID == "") != b.Remove {
		return &told{"请给出企业微信账号，或者用 --remove 解除绑定，二者取一。", bot.ErrInvalid}
	}
	err := withAccounts(ctx, c, w, func(all *staff.Accounts) error {
		return all.Bind(ctx, b.Name, b.UserID)
	})
	switch {
	case errors.Is(err, bot.ErrConflict):
		return &told{"这个企业微信账号已绑定给别人。", err}
	case errors.Is(err, bot.ErrInvalid):
		return &told{wecomIDRule, err}
	case err != nil:
		return nobody(b.Name, err)
	}
	words := "%s 已绑定企业微信账号 %s，已登录的需要重新登录。\n"
	if b.Remove {
		words = "%s 已解除绑定%s，已登录的需要重新登录。\n"
	}
	_, err = fmt.Fprintf(w.out, words, b.Name, b.UserID)
	return err
}
