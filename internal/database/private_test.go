package database_test

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"onedoor/internal/database"
)

// private opens a private server, which is stopped after the test.
func private(t *testing.T, dir string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{DataDir: dir, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func refused(t *testing.T, dir, why string) {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{DataDir: dir, Volatile: true})
	if err == nil {
		db.Close()
	}
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("got %v, want it to say %q", err, why)
	}
}

// socket is the path of a private server's socket.
func socket(t *testing.T, db *database.DB) string {
	t.Helper()
	u, err := url.Parse(db.URL())
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
}

func stillRuns(t *testing.T, db *database.DB) {
	t.Helper()
	if err := db.PingContext(t.Context()); err != nil {
		t.Errorf("the server should be running: %v", err)
	}
}

// stopped lets go of a server as the last who uses it.
func stopped(t *testing.T, db *database.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("unix", socket(t, db)); err == nil {
		conn.Close()
		t.Error("the server should be stopped")
	}
}

// processesOn are the command lines that name a directory.
func processesOn(t *testing.T, dir string) (found []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes at all (error %v)", err)
	}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(line), filepath.Join(dir, "postgresql")) {
			found = append(found, string(line))
		}
	}
	return found
}

// postmaster is the process of the server in a data directory.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgresql", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
