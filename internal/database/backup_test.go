package database_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

// sums are, for every table, its number of rows and a checksum of them.
func sums(t *testing.T, db *database.DB) map[string]string {
	t.Helper()
	var tables []string
	if err := db.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, table := range tables {
		var sum string
		err := db.Get(&sum, `SELECT count(*) || ' ' || coalesce(md5(string_agg(CAST(r AS text), '|' ORDER BY CAST(r AS text))), '') FROM `+table+` r`)
		if err != nil {
			t.Fatal(err)
		}
		all[table] = sum
	}
	return all
}

// filled is the address of a database with rows of many kinds, and their sums.
func filled(t *testing.T) (url string, want map[string]string) {
	t.Helper()
	url = databasetest.URL(t)
	db := open(t, url)
	db.MustExec(`INSERT INTO bots (id, username) VALUES (1, E'a\tb\\\n.')`)
	db.MustExec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 1, n, 'en', now() FROM generate_series(1, 500) n`)
	db.MustExec(`INSERT INTO requests (ref, bot_id, chat_id, text, created_at, next_action, next_action_at, groups, understanding)
		SELECT 'R' || n, 1, n, '我妈妈 ''"\ ' || n, now(), 'remind', now(), '{elderly,"a b"}', '{"x": [1.50, null]}' FROM generate_series(1, 500) n`)
	db.MustExec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'drafted', 'resident' FROM requests`)
	db.MustExec(`UPDATE chats SET request_id = (SELECT max(id) FROM requests)`) // tables that name each other
	want = sums(t, db)
	db.Close()
	return url, want
}

func backup(t *testing.T, url string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "onedoor.backup")
	db := open(t, url)
	defer db.Close()
	if err := db.Backup(t.Context(), file, false); err != nil {
		t.Fatal(err)
	}
	return file
}

// restore restores with a pool of its own, as the command does.
func restore(t *testing.T, url, file string, replace bool) error {
	t.Helper()
	db := open(t, url)
	defer db.Close()
	return db.Restore(t.Context(), file, replace)
}

func same(t *testing.T, url string, want map[string]string) {
	t.Helper()
	db := open(t, url)
	defer db.Close()
	got := sums(t, db)
	if !maps.Equal(got, want) {
		t.Errorf("the tables are %v, want %v", got, want)
	}
}

func refusedFor(t *testing.T, err error, why string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("got %v, want it to say %q", err, why)
	}
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	from, want := filled(t)
	file := backup(t, from)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the backup is %v (error %v), want it to be ours alone", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("beside the backup there are %v", entries)
	}
	to := databasetest.EmptyURL(t)
	if err := restore(t, to, file, false); err != nil {
		t.Fatal(err)
	}
	same(t, to, want)
	db := open(t, to)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`DELETE FROM events`); database.CodeOf(err) != "23001" {
		t.Errorf("after a restore, deleting events gives %v", err)
	}
	db.Close()
	refusedFor(t, restore(t, to, file, false), "not empty")
}

func TestRestoreReplaces(t *testing.T) {
	t.Parallel()
	from, want := filled(t)
	file := backup(t, from)
	to := databasetest.URL(t)
	db := open(t, to)
	db.MustExec(`INSERT INTO bots (id) VALUES (99); CREATE TABLE more (x int); CREATE VIEW v AS SELECT * FROM bots`)
	before := sums(t, db)
	db.Close()
	refusedFor(t, restore(t, to, file, false), "--replace")
	same(t, to, before)
	if err := restore(t, to, file, true); err != nil {
		t.Fatal(err)
	}
	same(t, to, want)
	if err := restore(t, to, file, true); err != nil { // one that was replaced once can be again, and backed up
		t.Fatal(err)
	}
	if err := restore(t, databasetest.EmptyURL(t), backup(t, to), false); err != nil {
		t.Fatal(err)
	}
}

