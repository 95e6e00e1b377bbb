package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/bot/store"
	"rongjun/config"
)

type staffCommand struct {
	Add     staffAdd     `cmd:"" help:"添加一名工作人员。"`
	List    staffList    `cmd:"" help:"列出工作人员。"`
	Disable staffDisable `cmd:"" help:"停用一名工作人员，已登录的立即退出。"`
	Token   staffToken   `cmd:"" help:"给其他系统一个令牌，以此人的身份使用接口。"`
	Bind    staffBind    `cmd:"" help:"绑定企业微信成员账号：可扫码登录，能收到等候提醒。"`
}

// openStore opens the database that the settings name, beside a running serve.
func openStore(ctx context.Context, s config.Config) (*store.Store, error) {
	return store.Open(ctx, store.Options{
		URL: s.DatabaseURL.Reveal(), Dir: s.Data, Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	})
}

// withAccounts does something with the accounts and closes the database again.
func withAccounts(
	ctx context.Context, c *commands, w world, do func(*staff.Accounts) error,
) (err error) {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	if err := haveDatabase(s); err != nil {
		return err
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts, err := staff.New(staff.Options{
		Members: db, Tokens: db, Rand: rand.Reader, Now: time.Now,
	})
	if err != nil {
		return err
	}
	return do(accounts)
}

type staffAdd struct {
	Name          string `arg:"" help:"姓名，也是登录名。"`
	Role          string `required:"" enum:"administrator,supervisor,editor,staff,viewer" help:"角色：administrator 管理员、supervisor 主管、editor 政策编辑、staff 工作人员、viewer 只读。"`
	PasswordStdin bool   `name:"password-stdin" required:"" help:"从标准输入读密码。"`
	WeComUserID   string `name:"wecom-userid" help:"此人在企业微信通讯录里的账号。"`
}

// Run adds an account.
func (a staffAdd) Run(ctx context.Context, c *commands, w world) error {
	password, err := readPassword(w.in)
	if err != nil {
		return err
	}
	if err := makeDatabase(ctx, c, w); err != nil {
		return err
	}
	err = withAccounts(ctx, c, w, func(all *staff.Accounts) error {
		return all.Add(ctx, staff.NewMember{
			Name: a.Name, Role: staff.Role(a.Role), Password: password, WeComID: a.WeComUserID,
		})
	})
	var weak *staff.PasswordError
	switch {
	case errors.As(err, &weak):
		return &told{weak.Words, err}
	case errors.Is(err, bot.ErrConflict) && a.WeComUserID != "":
		return &told{"已经有叫“" + a.Name + "”的工作人员，或者这个企业微信账号已绑定给别人。", err}
	case errors.Is(err, bot.ErrConflict):
		return &told{"已经有叫“" + a.Name + "”的工作人员。", err}
	case errors.Is(err, bot.ErrInvalid):
		return &told{"姓名只能用文字、数字和 . _ -，最多 32 个字；" + wecomIDRule, err}
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(w.out, "已添加 %s（%s）。\n", a.Name, staff.Role(a.Role).Chinese())
	return err
}

// makeDatabase makes the database where it is missing: people may be added before the first start.
func makeDatabase(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	return db.Close()
}

// maxPassword bounds what is read from the standard input.
const maxPassword = 1024

func readPassword(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type staffList struct{}

// Run lists the accounts.
func (staffList) Run(ctx context.Context, c *commands, w world) error {
	return withAccounts(ctx, c, w, func(all *staff.Accounts) error {
		members, err := all.List(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(w.out, memberRows(members))
		}
		for _, m := range members {
			state := ""
			if m.Disabled {
				state = "（已停用）"
			}
			if m.WeComID != "" {
				state += "\t企业微信 " + m.WeComID
			}
			fmt.Fprintf(w.out, "%s\t%s%s\n", m.Name, m.Role.Chinese(), state)
		}
		return nil
	})
}

type memberRow struct {
	Name     string     `json:"name"`
	Role     staff.Role `json:"role"`
	Disabled bool       `json:"disabled"`
	Created  time.Time  `json:"created"`
	WeComID  string     `json:"wecom_userid,omitempty"`
}

func memberRows(members []staff.Member) []memberRow {
	rows := make([]memberRow, 0, len(members))
	for _, m := range members {
		rows = append(rows, memberRow{m.Name, m.Role, m.Disabled, m.Created.UTC(), m.WeComID})
	}
	return rows
}

// nobody tells that a name has no account.
func nobody(name string, err error) error {
	if errors.Is(err, bot.ErrNotFound) {
		return &told{"没有叫“" + name + "”的工作人员。", err}
	}
	return err
}

type staffDisable struct {
	Name string `arg:"" help:"姓名。"`
}

// Run disables an account and ends its sessions and tokens.
func (d staffDisable) Run(ctx context.Context, c *commands, w world) error {
	err := withAccounts(ctx, c, w, func(all *staff.Accounts) error {
		return all.Disable(ctx, d.Name)
	})
	if err != nil {
		return nobody(d.Name, err)
	}
	_, err = fmt.Fprintf(w.out, "已停用 %s。\n", d.Name)
	return err
}

type staffToken struct {
	Name   string `arg:"" help:"姓名。"`
	Revoke bool   `help:"作废此人的全部令牌。"`
}

// Run issues a token, which is shown this once, or revokes all.
func (t staffToken) Run(ctx context.Context, c *commands, w world) error {
	err := withAccounts(ctx, c, w, func(all *staff.Accounts) error {
		if t.Revoke {
			if err := all.RevokeTokens(ctx, t.Name); err != nil {
				return err
			}
			_, err := fmt.Fprintf(w.out, "%s 的令牌已全部作废。\n", t.Name)
			return err
		}
		token, err := all.IssueToken(ctx, t.Name)
		if errors.Is(err, bot.ErrConflict) {
			return &told{"“" + t.Name + "”已停用，不能再给令牌。", err}
		}
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(w.out, map[string]string{"name": t.Name, "token": token})
		}
		_, err = fmt.Fprintf(w.out, "%s\n（只显示这一次，请妥善保存。）\n", token)
		return err
	})
	return nobody(t.Name, err)
}
