package database_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"onedoor/internal/database"
)

// childEnv makes this test's program another onedoor: it opens the data directory that the variable names, says
// so, and closes it when its standard input ends.
const (
	childEnv     = "ONEDOOR_TEST_CHILD"
	exclusiveEnv = "ONEDOOR_TEST_EXCLUSIVE"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	db, err := database.Open(context.Background(), database.Config{DataDir: dir, Exclusive: os.Getenv(exclusiveEnv) != "", Volatile: true})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	if err := db.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// process is another onedoor that uses a data directory.
type process struct {
	cmd   *exec.Cmd
	input io.Closer
	said  *bufio.Reader
}

// begin starts a process.
func begin(t *testing.T, dir string, env ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childEnv+"="+dir), env...)
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return &process{cmd, input, bufio.NewReader(output)}
}

// ready waits until the process uses the database.
func (p *process) ready(t *testing.T) {
	t.Helper()
	if line, err := p.said.ReadString('\n'); line != "ready\n" {
		t.Fatalf("another process said %q (%v), want ready", line, err)
	}
}

// end lets the process close the database and waits for its end.
func (p *process) end(t *testing.T) {
	t.Helper()
	p.input.Close()
	said, _ := io.ReadAll(p.said)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("another process ended with %v: %s", err, said)
	}
}

// kill gives the process no chance to close anything.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}
