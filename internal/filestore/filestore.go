// Package filestore keeps files in a directory: each whole or not at all, named by us, and for nobody else to read.
package filestore

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// ErrTooBig is content of more bytes than may be.
var ErrTooBig = errors.New("the file is too big")

// Store is a directory of files. Several processes may use it at the same time.
type Store struct {
	dir string
}

// New is the store in a directory, which is made when the first file is kept.
func New(dir string) *Store { return &Store{dir} }

// File is what is known of a file that is kept.
type File struct {
	Name        string // to open it by
	Size        int64
	SHA256      []byte
	ContentType string // by its first bytes, as https://mimesniff.spec.whatwg.org has it
}

// sniffed is how many bytes http.DetectContentType looks at.
const sniffed = 512

// Keep reads content to its end, at most limit bytes (else it is ErrTooBig), and keeps it under a name that begins with
// a directory and an owner's number. The same content of the same owner has the same name: keeping it again is no harm.
func (s *Store) Keep(dir, owner int64, content io.Reader, limit int64) (File, error) {
	into := filepath.Join(s.dir, fmt.Sprint(dir))
	if err := os.MkdirAll(into, 0o700); err != nil {
		return File{}, fmt.Errorf("make a directory for files: %w", err)
	}
	half, err := os.CreateTemp(into, halfPrefix+"*") // of mode 0600
	if err != nil {
		return File{}, fmt.Errorf("write a file: %w", err)
	}
	defer os.Remove(half.Name()) // of no effect once it is renamed
	defer half.Close()
	f, err := fill(half, content, limit)
	if err != nil {
		return File{}, err
	}
	f.Name = fmt.Sprintf("%d/%d-%x", dir, owner, f.SHA256[:8])
	if err := errors.Join(half.Sync(), half.Close()); err != nil {
		return File{}, fmt.Errorf("write a file: %w", err)
	}
	if err := os.Rename(half.Name(), filepath.Join(s.dir, f.Name)); err != nil {
		return File{}, fmt.Errorf("name a file: %w", err)
	}
	return f, syncDir(into)
}

// fill writes content to a file and says what it is.
func fill(half *os.File, content io.Reader, limit int64) (File, error) {
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(half, sum), io.LimitReader(content, limit+1))
	switch {
	case err != nil:
		return File{}, fmt.Errorf("write a file: %w", err)
	case size > limit:
		return File{}, ErrTooBig
	}
	head := make([]byte, sniffed)
	n, err := half.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("look at a file: %w", err)
	}
	return File{Size: size, SHA256: sum.Sum(nil), ContentType: TypeOf(head[:n])}, nil
}

// TypeOf is the type of content by its first bytes, as ContentType has it.
func TypeOf(content []byte) string { return http.DetectContentType(content) }

// Open opens a file by its name. It is fs.ErrNotExist where it isn't here.
func (s *Store) Open(name string) (*os.File, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, fmt.Errorf("open the directory of files: %w", err)
	}
	defer root.Close()
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return f, nil
}

// syncDir makes a new name in a directory outlast a crash of the machine.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("name a file: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("name a file: %w", err)
	}
	return nil
}
