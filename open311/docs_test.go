package open311_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestExamplesRun runs the commands that docs/api.md shows, as they stand there.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	page, err := os.ReadFile("../docs/api.md")
	w.must(err)
	var script strings.Builder
	examples := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for _, example := range examples {
		script.WriteString(example[1])
	}
	shell := exec.CommandContext(t.Context(), "sh", "-euc", script.String())
	shell.Env = append(os.Environ(), "BASE="+w.server.URL, "KEY="+s.key, "no_proxy=127.0.0.1")
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests`))
	for words, count := range map[string]int{ref: 6, "等待社工接单": 3, "<services><service>": 1, "需要一张轮椅": 3, "<service_definition>": 1} {
		if n := strings.Count(string(out), words); n != count {
			t.Errorf("the examples say %q %d times, want %d: %s", words, n, count, out)
		}
	}
	if len(examples) != 3 {
		t.Errorf("%d examples", len(examples))
	}
}
