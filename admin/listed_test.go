package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// listed are the lists that an account has seen by the record, the oldest first: what, of what, by what, and the references.
func (w *world) listed(account string) (lines []string) {
	w.Helper()
	w.must(w.db.Select(&lines, `SELECT concat_ws(' ', action, nullif(object, ''), nullif(CAST(detail - 'since' AS text), '{}'), array_to_string(refs, ' '))
		FROM audit WHERE account = $1 AND action LIKE '%/listed' ORDER BY id`, account))
	return lines
}

// lists tells whether an account's lists on record are these.
func (w *world) hasListed(account string, want ...string) {
	w.Helper()
	if got := w.listed(account); !slices.Equal(got, want) {
		w.Errorf("on record of %s is\n%s\nwant\n%s", account, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestListsAreOnRecord: whatever page lists requests, which ones it showed is on record, and not what they were looked for by.
func TestListsAreOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾，我叫陈大文")
	w.stand("first of all", `triage = 'unclaimed'`)
	w.must(w.execute(`UPDATE requests SET lat = 23.449, lon = 113.482`))
	trouble := strings.TrimPrefix(w.setAside(9, "my roof leaks"), "/admin/troubles/")
	var all []string
	w.must(w.db.Select(&all, `SELECT ref FROM requests ORDER BY ref COLLATE "C"`))
	var seen []int
	b, li := w.as("mei", "administrator", ""), w.as("li", "supervisor", another)
	const map14 = "/admin/map?z=14&at=23.449,113.482"
	for _, visit := range [][2]string{{"/admin/", "GET /admin/{$}/listed"}, {"/admin/requests", "GET /admin/requests/listed"},
		{"/admin/requests?q=陈大文&worker=13800138000&station=" + taiping + "&陈大文=1", `GET /admin/requests/listed {"filters": "q station worker"}`},
		{"/admin/requests?q=nobody", `GET /admin/requests/listed {"filters": "q"}`}, {"/admin/stations/" + taiping, "GET /admin/stations/{code}/listed " + taiping},
		{"/admin/times/requests?clock=claim&part=all", "GET /admin/times/requests/listed"}, {map14, "GET /admin/map/listed"},
		{map14 + "&here=23.449,113.482", "GET /admin/map/listed"}, {"/admin/troubles", "GET /admin/troubles/listed " + trouble}} {
		page, lines := b.get(visit[0]).is(http.StatusOK), w.listed("mei")
		said, ok := strings.CutPrefix(lines[len(lines)-1], visit[1]+" ")
		if !ok {
			t.Errorf("of %s is on record %q", visit[0], lines)
		}
		var shown []string
		for _, ref := range all {
			if strings.Contains(page.body, ref) {
				shown = append(shown, ref)
			}
		}
		got := strings.Fields(said)
		slices.Sort(got)
		if !slices.Equal(got, shown) {
			t.Errorf("%s shows %q, on record is %q", visit[0], shown, got)
		}
		seen = append(seen, len(shown))
	}
	if want := []int{3, 3, 0, 0, 2, 3, 0, 2, 1}; !slices.Equal(seen, want) {
		t.Errorf("the pages show %v requests, want %v", seen, want)
	}
	for _, path := range []string{"/admin/", "/admin/loads", "/admin/workers", "/admin/times", "/admin/requests?from=x", "/admin/stations/" + taiping, "/admin/troubles"} {
		li.get(path)
	}
	w.hasListed("li", "GET /admin/{$}/listed ") // what was refused showed nothing, and pages without a list are none
	if all := value[string](w, `SELECT string_agg(CAST(a AS text), ';') FROM audit a`); strings.Contains(all, "陈") || strings.Contains(all, "138001") || strings.Contains(all, "照顾") {
		t.Errorf("on record is %s", all)
	}
}

// TestLongListsAreWhollyOnRecord: of a list with more requests than a line names there are several lines.
func TestLongListsAreWhollyOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 101 {
		w.stand("waits", "")
	}
	w.must(w.execute(`UPDATE requests SET state = 'claimed', worker = (SELECT code FROM workers WHERE station = $1 LIMIT 1), claimed_at = now() WHERE id IN (SELECT id FROM requests ORDER BY id LIMIT 40)`, taiping))
	b := w.as("mei", "administrator", "")
	page := b.get("/admin/stations/" + taiping).is(http.StatusOK)
	refs := map[string]bool{}
	for _, line := range w.listed("mei") {
		for _, ref := range strings.Fields(line)[3:] {
			refs[ref] = true
		}
	}
	for ref := range refs {
		page.is(http.StatusOK, "row-"+ref)
	}
	if shown := strings.Count(page.body, `id="row-`); len(refs) != shown || shown <= 100 || len(w.listed("mei")) != 2 {
		t.Errorf("of %d requests shown %d are on record, in %d lines", shown, len(refs), len(w.listed("mei")))
	}
}

// TestRedrawnListsAreNoLooks: a list that draws itself anew is a look only at what it hadn't shown to this session within the hour.
func TestRedrawnListsAreNoLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.stand("first of all", `triage = 'unclaimed'`)
	b := w.as("mei", "administrator", "")
	const path, line = "/admin/stations/" + taiping, "GET /admin/stations/{code}/listed " + taiping + " "
	b.redraw(path).is(http.StatusOK, one) // who only says that it is a redraw
	b.redraw(path).is(http.StatusOK, one)
	w.hasListed("mei", line+one)
	two := w.stand("second to that", `triage = 'unclaimed'`)
	b.redraw(path).is(http.StatusOK, one, two)
	b.redraw(path).is(http.StatusOK, one, two)
	w.hasListed("mei", line+one, line+two)
	b.redraw("/admin/").is(http.StatusOK, one, two) // another list
	w.hasListed("mei", line+one, line+two, "GET /admin/{$}/listed "+one+" "+two)
	again := w.browser()
	again.login("mei", secret).leadsTo("/admin/")
	again.redraw(path).is(http.StatusOK) // another session
	w.hasListed("mei", line+one, line+two, "GET /admin/{$}/listed "+one+" "+two, line+one+" "+two)
	_, err := w.db.Exec(`ALTER TABLE audit DISABLE TRIGGER audit_append_only; UPDATE audit SET at = at - interval '61 minutes'; ALTER TABLE audit ENABLE TRIGGER audit_append_only`)
	w.must(err)
	b.redraw(path).is(http.StatusOK)
	if n := len(w.listed("mei")); n != 5 {
		t.Errorf("an hour later there are %d looks", n)
	}
	b.get(path).is(http.StatusOK) // an opening always is
	if n := len(w.listed("mei")); n != 6 {
		t.Errorf("after another opening there are %d looks", n)
	}
}

