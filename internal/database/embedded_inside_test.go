package database

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestInstalledTools(t *testing.T) {
	dir := t.TempDir()
	for name, version := range map[string]string{
		"14/bin": "postgres (PostgreSQL) 14.11 (Debian 14.11-1)",
		"15/bin": "postgres (PostgreSQL) 15.4",
		"17/bin": "postgres (PostgreSQL) 17beta1",
		"18/bin": "something else",
		"path":   "postgres (PostgreSQL) 16.1 (Ubuntu 16.1-1.pgdg22.04+1)",
	} {
		install(t, filepath.Join(dir, name), version)
	}
	pattern := filepath.Join(dir, "*/bin")
	t.Setenv("PATH", t.TempDir())
	if got := majors(installedTools(pattern)); !slices.Equal(got, []int{17, 15}) {
		t.Errorf("not on the PATH: got %d, want the newest first", got)
	}
	t.Setenv("PATH", filepath.Join(dir, "path")+":/bin:/usr/bin")
	if got := majors(installedTools(pattern)); !slices.Equal(got, []int{16, 17, 15}) {
		t.Errorf("16 on the PATH: got %d, want that first", got)
	}
	t.Setenv("PATH", t.TempDir())
	if found := installedTools(filepath.Join(dir, "14/*")); len(found) > 0 {
		t.Errorf("found %v among the too old", found)
	}
}

func TestFindClient(t *testing.T) {
	dir := t.TempDir()
	for name, version := range map[string]string{"15/bin": "pg_dump (PostgreSQL) 15.4", "path": "pg_dump (PostgreSQL) 16.1 (Ubuntu 16.1-1)"} {
		installProgram(t, filepath.Join(dir, name), "pg_dump", version)
	}
	pattern := filepath.Join(dir, "*/bin")
	t.Setenv("PATH", filepath.Join(dir, "path")+":/bin:/usr/bin")
	for major, want := range map[int]string{15: "15/bin", 16: "path"} {
		if got, err := findClient(pattern, major); err != nil || got.dir != filepath.Join(dir, want) {
			t.Errorf("for PostgreSQL %d: got %v (error %v), want %s", major, got, err, want)
		}
	}
	if _, err := findClient(pattern, 17); err == nil || !strings.Contains(err.Error(), "postgresql-client-17") {
		t.Errorf("for PostgreSQL 17: got %v, want what to install", err)
	}
}

func TestChooseTools(t *testing.T) {
	t.Parallel()
	found := []tools{{"/path", 16}, {"/17", 17}, {"/15", 15}}
	for made, want := range map[int]string{0: "/path", 15: "/15", 17: "/17"} {
		if got, err := chooseTools(found, made); err != nil || got.dir != want {
			t.Errorf("for a cluster of %d: got %v (error %v), want %s", made, got, err, want)
		}
	}
	if _, err := chooseTools(found, 18); err == nil || !strings.Contains(err.Error(), "postgresql-18") {
		t.Errorf("for a cluster of 18: got %v, want what to install", err)
	}
	if _, err := chooseTools(nil, 0); !errors.Is(err, errNoTools) {
		t.Errorf("with nothing installed: got %v", err)
	}
}

// install puts a server there that tells its version.
func install(t *testing.T, dir, version string) {
	t.Helper()
	installProgram(t, dir, "postgres", version)
	installProgram(t, dir, "initdb", version)
}

// installProgram puts a program there that tells its version.
func installProgram(t *testing.T, dir, name, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, "#!/bin/sh\necho '%s'\n", version), 0o755); err != nil {
		t.Fatal(err)
	}
}

func majors(found []tools) (majors []int) {
	for _, t := range found {
		majors = append(majors, t.major)
	}
	return majors
}

func TestOwnDirRefusesWhatOthersPutThere(t *testing.T) {
	t.Parallel()
	self := owner{uid: os.Geteuid(), gid: os.Getegid()}
	dir := t.TempDir()
	victim, link, file := filepath.Join(dir, "victim"), filepath.Join(dir, "link"), filepath.Join(dir, "file")
	if err := errors.Join(os.Mkdir(victim, 0o755), os.Symlink(victim, link), os.WriteFile(file, nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, file} {
		if err := self.ownDir(path); err == nil {
			t.Errorf("%s was taken for a directory of ours", path)
		}
	}
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the link was followed: %v (error %v)", info.Mode(), err)
	}
	if err := self.ownDir(victim); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(victim); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("our own is still open: %v (error %v)", info.Mode(), err)
	}
}

func TestOwnDirRefusesSomebodyElses(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		dir := t.TempDir()
		if err := os.Chown(dir, 12345, 12345); err != nil {
			t.Fatal(err)
		}
		if err := (owner{uid: 12346, gid: 12346, switched: true}).ownDir(dir); err == nil {
			t.Error("somebody else's directory was taken")
		}
		return
	}
	if err := (owner{uid: os.Geteuid(), gid: os.Getegid()}).ownDir("/usr"); err == nil {
		t.Error("root's directory was taken")
	}
}

func TestLetPass(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "dir")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	const stranger = 54321
	for _, test := range []struct {
		owner owner
		mode  os.FileMode
		pass  bool
	}{
		{owner{uid: stranger, gid: stranger, switched: true}, 0o711, true},
		{owner{uid: stranger, gid: stranger, switched: true}, 0o770, false},
		{owner{uid: stranger, gid: os.Getegid(), switched: true}, 0o710, true},
		{owner{uid: stranger, gid: stranger, groups: []uint32{uint32(os.Getegid())}, switched: true}, 0o710, true},
		{owner{uid: os.Geteuid(), gid: stranger, switched: true}, 0o700, true},
		{owner{uid: os.Geteuid(), gid: os.Getegid()}, 0o700, true},
	} {
		if err := errors.Join(os.Chmod(parent, test.mode), os.Chmod(filepath.Dir(parent), 0o755)); err != nil {
			t.Fatal(err)
		}
		err := test.owner.letPass(dir)
		if (err == nil) != test.pass {
			t.Errorf("%+v through %o: got %v, want passing to be %t", test.owner, test.mode, err, test.pass)
		}
		if err != nil && !strings.Contains(err.Error(), "chmod o+x "+parent) {
			t.Errorf("the error doesn't say what to do: %v", err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o711 {
		t.Errorf("the directory itself has %v (error %v), want it opened for passing", info.Mode(), err)
	}
}

func TestDefaultDataDir(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	want := map[string]string{"": "/home/me/.local/share/onedoor", "relative": "/home/me/.local/share/onedoor", "/data": "/data/onedoor"}
	for xdg, dir := range want {
		if os.Geteuid() == 0 {
			dir = "/var/lib/onedoor"
		}
		t.Setenv("XDG_DATA_HOME", xdg)
		if got := DefaultDataDir(); got != dir {
			t.Errorf("with XDG_DATA_HOME=%s: got %s, want %s", xdg, got, dir)
		}
	}
}
