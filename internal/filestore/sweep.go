package filestore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	halfPrefix = "." // of files that are being written
	batch      = 500 // files asked about at a time
)

// Sweep removes, of the files in a directory that are older than before, those that unwanted picks from their names, and
// what a crash has left half-written.
func (s *Store) Sweep(dir int64, before time.Time, unwanted func(names []string) ([]string, error)) error {
	in, err := os.Open(filepath.Join(s.dir, fmt.Sprint(dir)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look through the files: %w", err)
	}
	defer in.Close()
	for {
		entries, err := in.ReadDir(batch)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look through the files: %w", err)
		}
		if err := s.sweep(dir, old(entries, before), unwanted); err != nil {
			return err
		}
	}
}

// sweep removes the unwanted of some files.
func (s *Store) sweep(dir int64, bases []string, unwanted func([]string) ([]string, error)) error {
	var names, gone []string
	for _, base := range bases {
		name := fmt.Sprintf("%d/%s", dir, base)
		if strings.HasPrefix(base, halfPrefix) {
			gone = append(gone, name)
		} else {
			names = append(names, name)
		}
	}
	picked, err := unwanted(names)
	if err != nil {
		return err
	}
	for _, name := range append(gone, picked...) {
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a file: %w", err)
		}
	}
	return nil
}

// old are the names of the files last written before a moment.
func old(entries []fs.DirEntry, before time.Time) (names []string) {
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			names = append(names, e.Name())
		}
	}
	return names
}
