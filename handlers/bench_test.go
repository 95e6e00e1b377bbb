package handlers_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
	"rongjun/handlers"
)

// BenchmarkPost measures posts to the web chat accepted per second, and the slowest in a hundred,
// against a bare Echo handler that inserts one row with the same durability, in one run and in turns.
// x/bare is the ratio of the rates; it is to be 0.6 at least.
func BenchmarkPost(b *testing.B) {
	for _, clients := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("SQLite/clients=%d", clients), func(b *testing.B) {
			dir := b.TempDir()
			ours := acceptingServer(b, store.Options{Dir: dir}, nil)
			comparePosts(b, clients, chatPost, ours, bareServer(b, bareSQLite(b, dir), "?, ?, ?, ?"))
		})
		b.Run(fmt.Sprintf("PostgreSQL/clients=%d", clients), func(b *testing.B) {
			address := postgresSchema(b)
			ours := acceptingServer(b, store.Options{URL: address}, nil)
			db, err := sql.Open("pgx", address)
			require.NoError(b, err)
			db.SetMaxIdleConns(16)
			comparePosts(b, clients, chatPost, ours, bareServer(b, db, "$1, $2, $3, $4"))
		})
	}
}

// acceptingServer is the whole face on a real store, without those who answer.
func acceptingServer(
	b *testing.B, o store.Options, callbacks map[string]handlers.Callback,
) string {
	hub := bot.NewHub()
	o.Changed = hub.Changed
	s, err := store.Open(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	registry := prometheus.NewRegistry()
	metrics, err := handlers.NewMetrics(registry)
	require.NoError(b, err)
	h, err := handlers.New(handlers.Options{
		Callbacks: callbacks,
		Inbox: &bot.Inbox{
			Store: s, Pacing: bot.DefaultPacing(), Urgent: func(string) bool { return false },
		},
		Hub: hub, Transcript: s, Visible: s, Turns: s, Sessions: s.Sessions(),
		Gatherer: registry, Metrics: metrics, Done: make(chan struct{}),
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Rand: rand.Reader,
	})
	require.NoError(b, err)
	return listen(b, h)
}

func listen(b *testing.B, h http.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	server := handlers.NewServer(h)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	b.Cleanup(func() {
		require.NoError(b, server.Close())
		require.ErrorIs(b, <-served, http.ErrServerClosed)
	})
	return "http://" + listener.Addr().String()
}

func bareSQLite(b *testing.B, dir string) *sql.DB {
	query := url.Values{"_pragma": {
		"busy_timeout(3000)", "journal_mode(WAL)", "synchronous(FULL)",
	}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?"+query.Encode())
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	return db
}

// bareServer reads the same posts and does nothing but insert a row for each.
func bareServer(b *testing.B, db *sql.DB, marks string) string {
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	insert := bareInsert(b, db, marks)
	e := echo.New()
	e.POST("/chat/messages", func(c echo.Context) error {
		var said struct {
			Text     string `json:"text"`
			ClientID string `json:"client_id"`
		}
		if err := c.Bind(&said); err != nil {
			return err
		}
		contact, err := c.Cookie("rongjun_contact")
		if err != nil {
			return err
		}
		_, err = insert.ExecContext(c.Request().Context(),
			contact.Value+said.ClientID, contact.Value, said.Text, time.Now().UnixMicro())
		if err != nil {
			return err
		}
		return c.JSON(http.StatusAccepted, map[string]string{"id": said.ClientID})
	})
	return listen(b, e)
}

// bareInsert makes a table and the statement that inserts a row into it.
func bareInsert(b *testing.B, db *sql.DB, marks string) *sql.Stmt {
	_, err := db.ExecContext(b.Context(),
		"CREATE TABLE bare (id TEXT PRIMARY KEY, contact TEXT, words TEXT, at BIGINT)")
	require.NoError(b, err)
	insert, err := db.PrepareContext(b.Context(), "INSERT INTO bare VALUES ("+marks+")")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, insert.Close()) })
	return insert
}

