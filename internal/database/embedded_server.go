package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 60 * time.Second // a recovery may take a while
	stopLimit  = "60"             // seconds; the last checkpoint may take a while

	// A killed server leaves processes behind that finish their statement. Until they are gone, a new one gives up.
	orphanLimit = 10 * time.Second
	orphanEvery = 100 * time.Millisecond
)

// run starts the server unless it runs, making its cluster first if there is none.
func (p *private) run(ctx context.Context) error {
	if err := p.makeCluster(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	_, err := os.Stat(filepath.Join(p.cluster, "postmaster.pid"))
	unclean := err == nil // a server that stops removes it
	began, started := time.Now(), false
	for {
		if started = !p.listens(); started {
			err = p.start(ctx)
		} else {
			err = p.await(ctx, nil) // it may be on its way down
		}
		if !errors.Is(err, errEnded) || !unclean || time.Since(began) > orphanLimit {
			break
		}
		time.Sleep(orphanEvery)
	}
	if err != nil {
		return fmt.Errorf("start PostgreSQL in %s: %w\n%s", p.cluster, err, lastLines(p.logFile()))
	}
	if started {
		p.log.InfoContext(ctx, "started PostgreSQL", "directory", p.cluster, "version", p.tools.major,
			"unclean", unclean, "took", time.Since(began))
	}
	return nil
}

// start starts the server and waits until it answers.
func (p *private) start(ctx context.Context) error {
	s, err := p.launch()
	if err != nil {
		return err
	}
	if err := p.await(ctx, s.ended); err != nil {
		s.kill()
		return err
	}
	return nil
}

// child is a server that this process started. It outlives us: others may use it.
type child struct {
	process *os.Process
	ended   chan struct{} // closed when it has
}

// launch starts the server in a session of its own, so that a key pressed on our terminal doesn't reach it.
func (p *private) launch() (*child, error) {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL's log: %w", err)
	}
	defer log.Close()
	cmd := p.owner.command(context.Background(), p.tools.path("postgres"), p.settings()...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	s := &child{cmd.Process, make(chan struct{})}
	go func() {
		defer close(s.ended)
		_ = cmd.Wait() // its log says more than its exit status
	}()
	return s, nil
}

// kill ends a server that didn't come up.
func (s *child) kill() {
	_ = s.process.Signal(syscall.SIGQUIT)
	<-s.ended
}

// settings is what differs from PostgreSQL's defaults. They are given at each start and not written into the
// cluster: as root, we write to no directory where somebody else could have put a link.
func (p *private) settings() []string {
	settings := []string{
		"listen_addresses=",
		"unix_socket_directories=" + p.socket,
		"unix_socket_permissions=0700",
		"port=" + port,
		"max_connections=200",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_checkpoints=off",
		"log_error_verbosity=terse", // details quote rows, and residents' words with them
	}
	if p.volatile {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", p.cluster}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// listens tells whether a server is there, ready or not.
func (p *private) listens() bool {
	conn, err := net.Dial("unix", filepath.Join(p.socket, ".s.PGSQL."+port))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

var errEnded = errors.New("the server has ended")

// await waits until the server answers. One of ours may end before that; if another answers in its place, that
// is as good. errEnded: none is there any more.
func (p *private) await(ctx context.Context, ended <-chan struct{}) error {
	db, err := sql.Open("postgres", p.url())
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer db.Close()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the server: %w; it said: %w", context.Cause(ctx), err)
		case <-ended:
			if !p.listens() {
				return errEnded
			}
			ended = nil
		case <-time.After(answerEvery):
			if ended == nil && !p.listens() {
				return errEnded
			}
		}
	}
}

// stop ends the server; what is under way there is rolled back. One that isn't there is stopped already.
func (p *private) stop() error {
	err := p.owner.run(context.Background(), p.tools.path("pg_ctl"), "stop", "-s", "-D", p.cluster, "-m", "fast", "-w", "-t", stopLimit)
	if err != nil && p.listens() {
		return fmt.Errorf("stop PostgreSQL in %s: %w", p.cluster, err)
	}
	p.log.Info("stopped PostgreSQL", "directory", p.cluster)
	return nil
}

func (p *private) logFile() string { return filepath.Join(p.dir, "postgresql.log") }

// lastLines is the end of a log, to say why a server didn't start.
func lastLines(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if _, err := f.Seek(-2000, io.SeekEnd); err != nil { // shorter than that
		_, _ = f.Seek(0, io.SeekStart)
	}
	text, _ := io.ReadAll(f)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
