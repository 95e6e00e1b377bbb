package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"rongjun/bot"
)

// Backup writes a copy of the database as it is now into a new file, while others go on working.
// bot.ErrConflict (and fs.ErrExist) if the file is there; ErrUsePgDump on PostgreSQL.
func (s *Store) Backup(ctx context.Context, file string) error {
	const do = "back up"
	if s.engine.postgres {
		return fmt.Errorf("%s: %w", do, ErrUsePgDump)
	}
	if err := makeNew(file); err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	if err := s.copyInto(ctx, file); err != nil {
		return errors.Join(fault(do, err), os.Remove(file))
	}
	return syncFile(file)
}

// copyInto copies what is committed now. It has a connection of its own, so that nobody waits. The
// file is there and empty: SQLite would make a missing one readable by others.
func (s *Store) copyInto(ctx context.Context, file string) (err error) {
	db, err := sqliteHandle(filepath.Join(s.opts.Dir, FileName), url.Values{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

// Restore puts a backup into a folder that holds no database. bot.ErrConflict (and fs.ErrExist) if
// it holds one; ErrDamaged if the file is no whole database of ours; then nothing is left behind.
func Restore(ctx context.Context, file, dir string) error {
	const do = "restore"
	if err := checkBackup(ctx, file); err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("%s: make folder: %w", do, err)
	}
	if err := noDatabase(dir); err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	target := filepath.Join(dir, FileName)
	if err := makeNew(target); err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	err := copyFile(file, target)
	if err == nil {
		err = checkBackup(ctx, target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", do, err), os.Remove(target))
	}
	return nil
}

// makeNew makes an empty private file where none is.
func makeNew(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %w", bot.ErrConflict, err)
	}
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	return f.Close()
}

// noDatabase checks that neither a database is in the folder nor what may be left of one: SQLite
// would take a log that lies beside a file for the file's own.
func noDatabase(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, FileName+"*"))
	if err != nil {
		return fmt.Errorf("look into folder: %w", err)
	}
	if len(left) > 0 {
		return fmt.Errorf("%w: %s: %w", bot.ErrConflict, left[0], fs.ErrExist)
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("open copy: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return out.Sync()
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// checkBackup reads the whole file without changing it.
func checkBackup(ctx context.Context, file string) (err error) {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("find backup: %w", err)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("find backup: %w", err)
	}
	query := url.Values{"mode": {"ro"}, "immutable": {"1"}}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	var conversations int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM conversations").Scan(&conversations)
	if verdict != "ok" || err != nil {
		return fmt.Errorf("check %q: %w", verdict, errors.Join(ErrDamaged, err))
	}
	return nil
}
