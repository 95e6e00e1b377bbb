package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// connections is how many connections to PostgreSQL one process uses at most.
const connections = 16

func (s *Store) openPostgres(_ context.Context) error {
	s.engine = postgresEngine
	s.engine.process = literal(s.opts.Process)
	config, err := pgx.ParseConfig(s.opts.URL)
	if err != nil {
		return fmt.Errorf("read database.url: %w", err)
	}
	// bun writes the values into the text; preparing every such text would help nobody. The texts
	// that are worth it are prepared by name.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(setUpConnection))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.writes = bun.NewDB(db, pgdialect.New())
	s.reads = s.writes
	return nil
}

// literal is a text as it stands in a statement.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// setUpConnection plans prepared statements once and not for every new list of arguments, and keeps a
// process that was frozen within a transaction from holding up the others.
func setUpConnection(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET plan_cache_mode = force_generic_plan;"+
		" SET idle_in_transaction_session_timeout = '15s'")
	if err != nil {
		return fmt.Errorf("set up connection: %w", err)
	}
	return nil
}
