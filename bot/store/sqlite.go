package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// FileName is the name of the SQLite database in its folder.
const FileName = "rongjun.db"

// readers is how many reads of SQLite go on side by side.
const readers = 4

func (s *Store) openSQLite(_ context.Context) error {
	s.engine = sqliteEngine
	if err := os.MkdirAll(s.opts.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if s.opts.Exclusive {
		lock, err := lockFile(filepath.Join(s.opts.Dir, "serve.lock"))
		if err != nil {
			return err
		}
		s.lock = lock
	}
	file := filepath.Join(s.opts.Dir, FileName)
	if err := makePrivate(file); err != nil {
		return err
	}
	writes, err := sqliteHandle(file, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return err
	}
	writes.SetMaxOpenConns(1)
	s.writes = writes
	reads, err := sqliteHandle(file, url.Values{"_pragma": {"query_only(1)"}})
	if err != nil {
		return err
	}
	reads.SetMaxOpenConns(readers)
	reads.SetMaxIdleConns(readers)
	s.reads = reads
	return nil
}

// makePrivate makes the file before SQLite does, since SQLite would let others read it; its
// companions take over the file's mode.
func makePrivate(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("write to folder: %w", err)
	}
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	return f.Close()
}

// sqliteHandle opens the file. Every commit is on the disk before it returns (synchronous FULL).
func sqliteHandle(file string, more url.Values) (*bun.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("find file: %w", err)
	}
	more["_pragma"] = append([]string{
		"busy_timeout(3000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}, more["_pragma"]...)
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: more.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	return bun.NewDB(db, sqlitedialect.New()), nil
}
