package media_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/media"
)

func open(t *testing.T) (*media.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "media")
	f, err := media.Open(dir)
	require.NoError(t, err)
	return f, dir
}

// files are the paths of all files below a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	}))
	return out
}

func TestAContentIsKeptOnceAndReadBackWhole(t *testing.T) {
	f, dir := open(t)
	content := append([]byte("#!AMR\n"), make([]byte, 3000)...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			k, err := f.Put(iotest.OneByteReader(bytes.NewReader(content)), 1<<20)
			assert.NoError(t, err)
			assert.Equal(t, "audio/amr", k.Type)
			assert.Equal(t, int64(len(content)), k.Size)
		})
	}
	all.Wait()
	kept := files(t, dir)
	require.Len(t, kept, 1)
	info, err := os.Stat(kept[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "others may not read it")
	file, err := f.Open(filepath.Base(kept[0]))
	require.NoError(t, err)
	got, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.Equal(t, content, got)

	require.NoError(t, f.Remove(filepath.Base(kept[0])))
	require.NoError(t, f.Remove(filepath.Base(kept[0])), "what is gone is gone")
	_, err = f.Open(filepath.Base(kept[0]))
	assert.ErrorIs(t, err, media.ErrNotFound)
}

func TestNothingIsLeftOfWhatIsTooLargeOrBreaksOff(t *testing.T) {
	f, dir := open(t)
	_, err := f.Put(strings.NewReader(strings.Repeat("a", 101)), 100)
	assert.ErrorIs(t, err, media.ErrTooLarge)
	_, err = f.Put(strings.NewReader(""), 100)
	assert.ErrorIs(t, err, media.ErrEmpty)
	broken := errors.New("broken off")
	_, err = f.Put(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 100)
	assert.ErrorIs(t, err, broken)
	assert.Empty(t, files(t, dir))
	_, err = f.Put(strings.NewReader(strings.Repeat("a", 100)), 100)
	assert.NoError(t, err)
}

func TestWhatWasLeftUnfinishedIsThrownAwayAtTheNextStart(t *testing.T) {
	f, dir := open(t)
	_, err := f.Put(strings.NewReader("whole"), 100)
	require.NoError(t, err)
	old, young := filepath.Join(dir, "part-123"), filepath.Join(dir, "part-456")
	require.NoError(t, os.WriteFile(old, []byte("ha"), 0o600))
	require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)))
	require.NoError(t, os.WriteFile(young, []byte("another process writes this"), 0o600))
	_, err = media.Open(dir)
	require.NoError(t, err)
	assert.NoFileExists(t, old)
	assert.FileExists(t, young)
	assert.Len(t, files(t, dir), 2)
}

func TestAHashIsNoPath(t *testing.T) {
	f, dir := open(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("s"), 0o600))
	for _, hash := range []string{"../secret", "", "..", "aa/../../secret", strings.Repeat("z", 64)} {
		_, err := f.Open(hash)
		assert.ErrorIs(t, err, media.ErrNotFound, hash)
		assert.ErrorIs(t, f.Remove(hash), media.ErrNotFound, hash)
	}
	assert.FileExists(t, secret)
}

func TestTheTypeIsToldByTheContentAlone(t *testing.T) {
	for head, want := range map[string]string{
		"\xff\xd8\xff\xe0": "image/jpeg", "\x89PNG\x0d\x0a\x1a\x0a": "image/png", "GIF89a": "image/gif",
		"#!AMR\n": "audio/amr", "\x02#!SILK_V3": "audio/silk", "%PDF-1.7": "application/pdf",
		"<html><script>alert(1)</script>":          media.Unknown,
		"<svg xmlns='http://www.w3.org/2000/svg'>": media.Unknown,
		"<?xml version='1.0'?>":                    media.Unknown, "plain words": media.Unknown, "": media.Unknown,
	} {
		assert.Equal(t, want, media.TypeOf([]byte(head)), head)
	}
}
