package main

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/store"
	"rongjun/config"
)

// held takes the database for itself as a foreign process would, and returns how to let go.
func held(t *testing.T, dir string) (letGo func()) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	require.NoError(t, err)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 30000")
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	return func() {
		_, err := conn.ExecContext(t.Context(), "ROLLBACK")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.NoError(t, db.Close())
	}
}

// smallDisk is a folder on a disk of its own with so many bytes.
func smallDisk(t *testing.T, bytes string) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("rongjun-test", dir, "tmpfs", 0, "size="+bytes)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		t.Skip("a small disk needs the right to mount: ", err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	return dir
}

// filledUp writes until nothing more fits, and returns how to make room again.
func filledUp(t *testing.T, dir string) (makeRoom func()) {
	t.Helper()
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	require.NoError(t, err)
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			block = block[:len(block)/2]
		}
	}
	require.NoError(t, f.Close())
	return func() { require.NoError(t, os.Remove(ballast)) }
}

func TestWhileTheDatabaseCannotTakeItNothingIsLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		folder func(*testing.T) string
		breaks func(*testing.T, string) (mend func())
	}{
		"locked":    {func(t *testing.T) string { return t.TempDir() }, held},
		"disk full": {func(t *testing.T) string { return smallDisk(t, "24m") }, filledUp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := platform(t, wecomtest.Config{})
			p, stop := running(t, settings(t, func(s *config.Config) {
				onPlatform(srv)(s)
				s.Data = c.folder(t)
			}))
			srv.SetCallback(p.URL() + "/callback/wecom")
			li := &customer{Customer: srv.Customer("li"), t: t}
			li.Say(testAccount, "优待证怎么办理？")
			li.hear("优待证")

			mend := c.breaks(t, p.settings.Data)
			v := newVisitor(t, p.URL())
			id := refusedPost(t, v)
			question := fortyQuestions(t)[0]
			li.Say(testAccount, question.question)
			refused := time.Now()
			form := v.submit("/chat/messages", url.Values{"text": {longWords}, "client_id": {"form"}})
			assert.Equal(t, http.StatusServiceUnavailable, form.status)
			t.Logf("a post was refused after %s", time.Since(refused).Round(time.Millisecond))
			assert.Contains(t, form.body, "请再点一次")
			assert.Contains(t, form.body, longWords[:60], "the words are still there")
			within(t, 2*time.Second, "a bell, which does not wait for the database,", func() {
				assert.Equal(t, http.StatusOK, aCallback(t, srv).post(t, true))
			})
			mend()

			li.hear(question.citation)
			assert.Equal(t, http.StatusAccepted, v.post(longWords, id).status, "the page sends it again")
			v.watch("").next("bot")
			stop()
		})
	}
}

// longWords fills several pages of a database.
var longWords = strings.Repeat("我是去年退役的义务兵，想问优待证怎么办理，", 180) + "？"

// refusedPost posts until the store refuses, as it does once what room it had is used up, and returns
// the id under which the refused words are to be sent again.
func refusedPost(t *testing.T, v *visitor) string {
	t.Helper()
	for i := range 3000 {
		id := "post" + strings.Repeat("x", i%8) + time.Now().Format("150405.000000000")
		got := v.post(longWords, id)
		if got.status == http.StatusServiceUnavailable {
			assert.Contains(t, got.body, "unavailable")
			return id
		}
		require.Equal(t, http.StatusAccepted, got.status, got.body)
	}
	t.Fatal("the store never refused")
	return ""
}
