// Package media keeps pictures, recordings and files on disk, each once under the hash of its content.
// It knows nothing of messages; who uses it says how much may be kept, and until when.
package media

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

var (
	// ErrTooLarge says that a content is longer than allowed; nothing of it is kept.
	ErrTooLarge = errors.New("media too large")
	// ErrEmpty says that a content has no bytes.
	ErrEmpty = errors.New("media empty")
	// ErrNotFound says that no content has this hash.
	ErrNotFound = errors.New("media not found")
)

// Folder is a folder of contents. It is safe for concurrent use, and by several processes.
type Folder struct{ dir string }

// Kept is a content that is on the disk.
type Kept struct {
	// Hash is the SHA-256 of the content in hexadecimal.
	Hash string
	// Type is the media type that the content itself shows; see TypeOf.
	Type string
	Size int64
}

// unfinished begins the names of contents on their way; what is older than leftAfter has been left by a
// process that died, and what is younger may be another's that lives.
const (
	unfinished = "part-"
	leftAfter  = time.Hour
)

// Open makes the folder where it is missing, readable by its owner only, and throws away what was
// left unfinished.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make media folder: %w", err)
	}
	parts, err := filepath.Glob(filepath.Join(dir, unfinished+"*"))
	if err != nil {
		return nil, fmt.Errorf("look for unfinished media: %w", err)
	}
	for _, part := range parts {
		if info, err := os.Stat(part); err != nil || time.Since(info.ModTime()) < leftAfter {
			continue // being written, or gone
		}
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove unfinished media: %w", err)
		}
	}
	return &Folder{dir}, nil
}

// Put reads a content of at most the given bytes to its end and keeps it. Memory does not grow with
// it, and nothing is left of what is refused. The same content again is kept once.
func (f *Folder) Put(r io.Reader, most int64) (k Kept, err error) {
	part, err := os.CreateTemp(f.dir, unfinished)
	if err != nil {
		return Kept{}, fmt.Errorf("begin media: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, part.Close(), os.Remove(part.Name()))
		}
	}()
	sum, head := sha256.New(), &first{}
	k.Size, err = io.Copy(io.MultiWriter(part, sum, head), io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return Kept{}, fmt.Errorf("write media: %w", err)
	case k.Size > most:
		return Kept{}, ErrTooLarge
	case k.Size == 0:
		return Kept{}, ErrEmpty
	}
	k.Hash, k.Type = hex.EncodeToString(sum.Sum(nil)), TypeOf(head.bytes)
	return k, f.finish(part, k.Hash)
}

// finish gives a content its name once it is on the disk.
func (f *Folder) finish(part *os.File, hash string) error {
	if err := part.Sync(); err != nil {
		return fmt.Errorf("sync media: %w", err)
	}
	path := f.path(hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make media folder: %w", err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("name media: %w", err)
	}
	if err := part.Close(); err != nil {
		return fmt.Errorf("close media: %w", err)
	}
	return nil
}

// Open opens a content for reading.
func (f *Folder) Open(hash string) (*os.File, error) {
	if !isHash.MatchString(hash) {
		return nil, ErrNotFound
	}
	file, err := os.Open(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open media: %w", err)
	}
	return file, nil
}

// Remove deletes a content; one that is not there is gone already.
func (f *Folder) Remove(hash string) error {
	if !isHash.MatchString(hash) {
		return ErrNotFound
	}
	if err := os.Remove(f.path(hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove media: %w", err)
	}
	return nil
}

var isHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// path spreads the contents over folders.
func (f *Folder) path(hash string) string { return filepath.Join(f.dir, hash[:2], hash) }

// first keeps the beginning of what is written.
type first struct{ bytes []byte }

func (f *first) Write(p []byte) (int, error) {
	f.bytes = append(f.bytes, p[:min(len(p), headLength-len(f.bytes))]...)
	return len(p), nil
}
