package main

import (
	"path/filepath"
	"strings"
	"testing"

	"onedoor/internal/database/databasetest"
)

// TestBackupOfARunningProgram: a backup is taken while it serves, and serves elsewhere; over its head nothing is restored.
func TestBackupOfARunningProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	file := filepath.Join(t.TempDir(), "onedoor.backup")
	w.run("backup", file)
	before := w.run("requests")

	code, _, errs := try(t, "", "restore", "--replace", file, "--database-url", w.config.DatabaseURL)
	if code != exitFailed || !strings.Contains(errs, "stop `onedoor serve`") {
		t.Errorf("while it serves, restore ends with %d: %s", code, errs)
	}
	code, _, errs = try(t, "", "backup", file, "--database-url", w.config.DatabaseURL)
	if code != exitFailed || !strings.Contains(errs, "--overwrite") {
		t.Errorf("a second backup to one file ends with %d: %s", code, errs)
	}
	empty := databasetest.EmptyURL(t)
	if code, out, errs := try(t, "", "restore", file, "--database-url", empty); code != exitDone || out != "" {
		t.Fatalf("restore ends with %d: %s%s", code, out, errs)
	}
	if code, out, errs := try(t, "", "requests", "--database-url", empty); code != exitDone || out != before {
		t.Errorf("restored, the requests are %s, want %s (%s)", out, before, errs)
	}
	code, _, errs = try(t, "", "restore", file, "--database-url", empty)
	if code != exitFailed || !strings.Contains(errs, "--replace") {
		t.Errorf("restored again, it ends with %d: %s", code, errs)
	}
}
