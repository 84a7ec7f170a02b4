package admin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
)

// news is what an open board is sent.
type news struct {
	Version string
	Order   []string
	Items   map[string]string
	Parts   map[string]string
	Count   string
}

// refs are the references that a board lists.
func (n news) refs() []string {
	refs := []string{}
	for _, id := range n.Order {
		refs = append(refs, strings.TrimPrefix(id, "item-"))
	}
	return refs
}

// news waits for what is new on an open board.
func (w *world) news(lines chan string) (n news) {
	w.Helper()
	for deadline := time.After(patience); ; {
		select {
		case line, open := <-lines:
			if !open {
				w.Fatal("the stream ended")
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				w.must(json.Unmarshal([]byte(data), &n))
				return n
			}
		case <-deadline:
			w.Fatal("an open board is told nothing")
		}
	}
}

func TestOpenBoardIsSentWhatIsNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.stand("first of all", `triage = 'unclaimed'`)
	mei, far := w.as("mei", "administrator", ""), w.as("far", "supervisor", another)
	lines, end := mei.stream("?board=1")
	defer end()
	theirs, endTheirs := far.stream("?board=1")
	defer endTheirs()
	if n := w.news(lines); !slices.Equal(n.refs(), []string{first}) || !strings.Contains(n.Items["item-"+first], "first of all") {
		t.Errorf("at first it is sent %v", n)
	}
	if n := w.news(theirs); len(n.Order) != 0 || len(n.Items) != 0 {
		t.Errorf("who sees nothing is sent %v", n)
	}
	danger := w.stand("it burns", `urgency = 'emergency'`)
	n := w.news(lines)
	if !slices.Equal(n.refs(), []string{danger, first}) || len(n.Items) != 1 || !strings.Contains(n.Items["item-"+danger], "it burns") {
		t.Errorf("of one more it is sent %q with %d items", n.refs(), len(n.Items))
	}
	if !strings.Contains(n.Parts["reasons"], "danger <b>1</b>") || !strings.Contains(n.Parts["beside"], taiping) {
		t.Errorf("around them it is sent %v", n.Parts)
	}
	if page := mei.get("/admin/"); !strings.Contains(page.body, `data-board="`+n.Version+`"`) || !strings.Contains(page.body, n.Items["item-"+danger]) {
		t.Errorf("the page isn't what open ones are sent")
	}
	same, endSame := mei.stream("?board=1&version=" + n.Version)
	defer endSame()
	w.quiet(same)
	_, err := w.db.Exec(`UPDATE requests SET station = $2, triage = '' WHERE ref = $1`, first, another)
	w.must(err)
	w.happen(first, "transferred")
	if n = w.news(same); !slices.Equal(n.refs(), []string{danger}) || len(n.Items) != 0 {
		t.Errorf("of one less it is sent %q with %d items", n.refs(), len(n.Items))
	}
	if n = w.news(theirs); len(n.Order) != 0 || !strings.Contains(n.Parts["beside"], another) || strings.Contains(n.Parts["beside"], taiping) {
		t.Errorf("who has it now is sent %v", n)
	}
	_, endHere := far.stream("?board=1&ref=" + first)
	defer endHere()
	_, endThere := far.stream("?board=1&ref=" + first)
	endThere() // of two pages one
	w.stand("theirs", `triage = 'unclear', station = '`+another+`'`)
	if n = w.news(theirs); len(n.Items) != 1 || strings.Contains(n.Items[n.Order[0]], "looking") {
		t.Errorf("who looks at it themself is sent %v", n.Items)
	}
}

// Who is logged out, switched off, or limited otherwise than before is told nothing more, and asked to come anew.
func TestOpenBoardEndsWithItsRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, change := range map[string]string{
		"off":      `UPDATE accounts SET active = false WHERE name = 'off'`,
		"limited":  `UPDATE accounts SET role = 'supervisor', station = '` + another + `' WHERE name = 'limited'`,
		"password": `UPDATE accounts SET password_hash = 'x' WHERE name = 'password'`,
		"ended":    `UPDATE logins SET ended_at = now() WHERE account = 'ended'`,
	} {
		lines, end := w.as(name, "administrator", "").stream("?board=1")
		defer end()
		w.news(lines)
		_, err := w.db.Exec(change)
		w.must(err)
		w.stand("a secret", `triage = 'unclear'`)
		for line := range lines {
			if strings.Contains(line, "secret") {
				t.Errorf("%s: it is told %q", name, line)
			}
		}
	}
}

// TestManyBoardsCostOneQuery: with 500 boards open, of several accounts, sights and languages, a change is read once, and drawn
// by all of them without asking the database anything more than who may still read.
func TestManyBoardsCostOneQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := counted(t, w.db)
	w.stand("first of all", `triage = 'unclaimed'`)
	readers := []*browser{w.as("mei", "administrator", ""), w.as("li", "auditor", ""), w.as("wang", "supervisor", taiping), w.as("zhao", "supervisor", "440117")}
	const boards, each = 500, 20 // as many as an account may have open
	for n := len(readers); n < boards/each; n++ {
		readers = append(readers, w.like([]string{"mei", "li", "wang", "zhao"}[n%4], fmt.Sprintf("reader%d", n)))
	}
	open := make([]chan string, boards)
	for i := range open {
		reader := *readers[i%len(readers)]
		reader.Accept = []string{"en", "zh-CN"}[i/len(readers)%2]
		lines, end := reader.stream("?board=1")
		defer end()
		open[i] = lines
		w.news(lines)
	}
	w.quiet(open[0])
	other, err := sqlx.Open("postgres", w.db.URL()) // of which nothing is counted
	w.must(err)
	defer other.Close()
	asked.since()
	_, err = other.Exec(`WITH changed AS (UPDATE requests SET urgency = 'urgent' RETURNING id) INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'said', 'resident' FROM changed`)
	w.must(err)
	began := time.Now()
	for _, lines := range open {
		if n := w.news(lines); len(n.Items) != 1 {
			t.Fatalf("a board is sent %v", n)
		}
	}
	took := time.Since(began)
	counts := map[string]int{}
	for _, statement := range asked.since() {
		counts[strings.Join(strings.Fields(statement)[:min(8, len(strings.Fields(statement)))], " ")]++
	}
	looks := int(took/(500*time.Millisecond)) + 2 // at the log, change or not
	for statement, n := range counts {
		limit := looks
		if strings.HasPrefix(statement, "SELECT l.id") {
			limit = 2 // who may still read: of this change, and of what has become late meanwhile
		}
		if n > limit {
			t.Errorf("%d times in %v: %s …", n, took, statement)
		}
	}
	if len(counts) == 0 || len(counts) > 5 {
		t.Errorf("for %d boards the database was asked %v", boards, counts)
	}
	t.Logf("%d boards had the change after %v: %v", boards, took, counts)
	readers[0].get("/admin/").is(http.StatusOK)
}

// like is a browser of another account with the same rights and password.
func (w *world) like(name, another string) *browser {
	w.Helper()
	_, err := w.db.Exec(`INSERT INTO accounts (name, role, station, county, password_hash, one_time, created_at)
		SELECT $2, role, station, county, password_hash, one_time, created_at FROM accounts WHERE name = $1`, name, another)
	w.must(err)
	b := w.browser()
	b.login(another, secret).leadsTo("/admin/")
	return b
}
