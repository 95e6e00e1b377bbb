package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// statement is a text for PostgreSQL with its arguments. It is prepared under its name, once for
// each connection.
type statement struct {
	name, text string
	args       []any
}

// oneTrip has PostgreSQL run statements, one after the other in one transaction, on a single trip:
// nothing is computed here between them. It returns the rows of the last, which are whole numbers,
// when all is committed.
func (s *Store) oneTrip(ctx context.Context, statements ...statement) (rows [][]int64, err error) {
	connection, err := s.writes.DB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = connection.Close() }() // only gives it back
	err = connection.Raw(func(driver any) error {
		rows, err = runTogether(ctx, driver.(*stdlib.Conn).Conn(), statements)
		return err
	})
	return rows, err //nolint:wrapcheck // it is our own
}

func runTogether(
	ctx context.Context, conn *pgx.Conn, statements []statement,
) ([][]int64, error) {
	var batch pgconn.Batch
	for _, s := range statements {
		prepared, err := conn.Prepare(ctx, s.name, s.text)
		if err != nil {
			return nil, fmt.Errorf("prepare %s: %w", s.name, err)
		}
		var built pgx.ExtendedQueryBuilder
		if err := built.Build(conn.TypeMap(), prepared, plainArgs(s.args)); err != nil {
			return nil, fmt.Errorf("arguments of %s: %w", s.name, err)
		}
		batch.ExecStatement(prepared, built.ParamValues, built.ParamFormats, built.ResultFormats)
	}
	// Its transaction is the batch itself, and the last thing read is that it is committed.
	results, err := conn.PgConn().ExecBatch(ctx, &batch).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("run together: %w", err)
	}
	return wholeNumbers(conn.TypeMap(), results[len(results)-1])
}

func wholeNumbers(types *pgtype.Map, result *pgconn.Result) ([][]int64, error) {
	rows := make([][]int64, len(result.Rows))
	for i, row := range result.Rows {
		rows[i] = make([]int64, len(row))
		for j, value := range row {
			field := result.FieldDescriptions[j]
			err := types.Scan(field.DataTypeOID, field.Format, value, &rows[i][j])
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", field.Name, err)
			}
		}
	}
	return rows, nil
}
