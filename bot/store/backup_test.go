package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

func TestABackupTakenWhileServingIsRestoredWhole(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	o := d.options()
	o.Exclusive = true
	s := d.openWith(o)
	c := answered(t, s, "li", "one")
	before := transcript(t, s, c)

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ctx.Err() == nil; i++ {
			_, _ = s.Receive(ctx, []bot.Arrival{text("wang", fmt.Sprint(i))}, pacing)
		}
	}()
	file := filepath.Join(t.TempDir(), "backup.db")
	require.NoError(t, s.Backup(t.Context(), file))
	stop()
	<-done
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	restored := newSQLite(t)
	restored.dir = filepath.Join(restored.dir, "new")
	require.NoError(t, store.Restore(t.Context(), file, restored.dir))
	require.Equal(t, before, transcript(t, restored.open(), c))

	err = store.Restore(t.Context(), file, restored.dir)
	require.ErrorIs(t, err, bot.ErrConflict)
	require.ErrorIs(t, err, fs.ErrExist)
	require.ErrorIs(t, s.Backup(t.Context(), file), bot.ErrConflict)
}

func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	d := newSQLite(t)
	s := d.open()
	fill(t, s, 200)
	whole := filepath.Join(t.TempDir(), "backup.db")
	require.NoError(t, s.Backup(t.Context(), whole))
	data, err := os.ReadFile(whole)
	require.NoError(t, err)

	holed := append([]byte{}, data...)
	for i := 5 * 4096; i < 6*4096; i++ {
		holed[i] = 0xAA
	}
	for name, content := range map[string][]byte{
		"empty": {}, "junk": []byte("no database"), "half": data[:len(data)/2], "holed": holed,
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "bad.db")
			require.NoError(t, os.WriteFile(file, content, 0o600))
			dir := filepath.Join(t.TempDir(), "data")
			require.ErrorIs(t, store.Restore(t.Context(), file, dir), store.ErrDamaged)
			_, err := os.Stat(filepath.Join(dir, store.FileName))
			require.ErrorIs(t, err, fs.ErrNotExist)
		})
	}
	err = store.Restore(t.Context(), whole+".not", t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestPostgreSQLIsBackedUpWithItsOwnTools(t *testing.T) {
	t.Parallel()
	s := newPostgres(t).open()
	file := filepath.Join(t.TempDir(), "backup.db")
	require.ErrorIs(t, s.Backup(t.Context(), file), store.ErrUsePgDump)
}
