package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot/store"
)

// postgresURL names a server on which tests may make databases.
const postgresURL = "RONGJUN_TEST_POSTGRES"

// postgres gives the address of the server and a connection to it.
func postgres(t testing.TB) (address string, raw *sql.DB) {
	t.Helper()
	address = os.Getenv(postgresURL)
	if address == "" {
		t.Skipf("%s is not set", postgresURL)
	}
	raw, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	return address, raw
}

// newPostgres is a database of the test's own that has all tables and nothing in them.
func newPostgres(t testing.TB) *database {
	t.Helper()
	address, raw := postgres(t)
	template.once.Do(func() { template.err = template.make(address, raw) })
	require.NoError(t, template.err)
	return madePostgres(t, " TEMPLATE "+template.name)
}

// unmigratedPostgres is a database of the test's own without tables.
func unmigratedPostgres(t testing.TB) *database {
	t.Helper()
	return madePostgres(t, "")
}

// madePostgres is a database of the test's own, made as the options of CREATE DATABASE say.
func madePostgres(t testing.TB, options string) *database {
	t.Helper()
	address, raw := postgres(t)
	name := "test_" + strings.ToLower(rand.Text())
	_, err := raw.ExecContext(t.Context(), "CREATE DATABASE "+name+options)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := raw.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		require.NoError(t, err)
	})
	at, err := onDatabase(address, name)
	require.NoError(t, err)
	own, err := sql.Open("pgx", at)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, own.Close()) })
	return &database{t: t, ctx: t.Context(), url: at, raw: own}
}

// onDatabase is the address of one database of the server.
func onDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// template is the database that those of the tests are copies of. A copy takes a tenth of the time that
// the migrations take.
var template templateDatabase

type templateDatabase struct {
	once          sync.Once
	address, name string
	err           error
}

func (d *templateDatabase) make(address string, raw *sql.DB) error {
	ctx := context.Background() // it outlives the test that comes first
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := raw.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	d.address, d.name = address, name
	at, err := onDatabase(address, name)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{URL: at})
	if err != nil {
		return err
	}
	return s.Close()
}

// drop removes it after the last test.
func (d *templateDatabase) drop() error {
	if d.name == "" {
		return nil
	}
	raw, err := sql.Open("pgx", d.address)
	if err != nil {
		return err
	}
	defer raw.Close()
	_, err = raw.ExecContext(context.Background(), "DROP DATABASE "+d.name+" WITH (FORCE)")
	return err
}
