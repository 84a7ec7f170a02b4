package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestImportsAtOnce: of files that make the same records, confirmed by several people and several times at once, one is done,
// once; the others are told.
func TestImportsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("w-new-%03d,新人,%s,worker,,\n", i, taiping))
	}
	const head = "code,name,station,role,phone,specialties\n"
	forth := head + strings.Join(lines, "")
	slices.Reverse(lines)
	back := head + strings.Join(lines, "")
	var confirm []func() answer
	for i, file := range []string{forth, back, forth, back} {
		b := w.as(fmt.Sprint("boss-", i), "administrator", "")
		path := b.previewed("workers", []byte(file))
		confirm = append(confirm, func() answer { return b.post(path + "/confirm") })
	}
	done := w.atOnce(confirm)
	if n := value[int](w, `SELECT count(*) FROM workers WHERE code LIKE 'w-new-%'`); n != 200 || done != 1 {
		t.Errorf("%d are done, and %d workers made", done, n)
	}
	b := w.as("eve", "administrator", "")
	path := b.previewed("workers", []byte(head+strings.ReplaceAll(lines[0], "新人", "改名")))
	again := func() answer { return b.post(path + "/confirm") }
	if done := w.atOnce([]func() answer{again, again, again, again}); done != 1 {
		t.Errorf("one file is done %d times", done)
	}
}

// atOnce sends confirmations at the same time, and counts those that are done; the others must be told that they are not.
func (w *world) atOnce(confirm []func() answer) (done int) {
	w.Helper()
	var all sync.WaitGroup
	answers := make([]answer, len(confirm))
	for i := range confirm {
		all.Go(func() { answers[i] = confirm[i]() })
	}
	all.Wait()
	for _, a := range answers {
		switch {
		case a.StatusCode == http.StatusSeeOther && !strings.Contains(a.Header.Get("Location"), "anew"):
			done++
		case a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusConflict:
			w.Errorf("%v", a)
		}
	}
	return done
}