// awaitListed waits until an account has so many lists on record.
func (w *world) awaitListed(account string, n int) {
	w.Helper()
	for deadline := time.Now().Add(patience); len(w.listed(account)) < n; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("on record of %s is only %q", account, w.listed(account))
		}
	}
}

// TestOpenBoardIsOnRecord: what an open board was sent is on record when it is closed, once, and not again what its page had shown;
// a board that is opened anew at once, as one is whose reader moves on, goes on as it was.
func TestOpenBoardIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.stand("first of all", `triage = 'unclaimed'`)
	b, li := w.as("mei", "administrator", ""), w.as("li", "supervisor", another)
	b.get("/admin/").is(http.StatusOK, one)
	lines, end := b.stream("?board=1") // is sent what the page had shown
	w.news(lines)
	theirs, endTheirs := li.stream("?board=1")
	defer endTheirs()
	w.news(theirs)
	two := w.stand("second to that", `triage = 'unclaimed'`)
	version := w.news(lines).Version
	again, endAgain := b.stream("?board=1&version=" + version)
	end()
	w.happen(two, "said")
	three := w.stand("third and last", `triage = 'unclaimed'`)
	w.news(again)
	w.hasListed("mei", "GET /admin/{$}/listed "+one)
	endAgain()
	w.awaitListed("mei", 2)
	w.hasListed("mei", "GET /admin/{$}/listed "+one, "GET /admin/{$}/listed "+two+" "+three)
	w.hasListed("li")
	if since := value[time.Time](w, `SELECT CAST(detail->>'since' AS timestamptz) FROM audit WHERE detail ? 'since'`); time.Since(since) > time.Hour || time.Since(since) < 0 {
		t.Errorf("it says since %v", since)
	}
}

