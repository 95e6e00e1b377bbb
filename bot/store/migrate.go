package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationLock is the key of the advisory lock under which one process at a time migrates.
const migrationLock = 7_362_001

// migrate brings the tables up to date. A database that is newer than the program is left alone.
func (s *Store) migrate(ctx context.Context) (err error) {
	if s.engine.postgres {
		unlock, err := s.lockMigration(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	provider, latest, err := s.migrations()
	if err != nil {
		return err
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read version: %w", err)
	}
	switch {
	case version > latest:
		return fmt.Errorf("version %d, known up to %d: %w", version, latest, ErrNewer)
	case version == latest:
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrations are all there are, and the version after the last.
func (s *Store) migrations() (provider *goose.Provider, latest int64, err error) {
	migrations, err := s.engine.migrations()
	if err != nil {
		return nil, 0, err
	}
	dialect := goose.DialectSQLite3
	if s.engine.postgres {
		dialect = goose.DialectPostgres
	}
	provider, err = goose.NewProvider(dialect, s.writes.DB, nil,
		goose.WithGoMigrations(migrations...), goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(s.opts.Log))
	if err != nil {
		return nil, 0, fmt.Errorf("prepare migration: %w", err)
	}
	return provider, migrations[len(migrations)-1].Version, nil
}

func (s *Store) lockMigration(ctx context.Context) (unlock func(), err error) {
	conn, err := s.writes.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", migrationLock); err != nil {
		return nil, errors.Join(fmt.Errorf("lock migration: %w", err), conn.Close())
	}
	return func() {
		ctx := context.WithoutCancel(ctx)
		_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock(?)", migrationLock)
		if err = errors.Join(err, conn.Close()); err != nil {
			s.opts.Log.Warn("migration lock not released", "error", err)
		}
	}, nil
}

// migrations are the embedded files in the words of the engine, oldest first.
func (e engine) migrations() ([]*goose.Migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	words := strings.NewReplacer("{id}", e.id, "{bytes}", e.bytes)
	out := make([]*goose.Migration, 0, len(names))
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("read migration's number: %w", err)
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		run := func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, words.Replace(e.part(string(text)))); err != nil {
				return fmt.Errorf("run %s: %w", name, err)
			}
			return nil
		}
		out = append(out, goose.NewGoMigration(version, &goose.GoFunc{RunTx: run}, nil))
	}
	return out, nil
}

// part is a migration without what is for the other engine: a line "-- on sqlite", "-- on postgres"
// or "-- on both" says for whom the lines after it are.
func (e engine) part(text string) string {
	other := "postgres"
	if e.postgres {
		other = "sqlite"
	}
	var out strings.Builder
	ours := true
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- on "); ok {
			ours = name != other
		}
		if ours {
			out.WriteString(line)
		}
	}
	return out.String()
}
