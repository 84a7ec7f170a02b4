package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// client runs PostgreSQL's client programs against a database. How to connect, password and all, is in their
// environment, and never in their arguments, which every user of the machine can read.
type client struct {
	tools tools
	env   []string
}

// client finds the programs of the server's version.
func (d *DB) client(ctx context.Context) (*client, error) {
	var major int
	if err := d.GetContext(ctx, &major, `SELECT CAST(current_setting('server_version_num') AS int) / 10000`); err != nil {
		return nil, fmt.Errorf("ask the database for its version: %w", err)
	}
	tools, err := findClient(debianTools, major)
	if err != nil {
		return nil, err
	}
	config, err := pq.NewConfig(d.url)
	if err != nil {
		return nil, errURL
	}
	return &client{tools, clientEnv(config)}, nil
}

// findClient finds the client programs of a version, in Debian's directories or on the PATH.
func findClient(pattern string, major int) (tools, error) {
	dirs, _ := filepath.Glob(pattern) // fails for a malformed pattern only
	if path, err := exec.LookPath("pg_dump"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, dir := range dirs {
		if t, ok := programsIn(dir, "pg_dump"); ok && t.major == major {
			return t, nil
		}
	}
	return tools{}, fmt.Errorf("the server is PostgreSQL %d, and pg_dump, pg_restore and psql of that version are not on this machine: install them (on Debian: apt-get install postgresql-client-%d)",
		major, major)
}

// clientEnv is the environment in which a client program connects as we do.
func clientEnv(c pq.Config) []string {
	hosts, ports := []string{c.Host}, []string{strconv.Itoa(int(c.Port))}
	for _, more := range c.Multi {
		hosts, ports = append(hosts, more.Host), append(ports, strconv.Itoa(int(more.Port)))
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "LC_ALL=C.UTF-8", "PGAPPNAME=onedoor backup"}
	for name, value := range map[string]string{
		"PGHOST": strings.Join(hosts, ","), "PGPORT": strings.Join(ports, ","), "PGUSER": c.User, "PGPASSWORD": c.Password,
		"PGDATABASE": c.Database, "PGPASSFILE": c.Passfile, "PGSSLMODE": string(c.SSLMode), "PGSSLCERT": c.SSLCert,
		"PGSSLKEY": c.SSLKey, "PGSSLROOTCERT": c.SSLRootCert, "PGOPTIONS": c.Options, "PGKRBSRVNAME": c.KrbSrvname,
		"PGTARGETSESSIONATTRS": string(c.TargetSessionAttrs),
	} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// stopProgram is how long a program may take to end after ctx has.
const stopProgram = 5 * time.Second

// program is a client program that is about to run; what it complains of is kept.
type program struct {
	*exec.Cmd
	said bytes.Buffer
}

func (c *client) program(ctx context.Context, name string, args ...string) *program {
	p := &program{Cmd: exec.CommandContext(ctx, c.tools.path(name), args...)}
	p.Env, p.Stderr, p.WaitDelay = c.env, &p.said, stopProgram
	p.Cancel = func() error { return p.Process.Signal(os.Interrupt) }
	return p
}

// why is how the program ended, in its own words.
func (p *program) why(err error) error {
	if err == nil {
		return nil
	}
	if said := strings.TrimSpace(p.said.String()); said != "" {
		return fmt.Errorf("%s: %w: %s", filepath.Base(p.Path), err, said)
	}
	return fmt.Errorf("%s: %w", filepath.Base(p.Path), err)
}

// errEmpty is a database that OneDoor has never used.
var errEmpty = errors.New("there is nothing of OneDoor's in the database: check DATABASE_URL or --onedoor-data-dir")

// used tells whether a migration has ever run.
func (d *DB) used(ctx context.Context) error {
	var used bool
	if err := d.GetContext(ctx, &used, `SELECT to_regclass('public.goose_db_version') IS NOT NULL`); err != nil {
		return fmt.Errorf("look what is in the database: %w", err)
	}
	if !used {
		return errEmpty
	}
	return nil
}
