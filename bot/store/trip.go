package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// statement is a text for PostgreSQL with its arguments. It is prepared under its name, once for
// each connection.
type statement struct {
	name, text string
	args       []any
	// dest is a pointer to a slice for its rows, nil where it has none.
	dest any
}

// with is the statement with arguments.
func (s statement) with(dest any, args []any) statement {
	s.args, s.dest = args, dest
	return s
}

// nameQueries gives every query its name, and has PostgreSQL prepare each once, which shows that it
// takes them.
func (s *Store) nameQueries(ctx context.Context, queries map[string]string) error {
	s.named = make(map[string]statement, len(queries))
	for query, written := range queries {
		s.named[query] = statement{name: fmt.Sprint("query", len(s.named)), text: written}
	}
	connection, err := s.writes.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = connection.Close() }() // only gives it back
	err = connection.Raw(func(driver any) error {
		conn := driver.(*stdlib.Conn).Conn()
		for _, named := range s.named {
			if _, err := conn.Prepare(ctx, named.name, named.text); err != nil {
				return fmt.Errorf("prepare %q: %w", named.text, err)
			}
		}
		return nil
	})
	return err //nolint:wrapcheck // it is our own
}

// oneTrip has PostgreSQL run statements, one after the other in one transaction, on a single trip:
// nothing is computed here between them. When it returns, all is committed.
func (s *Store) oneTrip(ctx context.Context, statements ...statement) error {
	connection, err := s.writes.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = connection.Close() }() // only gives it back
	// Its transaction is the batch itself, and the last thing read is that it is committed.
	_, err = s.runTogether(ctx, connection, statements)
	return err
}

// runTogether sends all statements before it reads what becomes of them, and returns what PostgreSQL
// says that the last has done.
func (s *Store) runTogether(
	ctx context.Context, connection bun.Conn, statements []statement,
) (done pgconn.CommandTag, err error) {
	err = connection.Raw(func(driver any) error {
		conn := driver.(*stdlib.Conn).Conn()
		batch, err := batchOf(ctx, conn, statements)
		if err != nil {
			return err
		}
		done, err = s.readTogether(conn.PgConn().ExecBatch(ctx, batch), statements)
		return err
	})
	return done, err //nolint:wrapcheck // it is our own
}

func batchOf(ctx context.Context, conn *pgx.Conn, statements []statement) (*pgconn.Batch, error) {
	batch := new(pgconn.Batch)
	for _, s := range statements {
		prepared, err := conn.Prepare(ctx, s.name, s.text)
		if err != nil {
			return nil, fmt.Errorf("prepare %s: %w", s.name, err)
		}
		args, err := encodeArgs(conn.TypeMap(), prepared.ParamOIDs, s.args)
		if err != nil {
			return nil, fmt.Errorf("arguments of %s: %w", s.name, err)
		}
		batch.ExecStatement(prepared, args, allBinary, allBinary)
	}
	return batch, nil
}

// allBinary has PostgreSQL take and give every value in its own form.
var allBinary = []int16{pgtype.BinaryFormatCode}

func (s *Store) readTogether(
	results *pgconn.MultiResultReader, statements []statement,
) (done pgconn.CommandTag, err error) {
	for i := 0; results.NextResult(); i++ {
		if dest := statements[i].dest; dest != nil && err == nil {
			err = s.fields.read(results.ResultReader(), dest)
		}
		var failed error
		if done, failed = results.ResultReader().Close(); failed != nil {
			break // and Close says it too
		}
	}
	if failed := results.Close(); failed != nil {
		err = failed
	}
	if err != nil {
		return done, fmt.Errorf("run together: %w", err)
	}
	return done, nil
}
