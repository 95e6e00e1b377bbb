package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// BenchmarkReceivePage measures messages per second from a pulled page, the largest that the platform
// gives, of fifty contacts, to its commit together with the cursor.
func BenchmarkReceivePage(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *database{
		"SQLite": newSQLite, "PostgreSQL": newPostgres,
	} {
		b.Run(name, func(b *testing.B) {
			s := open(b).open()
			const size, contacts = 1000, 50
			cursor, n := "", 0
			b.ResetTimer()
			for b.Loop() {
				p := bot.PageCommit{
					Channel: "wecom", Account: "kf1", Read: cursor, Next: fmt.Sprint("cursor", n),
					CaughtUp: true, Pacing: pacing,
				}
				for i := range size {
					p.Arrivals = append(p.Arrivals, text(fmt.Sprint("c", i%contacts), fmt.Sprint(n, "/", i)))
				}
				_, err := s.ReceivePage(b.Context(), p)
				require.NoError(b, err)
				cursor, n = p.Next, n+1
			}
			b.ReportMetric(float64(size*n)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
