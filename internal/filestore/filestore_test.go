package filestore

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// files are the names of all files below a directory.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestKeep(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s := New(dir)
	for content, kind := range map[string]string{"\x89PNG\r\n\x1a\n": "image/png", "<html><script>": "text/html; charset=utf-8", "": "text/plain; charset=utf-8"} {
		for range 2 { // again, as after a crash
			f, err := s.Keep(7, 1, strings.NewReader(content), 20)
			if err != nil || f.ContentType != kind || f.Size != int64(len(content)) || len(f.SHA256) != 32 {
				t.Fatalf("%q is %+v, %v", content, f, err)
			}
			opened, err := s.Open(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(opened); string(got) != content || err != nil {
				t.Errorf("%q came back as %q, %v", content, got, err)
			}
			opened.Close()
		}
	}
	if names := files(t, dir); len(names) != 3 {
		t.Errorf("three files are %q", names)
	}
	for _, path := range []string{"", "7"} {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the directory %q has the mode %v, %v", path, info.Mode(), err)
		}
	}
	for _, name := range files(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v", name, info.Mode(), err)
		}
	}
}

// TestKeepNothingHalf: what is too large, or breaks off, leaves nothing behind.
func TestKeepNothingHalf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := New(dir)
	if _, err := s.Keep(7, 1, bytes.NewReader(make([]byte, 20)), 20); err != nil {
		t.Errorf("20 bytes of at most 20: %v", err)
	}
	if _, err := s.Keep(7, 2, bytes.NewReader(make([]byte, 21)), 20); !errors.Is(err, ErrTooBig) {
		t.Errorf("21 bytes of at most 20: %v", err)
	}
	if _, err := s.Keep(7, 3, io.MultiReader(strings.NewReader("x"), iotest.ErrReader(io.ErrUnexpectedEOF)), 20); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("what breaks off: %v", err)
	}
	if names := files(t, dir); len(names) != 1 || !strings.HasPrefix(names[0], "7/1-") {
		t.Errorf("there are %q", names)
	}
}

// TestOpenNothingElse: a name leads nowhere outside of the directory.
func TestOpenNothingElse(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(outside, "files")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := New(dir)
	for _, name := range []string{"../secret", "/etc/passwd", filepath.Join(outside, "secret")} {
		if f, err := s.Open(name); err == nil {
			f.Close()
			t.Errorf("%s can be opened", name)
		}
	}
	if _, err := s.Open("7/1-0"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what isn't there: %v", err)
	}
	if _, err := New(filepath.Join(outside, "none")).Open("7/1-0"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that isn't there: %v", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := New(dir)
	for owner := range int64(batch + 3) {
		if _, err := s.Keep(7, owner, strings.NewReader("x"), 20); err != nil {
			t.Fatal(err)
		}
	}
	other, err := s.Keep(8, 1, strings.NewReader("x"), 20)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "7", halfPrefix+"half"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	all := func(names []string) ([]string, error) { return names, nil }
	if err := s.Sweep(7, time.Now().Add(-time.Hour), all); err != nil || len(files(t, dir)) != batch+5 {
		t.Errorf("what is new is swept: %d files are left, %v", len(files(t, dir)), err)
	}
	keep := func(names []string) ([]string, error) {
		return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "7/5-") }), nil
	}
	if err := s.Sweep(7, time.Now().Add(time.Hour), keep); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 2 || !strings.HasPrefix(left[0], "7/5-") || left[1] != other.Name {
		t.Errorf("%q are left, want the wanted one and another directory's", left)
	}
	if err := s.Sweep(9, time.Now(), all); err != nil {
		t.Errorf("a directory that isn't there: %v", err)
	}
}
