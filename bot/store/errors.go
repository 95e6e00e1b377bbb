package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"rongjun/bot"
)

var (
	// ErrLocked says that another process serves the folder.
	ErrLocked = errors.New("folder is served by another process")
	// ErrNewer says that a newer version of the program has written the database.
	ErrNewer = errors.New("database is newer than the program")
	// ErrUsePgDump says that PostgreSQL is backed up with its own tools.
	ErrUsePgDump = errors.New("use pg_dump for PostgreSQL")
	// ErrDamaged says that a file is no database of ours, or not a whole one.
	ErrDamaged = errors.New("file is damaged or no database")
)

// fault tells what was being done, and marks errors that come from the state of the database, not
// from what was asked of it, as bot.ErrUnavailable, or as ErrDamaged where trying again is no use.
func fault(do string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", do, bot.ErrNotFound)
	case damaged(err):
		return fmt.Errorf("%s: %w: %w", do, ErrDamaged, err)
	case unavailable(err) && !errors.Is(err, bot.ErrUnavailable):
		return fmt.Errorf("%s: %w: %w", do, bot.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", do, err)
}

func damaged(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_NOTADB || e.Code()&0xff == sqlite3.SQLITE_CORRUPT)
}

func unavailable(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteUnavailable(e.Code())
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresUnavailable(e.Code)
	}
	for _, gone := range []error{
		context.DeadlineExceeded, driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF,
		syscall.ENOSPC, net.ErrClosed,
	} {
		if errors.Is(err, gone) {
			return true
		}
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	return connecting || network || errors.Is(err, sql.ErrConnDone)
}

func sqliteUnavailable(code int) bool {
	switch code & 0xff { // the rest says where it happened
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// postgresUnavailable knows the classes of SQLSTATE: connections, resources, shutdown, and the
// conflicts between transactions that a second try gets past.
func postgresUnavailable(code string) bool {
	for _, class := range []string{"08", "53", "57P", "58", "40", "55P03", "25006"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}