// postgresSchema is the address of an empty schema, which goes with the benchmark.
func postgresSchema(b *testing.B) string {
	address := os.Getenv("RONGJUN_TEST_POSTGRES")
	if address == "" {
		b.Skip("RONGJUN_TEST_POSTGRES names no server")
	}
	db, err := sql.Open("pgx", address)
	require.NoError(b, err)
	schema := "bench_" + strings.ToLower(rand.Text())
	_, err = db.ExecContext(b.Context(), "CREATE SCHEMA "+schema)
	require.NoError(b, err)
	b.Cleanup(func() {
		_, err := db.Exec("DROP SCHEMA " + schema + " CASCADE")
		require.NoError(b, err)
		require.NoError(b, db.Close())
	})
	u, err := url.Parse(address)
	require.NoError(b, err)
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}

// poster is one client with a connection that it keeps.
type poster struct {
	client http.Client
	count  *atomic.Int64
	// request makes the n-th post to a server.
	request func(ctx context.Context, server string, n int64) (*http.Request, error)
}

// benchContacts is how many contacts take turns in writing.
const benchContacts = 200

// chatPost is a post to the web chat.
func chatPost(ctx context.Context, server string, n int64) (*http.Request, error) {
	body, err := json.Marshal(map[string]string{
		"text":      "我退伍三年了，当时没有领一次性退役金，现在还能补办吗？要带什么材料？",
		"client_id": fmt.Sprint("m", n),
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		server+"/chat/messages", strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	cookie := strings.NewReplacer("0", "a", "1", "b", "8", "c", "9", "d").
		Replace(fmt.Sprintf("%026d", n%benchContacts))
	request.AddCookie(&http.Cookie{Name: "rongjun_contact", Value: cookie})
	return request, nil
}

func (p *poster) post(b *testing.B, server string) error {
	request, err := p.request(b.Context(), server, p.count.Add(1))
	if err != nil {
		return err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("answered with %s", response.Status)
	}
	return nil
}

func comparePosts(
	b *testing.B, clients int,
	request func(context.Context, string, int64) (*http.Request, error), ours, bare string,
) {
	var count atomic.Int64
	posters := make([]*poster, clients)
	for i := range posters {
		transport := &http.Transport{}
		b.Cleanup(transport.CloseIdleConnections)
		posters[i] = &poster{http.Client{Transport: transport}, &count, request}
	}
	var our, their load
	our.add(b, posters, ours, benchContacts) // so that all contacts are known
	their.add(b, posters, bare, benchContacts)
	our, their = load{}, load{}
	b.ResetTimer()
	const round = 320
	for done := 0; done < b.N; done += round {
		n := min(round, b.N-done)
		their.add(b, posters, bare, n)
		our.add(b, posters, ours, n)
	}
	b.ReportMetric(our.rate(), "posts/s")
	b.ReportMetric(their.rate(), "bare/s")
	b.ReportMetric(our.rate()/their.rate(), "x/bare")
	b.ReportMetric(our.slow(), "ms-p99")
	b.ReportMetric(their.slow(), "bare-ms-p99")
}

// load is what was measured of one server.
type load struct {
	took  time.Duration
	posts []time.Duration
}

// add posts n messages, the clients side by side.
func (l *load) add(b *testing.B, posters []*poster, server string, n int) {
	took := make(chan []time.Duration, len(posters))
	var left atomic.Int64
	left.Store(int64(n))
	began := time.Now()
	for _, p := range posters {
		go func() {
			var all []time.Duration
			for left.Add(-1) >= 0 {
				posted := time.Now()
				if err := p.post(b, server); err != nil {
					b.Error(err)
					break
				}
				all = append(all, time.Since(posted))
			}
			took <- all
		}()
	}
	for range posters {
		l.posts = append(l.posts, <-took...)
	}
	l.took += time.Since(began)
}

func (l *load) rate() float64 { return float64(len(l.posts)) / l.took.Seconds() }

// slow is the time in milliseconds that one post in a hundred exceeds.
func (l *load) slow() float64 {
	slices.Sort(l.posts)
	return float64(l.posts[len(l.posts)*99/100].Microseconds()) / 1000
}
