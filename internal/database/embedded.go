package database

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// private is a PostgreSQL server of our own in a data directory. It listens on a Unix socket only, which only
// its user and root can reach.
//
// Three locks in the data directory let processes share it: "serve" is held by the one program that has it for
// itself, "users" is shared by all that use it, and "start" is held while the server is started or stopped.
// They are flocks, so a process that is killed lets go of them. Whoever leaves last stops the server; one that
// was left running by a killed process is found and used.
type private struct {
	dir      string // the data directory: ours, passable for the server's user
	cluster  string // what PostgreSQL keeps, below it: the server's user's
	socket   string // the directory of the Unix socket: the server's user's
	tools    tools
	owner    owner
	volatile bool
	log      *slog.Logger
	serve    *fileLock
	users    *fileLock
}

const (
	port      = "5432" // only the name of the socket
	superuser = "onedoor"
)

// ErrNone is in the error of opening, for reading only, a private server that was never made.
var ErrNone = errors.New("there is no database yet")

// Exists tells whether a data directory has a private server, running or not.
func Exists(dir string) bool {
	_, err := os.Stat(clusterDir(dir))
	return err == nil
}

// clusterDir is where a data directory has what PostgreSQL keeps.
func clusterDir(dir string) string { return filepath.Join(dir, "postgresql") }

// enter makes the data directory ready and its server run.
func enter(ctx context.Context, c Config) (*private, error) {
	if c.Existing && !Exists(c.DataDir) {
		return nil, fmt.Errorf("%w in %s", ErrNone, c.DataDir)
	}
	p := &private{volatile: c.Volatile, log: c.Log}
	if err := p.prepare(c.DataDir); err != nil {
		return nil, err
	}
	if c.Exclusive {
		if err := p.claim(); err != nil {
			return nil, err
		}
	}
	if err := p.join(ctx); err != nil {
		p.serve.release()
		return nil, err
	}
	return p, nil
}

// prepare makes the directories, and finds the programs and the user for what is in them.
func (p *private) prepare(dir string) (err error) {
	if p.dir, err = makeDataDir(dir); err != nil {
		return err
	}
	p.cluster = clusterDir(p.dir)
	if p.owner, err = findOwner(p.cluster); err != nil {
		return err
	}
	if err := p.owner.letPass(p.dir); err != nil {
		return err
	}
	made, err := clusterVersion(p.cluster)
	if err != nil {
		return err
	}
	if p.tools, err = findTools(made); err != nil {
		return fmt.Errorf("run PostgreSQL in %s: %w", p.dir, err)
	}
	p.socket = socketDir(p.dir)
	return p.owner.ownDir(p.socket)
}

// claim takes the data directory for this program alone.
func (p *private) claim() error {
	path := filepath.Join(p.dir, "serve.lock")
	lock, err := tryLockFile(path, exclusively)
	if errors.Is(err, errLocked) {
		pid, _ := os.ReadFile(path) // without the number, the sentence still says what to do
		return fmt.Errorf("another onedoor (process %s) serves from %s: stop it, or choose another --onedoor-data-dir",
			strings.TrimSpace(string(pid)), p.dir)
	}
	if err != nil {
		return err
	}
	p.serve = lock
	return lock.write(strconv.Itoa(os.Getpid()))
}

// join begins to use the server, and starts it if nobody has.
func (p *private) join(ctx context.Context) error {
	start, err := lockFile(ctx, filepath.Join(p.dir, "start.lock"), exclusively)
	if err != nil {
		return err
	}
	defer start.release()
	if p.users, err = lockFile(ctx, filepath.Join(p.dir, "users.lock"), shared); err != nil {
		return err
	}
	if err := p.run(ctx); err != nil {
		p.users.release()
		return err
	}
	return nil
}

// leave ends the use of the server; the last to leave stops it.
func (p *private) leave() error {
	defer p.serve.release()
	defer p.users.release()
	start, err := lockFile(context.Background(), filepath.Join(p.dir, "start.lock"), exclusively)
	if err != nil {
		return err
	}
	defer start.release()
	err = p.users.upgrade()
	if errors.Is(err, errLocked) {
		return nil // somebody else still uses it
	}
	if err != nil {
		return err
	}
	return p.stop()
}

// url is how to connect.
func (p *private) url() string {
	return "postgres://" + superuser + "@/postgres?sslmode=disable&host=" + url.QueryEscape(p.socket) + "&port=" + port
}
