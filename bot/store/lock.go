package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// fileLock is held by the process that serves a folder. The system drops it when the process ends,
// however it ends.
type fileLock struct{ file *os.File }

func lockFile(path string) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return &fileLock{file: f}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	return nil, errors.Join(fmt.Errorf("lock folder: %w", err), f.Close())
}

func (l *fileLock) release() error { return l.file.Close() }
