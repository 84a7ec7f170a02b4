package databasetest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// watchdog is a shell that waits until its standard input ends, as it does when this process has ended in
// whatever way. Then it ends the servers below a directory, and removes that.
type watchdog struct {
	dir   string
	input io.Closer
	shell *exec.Cmd
}

const script = `cat
servers() { find "$0" -name postmaster.pid -exec head -n 1 {} \; ; }
for pid in $(servers); do kill -QUIT "$pid"; done
for try in 1 2 3 4 5 6 7 8 9; do [ -n "$(servers)" ] && sleep 0.1; done
rm -rf "$0"`

// watch makes a directory that the server's user can pass through, and its watchdog.
func watch() (*watchdog, error) {
	dir, err := os.MkdirTemp("", "onedoor-test-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the tests' PostgreSQL: %w", err)
	}
	w := &watchdog{dir: dir, shell: exec.Command("sh", "-c", script, dir)}
	w.shell.Dir = "/"
	w.shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // it outlives what ends us
	if w.input, err = w.shell.StdinPipe(); err != nil {
		return nil, fmt.Errorf("watch over the tests' PostgreSQL: %w", err)
	}
	if err := w.shell.Start(); err != nil {
		return nil, fmt.Errorf("watch over the tests' PostgreSQL: %w", err)
	}
	return w, os.Chmod(dir, 0o711)
}

// end lets the watchdog do its work.
func (w *watchdog) end() {
	w.input.Close()
	_ = w.shell.Wait() // what it couldn't remove is of no use to anybody
}
