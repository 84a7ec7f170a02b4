package database_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestPrivateServerKeepsWhatItWasGiven(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	db := private(t, dir)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.MustExec(`INSERT INTO bots (id, username) VALUES (7, '一门')`)
	stopped(t, db)

	db = private(t, dir)
	var name string
	if err := db.Get(&name, `SELECT username FROM bots`); err != nil || name != "一门" {
		t.Errorf("got %q (error %v)", name, err)
	}
	stopped(t, db)
}

func TestPrivateServerIsPrivate(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	db := private(t, dir)
	var addresses, encoding string
	if err := db.QueryRow(`SELECT current_setting('listen_addresses'), current_setting('server_encoding')`).Scan(&addresses, &encoding); err != nil {
		t.Fatal(err)
	}
	if addresses != "" || encoding != "UTF8" {
		t.Errorf("it listens on %q and stores %s, want nowhere and UTF8", addresses, encoding)
	}
	info, err := os.Stat(filepath.Dir(socket(t, db)))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 || info.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Errorf("the socket's directory has mode %o and user %d, want 700 and not root", info.Mode().Perm(), info.Sys().(*syscall.Stat_t).Uid)
	}
	if group, err := syscall.Getpgid(postmaster(t, dir)); err != nil || group == syscall.Getpgrp() {
		t.Errorf("it is in our process group %d (error %v), so Ctrl-C reaches it", group, err)
	}
}

func TestPrivateServerGetsNoneOfOurEnvironment(t *testing.T) {
	t.Setenv("TELEGRAM_BOT_TOKEN", "secret")
	dir := databasetest.DataDir(t)
	private(t, dir)
	environment, err := os.ReadFile("/proc/" + strconv.Itoa(postmaster(t, dir)) + "/environ")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(environment), "LC_ALL=") || strings.Contains(string(environment), "TELEGRAM") {
		t.Errorf("its environment is %q", environment)
	}
}

func TestPrivateServerRefusesASecondServe(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	other := begin(t, dir, exclusiveEnv+"=1")
	other.ready(t)

	_, err := database.Open(t.Context(), database.Config{DataDir: dir, Exclusive: true})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), strconv.Itoa(other.cmd.Process.Pid)) {
		t.Errorf("got %v, want a refusal that names %s and process %d", err, dir, other.cmd.Process.Pid)
	}
	stillRuns(t, private(t, dir)) // other commands share it
	other.end(t)

	db, err := database.Open(t.Context(), database.Config{DataDir: dir, Exclusive: true, Volatile: true})
	if err != nil {
		t.Fatalf("after the other's end: %v", err)
	}
	db.Close()
}

func TestPrivateServerEndsWithItsLastUser(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	first, second := begin(t, dir), begin(t, dir) // at the same time: one makes the cluster, both use it
	first.ready(t)
	second.ready(t)
	db := private(t, dir)
	first.end(t)
	stillRuns(t, db)
	second.end(t)
	stillRuns(t, db)
	stopped(t, db)
}

func TestPrivateServerOutlivesAKilledUser(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	other := begin(t, dir, exclusiveEnv+"=1")
	other.ready(t)
	before := postmaster(t, dir)
	other.kill()

	db, err := database.Open(t.Context(), database.Config{DataDir: dir, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if after := postmaster(t, dir); after != before {
		t.Errorf("the server is process %d, was %d", after, before)
	}
	stopped(t, db)
}

func TestPrivateServerRecovers(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	db, err := database.Open(t.Context(), database.Config{DataDir: dir}) // not volatile
	if err != nil {
		t.Fatal(err)
	}
	db.MustExec(`CREATE TABLE words (word text)`)
	db.MustExec(`INSERT INTO words VALUES ('stored')`)
	// A statement under way outlives the server's first process, and keeps a second server from starting.
	ended := make(chan error, 1)
	go func() {
		_, err := db.Exec(`SELECT count(*) FROM generate_series(1, 5000000) AS busy`)
		ended <- err
	}()
	for busy := 0; busy == 0; {
		if err := db.Get(&busy, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%AS busy' AND state = 'active'`); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	defer func() { <-ended }()
	if err := db.Close(); err != nil {
		t.Errorf("letting go of a server that is gone: %v", err)
	}
	var word string
	if err := private(t, dir).Get(&word, `SELECT word FROM words`); err != nil || word != "stored" {
		t.Errorf("got %q (error %v)", word, err)
	}
}

func TestPrivateServerIsMadeWhole(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	half := filepath.Join(dir, "postgresql.new")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stillRuns(t, private(t, dir))
}

func TestPrivateServerInAnyDirectory(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		strings.Repeat("long/", 25) + "dir", // a socket's path has 107 bytes at most
		`it's a "dir", $HOME; \ 目录 %20`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := private(t, filepath.Join(databasetest.DataDir(t), name))
			t.Cleanup(func() { os.Remove(filepath.Dir(socket(t, db))) })
			stillRuns(t, db)
			stopped(t, db)
		})
	}
}

func TestPrivateServerOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	cluster := filepath.Join(dir, "postgresql")
	if err := os.Mkdir(cluster, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, "apt-get install postgresql-99")
}

func TestPrivateServerSaysWhyItFails(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	stopped(t, private(t, dir))
	file, err := os.OpenFile(filepath.Join(dir, "postgresql", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString("\nnonsense = 1\n"); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, `unrecognized configuration parameter "nonsense"`)
}

func TestPrivateServerCancelled(t *testing.T) {
	t.Parallel()
	dir := databasetest.DataDir(t)
	stopped(t, private(t, dir))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := database.Open(ctx, database.Config{DataDir: dir}); err == nil {
		t.Error("opened after all")
	}
	if found := processesOn(t, dir); len(found) > 0 {
		t.Errorf("left running: %q", found)
	}
	stopped(t, private(t, dir))
}

func TestPrivateServerOfSomebodyElse(t *testing.T) {
	t.Parallel()
	dir := "/usr" // root's
	if os.Geteuid() == 0 {
		dir = databasetest.DataDir(t)
		if err := os.Chown(dir, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, dir, dir+" belongs to another user")
}
