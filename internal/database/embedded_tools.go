package database

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// tools are PostgreSQL's programs of one version.
type tools struct {
	dir   string
	major int
}

func (t tools) path(name string) string { return filepath.Join(t.dir, name) }

// errNoTools says what to install.
var errNoTools = errors.New("PostgreSQL 15 or newer is not on this machine: install it (on Debian: apt-get install postgresql), or set DATABASE_URL to a server of yours")

// debianTools is where Debian keeps the server's programs, which are not on the PATH.
const debianTools = "/usr/lib/postgresql/*/bin"

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findTools finds the programs for a cluster that version made of PostgreSQL has made; 0: for a new cluster.
func findTools(made int) (tools, error) {
	return chooseTools(installedTools(debianTools), made)
}

// chooseTools takes the first that can run the cluster: only the version that made it can.
func chooseTools(found []tools, made int) (tools, error) {
	for _, t := range found {
		if made == 0 || made == t.major {
			return t, nil
		}
	}
	if made == 0 {
		return tools{}, errNoTools
	}
	return tools{}, fmt.Errorf("the data was made by PostgreSQL %d, which is not on this machine: install it (on Debian: apt-get install postgresql-%d), or move the data to a newer one with pg_upgrade",
		made, made)
}

// installedTools are those on the PATH, and then those in the directories of a pattern, newest first.
func installedTools(pattern string) []tools {
	dirs, _ := filepath.Glob(pattern) // fails for a malformed pattern only
	var found []tools
	for _, dir := range dirs {
		if t, ok := toolsIn(dir); ok {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b tools) int { return b.major - a.major })
	if path, err := exec.LookPath("initdb"); err == nil {
		if t, ok := toolsIn(filepath.Dir(path)); ok {
			found = slices.Insert(found, 0, t)
		}
	}
	return found
}

// toolsIn asks the server in a directory for its version; false when there is none or it is too old.
func toolsIn(dir string) (tools, bool) {
	t, ok := programsIn(dir, "postgres")
	return t, ok && t.major >= minVersion
}

// programsIn asks one of the programs in a directory for its version; false when it isn't there.
func programsIn(dir, name string) (tools, bool) {
	out, err := exec.Command(filepath.Join(dir, name), "--version").Output()
	if err != nil {
		return tools{}, false
	}
	found := versionNumber.FindSubmatch(out)
	if found == nil {
		return tools{}, false
	}
	major, err := strconv.Atoi(string(found[1]))
	return tools{dir, major}, err == nil
}