// TestRestoreIsWholeOrNothing with what is no backup of ours, half of one, or of a program newer than us.
func TestRestoreIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	from, _ := filled(t)
	whole, err := os.ReadFile(backup(t, from))
	if err != nil {
		t.Fatal(err)
	}
	newer := open(t, from)
	newer.MustExec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`)
	newer.Close()
	other := databasetest.EmptyURL(t)
	elses := open(t, other)
	elses.MustExec(`CREATE TABLE goose_db_version (version_id int)`)
	elses.Close()
	otherFile := backup(t, other)

	to, before := filled(t)
	for name, test := range map[string]struct {
		file string
		why  string
	}{
		"nonsense":   {written(t, []byte("SELECT 1;")), "pg_restore"},
		"empty":      {written(t, nil), "pg_restore"},
		"a half":     {written(t, whole[:len(whole)/2]), "pg_restore"},
		"its end":    {written(t, whole[:len(whole)-10]), "pg_restore"},
		"from later": {backup(t, from), "newer onedoor"},
		"another's":  {otherFile, "not a backup of OneDoor's"},
	} {
		err := restore(t, to, test.file, true)
		refusedFor(t, err, test.why)
		refusedFor(t, err, "nothing was changed")
		same(t, to, before)
		if t.Failed() {
			t.Fatalf("with %s", name)
		}
	}
}

func written(t *testing.T, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRestoreWantsToBeAlone(t *testing.T) {
	t.Parallel()
	from, want := filled(t)
	file := backup(t, from)
	other := open(t, from)
	if err := other.Ping(); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, restore(t, from, file, true), "(onedoor): stop `onedoor serve`")
	other.Close()
	same(t, from, want)
}

func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	from, _ := filled(t)
	file := backup(t, from)
	db := open(t, from)
	before, _ := os.ReadFile(file)
	refusedFor(t, db.Backup(t.Context(), file, false), "--overwrite")
	if after, _ := os.ReadFile(file); !slices.Equal(before, after) {
		t.Error("the refused backup has changed the file")
	}
	if err := db.Backup(t.Context(), file, true); err != nil {
		t.Error(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, db.Backup(t.Context(), link, true), "not a file")
	refusedFor(t, db.Backup(t.Context(), filepath.Dir(file), true), "not a file")
	refusedFor(t, db.Backup(t.Context(), filepath.Join(file, "x"), false), "not a directory")
	refusedFor(t, open(t, databasetest.EmptyURL(t)).Backup(t.Context(), filepath.Join(t.TempDir(), "x"), false), "nothing of OneDoor's")

	stopped, stop := context.WithCancel(t.Context())
	stop()
	dir := t.TempDir()
	if err := db.Backup(stopped, filepath.Join(dir, "x"), false); err == nil {
		t.Error("a backup that was stopped is whole")
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("a backup that was stopped leaves %v", entries)
	}
}

// TestBackupOfAPrivateServer goes from one data directory to another.
func TestBackupOfAPrivateServer(t *testing.T) {
	t.Parallel()
	dir, file := databasetest.DataDir(t), filepath.Join(t.TempDir(), "backup")
	db := private(t, filepath.Join(dir, "one"))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.MustExec(`INSERT INTO bots (id) VALUES (7)`)
	want := sums(t, db)
	if err := db.Backup(t.Context(), file, false); err != nil { // while it is used
		t.Fatal(err)
	}
	db.Close()
	to := private(t, filepath.Join(dir, "two"))
	if err := to.Restore(t.Context(), file, false); err != nil {
		t.Fatal(err)
	}
	if got := sums(t, to); !maps.Equal(got, want) {
		t.Errorf("the tables are %v, want %v", got, want)
	}
}

// TestClientsConnectAsWeDo: what they need is in their environment.
func TestClientsConnectAsWeDo(t *testing.T) {
	env, err := database.ClientEnv("postgres://u:s3cret@h:7/d?sslmode=verify-full&sslrootcert=/r")
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"PGPASSWORD=s3cret", "PGHOST=h", "PGPORT=7", "PGUSER=u", "PGDATABASE=d", "PGSSLMODE=verify-full", "PGSSLROOTCERT=/r"} {
		if !slices.Contains(env, setting) {
			t.Errorf("the environment lacks %s: %q", setting, env)
		}
	}
}
