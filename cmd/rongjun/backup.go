package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"rongjun/bot/store"
)

type backupCommand struct {
	File string `arg:"" help:"备份文件，必须还不存在。" type:"path"`
}

// Run copies the database into one file; it may be served meanwhile.
func (b backupCommand) Run(ctx context.Context, c *commands, w world) (err error) {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	if !s.DatabaseURL.Empty() {
		return store.ErrUsePgDump
	}
	if _, err := os.Stat(b.File); err == nil {
		return &told{"备份文件已经存在：" + b.File, fs.ErrExist}
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Backup(ctx, b.File); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	_, err = fmt.Fprintln(w.out, "已备份到", b.File)
	return err
}

type restoreCommand struct {
	File string `arg:"" help:"备份文件。" type:"path"`
}

// Run fills an empty data folder from a backup.
func (r restoreCommand) Run(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	if !s.DatabaseURL.Empty() {
		return store.ErrUsePgDump
	}
	if _, err := os.Stat(r.File); err != nil {
		return &told{"没有这个备份文件：" + r.File, err}
	}
	if err := store.Restore(ctx, r.File, s.Data); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return &told{"数据文件夹不是空的，没有恢复：" + s.Data, err}
		}
		return fmt.Errorf("restore: %w", err)
	}
	_, err = fmt.Fprintln(w.out, "已恢复到", s.Data)
	return err
}
