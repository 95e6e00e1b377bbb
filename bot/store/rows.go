package store

import (
	"context"
	"strings"
)

// column is a value of a row that a statement is given, with its type on PostgreSQL.
type column struct{ name, kind string }

// rowsQuery is a statement about rows that are its arguments: in its text {rows} stands for them,
// under the name v, each with its place. PostgreSQL, where every statement is a journey, takes all
// rows at once; SQLite one after the other, which costs it no more.
type rowsQuery struct {
	text    string
	columns []column
}

// rows writes out a query about rows.
func (e engine) rows(q rowsQuery) string {
	var marks, names []string
	for _, c := range q.columns {
		names = append(names, c.name)
		if e.postgres {
			marks = append(marks, "?::"+c.kind+"[]")
		} else {
			marks = append(marks, "? AS "+c.name)
		}
	}
	source := "(SELECT " + strings.Join(marks, ", ") + ", 0 AS place) AS v"
	if e.postgres {
		source = "unnest(" + strings.Join(marks, ", ") + ") WITH ORDINALITY AS v(" +
			strings.Join(names, ", ") + ", place)"
	}
	return strings.ReplaceAll(q.text, "{rows}", source)
}

// listRows runs a query about rows and reads what it returns for all of them.
func listRows[T any](ctx context.Context, w *work, q rowsQuery, rows [][]any) ([]T, error) {
	var all []T
	if w.engine.postgres {
		err := w.list(ctx, &all, q.text, columnsOf(rows, len(q.columns))...)
		return all, err
	}
	for _, row := range rows {
		var some []T
		if err := w.list(ctx, &some, q.text, row...); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// execRows runs a query about rows that changes some.
func (w *work) execRows(ctx context.Context, q rowsQuery, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if w.engine.postgres {
		return w.exec(ctx, q.text, columnsOf(rows, len(q.columns))...)
	}
	for _, row := range rows {
		if err := w.exec(ctx, q.text, row...); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf turns rows into one list for each of the n columns.
func columnsOf(rows [][]any, n int) []any {
	columns := make([]any, n)
	for i := range columns {
		column := make([]any, len(rows))
		for j, row := range rows {
			column[j] = row[i]
		}
		columns[i] = plainArgs(column)
	}
	return columns
}