// TestStoppedBoardsAreOnRecord: a program that is stopped puts on record what open boards were sent, of all of them with one
// statement; nothing is sent that isn't on record.
func TestStoppedBoardsAreOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := counted(t, w.db)
	one := w.stand("first of all", `triage = 'unclaimed'`)
	readers := []*browser{w.as("mei", "administrator", ""), w.as("li", "auditor", ""), w.as("wang", "supervisor", taiping)}
	for i := range 12 {
		lines, end := readers[i%len(readers)].stream("?board=1")
		defer end()
		w.news(lines)
	}
	asked.since()
	w.admin.Close()
	puts := 0
	for _, statement := range asked.since() {
		if strings.HasPrefix(statement, "INSERT INTO audit") {
			puts++
		}
	}
	if puts != 1 {
		t.Errorf("12 boards were put on record with %d statements", puts)
	}
	for _, name := range []string{"mei", "li", "wang"} {
		w.hasListed(name, "GET /admin/{$}/listed "+one)
	}
}

// TestErasedStayListed: when a request is erased, who had seen it in a list stays on record, by its number.
func TestErasedStayListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	b.get("/admin/requests?q=照顾").is(http.StatusOK, ref)
	w.act(1, intake.Command{Name: "forget"})
	w.act(1, intake.Pressed{Press: intake.Press{Action: intake.ActForget, Arg: "yes"}})
	if n := value[int](w, `SELECT count(*) FROM requests WHERE ref = $1 AND erased_at IS NOT NULL`, ref); n != 1 {
		t.Fatal("it is not erased")
	}
	b.get("/admin/audit?object="+ref).is(http.StatusOK, "saw in the list of requests", "Looked for by: <bdi>Words, number, worker or phone</bdi>", ref).lacks("照顾")
}

// TestListsAreFoundByReference: the record is searched for what lists showed, too, however the number is typed; a page of it names
// some, what is searched for first, and its sheet all.
func TestListsAreFoundByReference(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var refs []string
	for range 40 {
		refs = append(refs, w.stand("my roof leaks", ""))
	}
	b, auditor := w.as("mei", "administrator", ""), w.as("zhu", "auditor", "")
	b.get("/admin/requests").is(http.StatusOK)
	b.get("/admin/requests/" + refs[0]).is(http.StatusOK)
	b.get("/admin/stations/" + another).is(http.StatusOK)
	for _, typed := range []string{refs[0], strings.ToLower(refs[0]), refs[0][:3] + "-" + refs[0][3:]} {
		page := auditor.get("/admin/audit?object="+typed).is(http.StatusOK, "saw in the list of requests", "Listed: 40", "… and 10 more, all in the CSV", `class="refs">`+refs[0]+" ")
		page.lacks("station&#39;s list", "roof")
		if typed != refs[0][:3]+"-"+refs[0][3:] {
			page.is(http.StatusOK, "looked at a request")
		}
	}
	auditor.get("/admin/audit?who=mei").is(http.StatusOK, "saw in a station&#39;s list", "Listed: 0")
	auditor.get("/admin/audit?who=li&object=" + refs[0]).is(http.StatusOK).lacks("Listed")
	auditor.get("/admin/audit?to=2026-01-01&from=2026-01-01&object=" + refs[0]).is(http.StatusOK).lacks("Listed")
	rows := w.sheet(auditor.get("/admin/audit?format=csv&object=" + refs[0]))
	if len(rows) != 3 || rows[0][6] != "listed" || rows[1][6] != "" || len(strings.Fields(rows[2][6])) != 40 || !strings.Contains(rows[2][6], refs[0]) {
		t.Errorf("the sheet has %q", rows)
	}
	before := value[int64](w, `SELECT max(id) FROM audit WHERE object = $1`, refs[0])
	auditor.get(fmt.Sprintf("/admin/audit?object=%s&before=%d", refs[0], before)).is(http.StatusOK, "Listed: 40").lacks("looked at a request")
	if _, err := w.db.Exec(`INSERT INTO audit (account, action, refs) SELECT 'mei', 'x', array_agg(CAST(n AS text)) FROM generate_series(1, 101) n`); err == nil {
		t.Error("a line names more than a hundred")
	}
}
