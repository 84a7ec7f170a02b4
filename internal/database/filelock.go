package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// fileLock is a flock: the kernel takes it back when its process ends, however that happens.
type fileLock struct {
	file *os.File
}

const (
	shared      = syscall.LOCK_SH
	exclusively = syscall.LOCK_EX

	lockEvery = 20 * time.Millisecond // between tries for a file's lock
)

// errLocked is a lock that another process holds.
var errLocked = errors.New("locked by another process")

// lockFile takes a lock, and waits for it until ctx ends.
func lockFile(ctx context.Context, path string, how int) (*fileLock, error) {
	for {
		lock, err := tryLockFile(path, how)
		if !errors.Is(err, errLocked) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %s, held by another onedoor: %w", path, ctx.Err())
		case <-time.After(lockEvery):
		}
	}
}

// tryLockFile takes a lock, or fails with errLocked when it is held elsewhere.
func tryLockFile(path string, how int) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	l := &fileLock{f}
	if err := l.flock(how); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

func (l *fileLock) flock(how int) error {
	err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", l.file.Name(), err)
	}
	return nil
}

// upgrade makes a shared lock exclusive, or fails with errLocked when others share it.
func (l *fileLock) upgrade() error { return l.flock(exclusively) }

// write replaces the file's text.
func (l *fileLock) write(text string) error {
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write %s: %w", l.file.Name(), err)
	}
	if _, err := l.file.WriteAt([]byte(text+"\n"), 0); err != nil {
		return fmt.Errorf("write %s: %w", l.file.Name(), err)
	}
	return nil
}

// release gives the lock back. A lock that was never taken is none to give.
func (l *fileLock) release() {
	if l != nil {
		l.file.Close()
	}
}
