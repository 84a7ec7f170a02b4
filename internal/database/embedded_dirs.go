package database

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// DefaultDataDir is where the private server lives when nothing else is said.
func DefaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/onedoor"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "onedoor")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, ".local", "share", "onedoor")
}

// makeDataDir makes the data directory and returns its real path. One of another user is refused: with a
// cluster's and a lock's owner mixed, neither could use it afterwards.
func makeDataDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no data directory is named: set --onedoor-data-dir")
	}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return "", fmt.Errorf("make the data directory: %w; choose another --onedoor-data-dir", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the data directory: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", fmt.Errorf("find the data directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", fmt.Errorf("look at the data directory: %w", err)
	}
	if uid, _ := ownerOf(info); uid != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to another user (uid %d, and we are %d): run onedoor as that user, or choose another --onedoor-data-dir",
			dir, uid, os.Geteuid())
	}
	return dir, nil
}

// ownerOf are the user and the group that a file belongs to.
func ownerOf(info os.FileInfo) (uid, gid int) {
	stat := info.Sys().(*syscall.Stat_t) // what os.Stat gives on every Unix
	return int(stat.Uid), int(stat.Gid)
}

// socketDirs are the paths that a socket's directory may have: short enough, with the socket's name, for the 107
// bytes of a socket's address, and free of what is special in PostgreSQL's settings.
var socketDirs = regexp.MustCompile(`^[0-9A-Za-z/._+-]{1,90}$`)

// socketDir is where the socket goes: in the data directory, or where its path won't do, in a directory named for
// it. Not in $TMPDIR, which may differ from one command to the next.
func socketDir(dataDir string) string {
	dir := filepath.Join(dataDir, "run")
	if socketDirs.MatchString(dir) {
		return dir
	}
	sum := sha256.Sum256([]byte(dataDir))
	return "/tmp/onedoor-" + hex.EncodeToString(sum[:8])
}
