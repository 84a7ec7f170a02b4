package open311_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestSwitchedOffWhileFiling: of what is filed while a key is switched off, each is either taken and stored, or refused and isn't;
// afterwards none is taken, not even what was taken before under the same key.
func TestSwitchedOffWhileFiling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	before := w.count(`SELECT count(*) FROM filings`)
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 12 {
		all.Go(func() {
			if i == 5 {
				w.exec(`UPDATE systems SET active = false`)
				return
			}
			a := s.post(need("account_id", strings.Repeat("x", i+1))...)
			mu.Lock()
			defer mu.Unlock()
			switch a.StatusCode {
			case http.StatusOK:
				taken++
			case http.StatusForbidden:
			default:
				t.Errorf("it answers %s: %s", a.Status, a.body)
			}
		})
	}
	all.Wait()
	if n := w.count(`SELECT count(*) FROM filings`) - before; n != taken {
		t.Errorf("%d are taken, and %d stored", taken, n)
	}
	s.post(need("account_id", "x")...).is(http.StatusForbidden)
	s.post(need("description", "my house is on fire")...).is(http.StatusForbidden)
	if n := w.count(`SELECT count(*) FROM filings`) - before; n != taken {
		t.Errorf("%d are stored afterwards", n)
	}
}
