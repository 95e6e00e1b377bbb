package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rongjun/bot/store"
	"rongjun/config"
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
	if err := haveDatabase(s); err != nil {
		return err
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
	if err := mustBeEmpty(s.Data); err != nil {
		return err
	}
	err = store.Restore(ctx, r.File, s.Data)
	if errors.Is(err, store.ErrDamaged) {
		return &told{"这个文件已损坏，或者不是数据库备份：" + r.File, err}
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	_, err = fmt.Fprintln(w.out, "已恢复到", s.Data)
	return err
}

// mustBeEmpty refuses a folder that holds anything but vectors: it may be the wrong one. One that is
// not there will be made.
func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look into folder: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == vectorFolder })
	if len(entries) > 0 {
		return &told{"数据文件夹不是空的，没有恢复：" + dir, fs.ErrExist}
	}
	return nil
}

// haveDatabase refuses a data folder without a database, which opening would make: the folder named
// is likely the wrong one.
func haveDatabase(s config.Config) error {
	if !s.DatabaseURL.Empty() {
		return nil
	}
	if _, err := os.Stat(filepath.Join(s.Data, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return &told{"数据文件夹里没有数据库：" + s.Data, err}
	}
	return nil
}
