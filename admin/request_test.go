package admin_test

import (
	"html"
	"io"
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

// supervisorEvents are what supervisors did to requests: kind, account, and data of the event log.
func (w *world) supervisorEvents() (all []string) {
	w.Helper()
	w.must(w.db.Select(&all, `SELECT concat_ws(' ', kind, actor_id, data->>'from', data->>'to') FROM events WHERE actor = 'supervisor' ORDER BY id`))
	return all
}

func TestReclassifyAndSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	path := "/admin/requests/" + ref
	b := w.as("mei", "supervisor", "")
	b.get(path).is(http.StatusOK, "我妈妈没人照顾", "Taiping Town Social Work Station", `action="`+path+`/category"`, `action="`+path+`/station"`)

	b.post(path+"/category", "category", "health").leadsTo(path)
	b.post(path+"/station", "station", another).leadsTo(path)
	if v := w.view(ref); *v.Category != "health" || *v.Station != another {
		t.Errorf("the request is %s at %s", *v.Category, *v.Station)
	}
	want := "reclassified mei elderly_disabled_care health; transferred mei " + taiping + " " + another
	if got := strings.Join(w.supervisorEvents(), "; "); got != want {
		t.Errorf("the event log says %q, want %q", got, want)
	}
	page := b.get(path).text()
	for _, line := range []string{"Service changed supervisor mei", "Passed on supervisor mei Taiping Town Social Work Station, Conghua District → Zhongluotan Town"} {
		if !strings.Contains(page, line) {
			t.Errorf("the timeline lacks %q: %s", line, page)
		}
	}
}

func TestUnknownIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	for _, path := range []string{"/admin/requests/AAAAAA", "/admin/requests/%00", "/admin/requests/%ff", "/admin/requests/" + ref + "x",
		"/admin/stations/st-0", "/admin/stations/%00", "/admin/nowhere", "/admin/requests/" + ref + "/category"} {
		b.get(path).is(http.StatusNotFound, "There is nothing here")
	}
	for _, category := range []string{"", "nonsense", "\x00", "Health"} {
		b.post("/admin/requests/"+ref+"/category", "category", category).is(http.StatusNotFound)
	}
	for _, station := range []string{"", "st-0", "\x00"} {
		b.post("/admin/requests/"+ref+"/station", "station", station).is(http.StatusNotFound)
	}
	b.post("/admin/requests/AAAAAA/category", "category", "health").is(http.StatusNotFound)
	b.post("/admin/requests/AAAAAA/station", "station", another).is(http.StatusNotFound)
	if done := w.supervisorEvents(); len(done) != 0 {
		t.Errorf("the event log says %q", done)
	}
	typed := strings.ToLower(ref[:3]) + "-" + ref[3:]
	b.get("/admin/requests/"+typed).is(http.StatusOK, ref)
}

func TestClosedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.close(ref)
	b := w.as("mei", "administrator", "")
	b.get("/admin/requests/"+ref).is(http.StatusOK, "closed · solved").lacks("/category", "/station\"")
	b.post("/admin/requests/"+ref+"/category", "category", "health").is(http.StatusConflict, "the request has moved on")
	b.post("/admin/requests/"+ref+"/station", "station", another).is(http.StatusConflict)
	if v := w.view(ref); *v.Category != "elderly_disabled_care" || *v.Station != taiping {
		t.Errorf("the closed request is %s at %s", *v.Category, *v.Station)
	}
}

func TestAuditorsOnlyLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("li", "auditor", "")
	b.get("/admin/").is(http.StatusOK, "Taiping Town")
	b.get("/admin/times").is(http.StatusOK)
	b.get("/admin/stations/"+taiping).is(http.StatusOK, ref)
	b.get("/admin/requests/"+ref).is(http.StatusOK, "我妈妈没人照顾").lacks("/category", "/station\"")
	b.post("/admin/requests/"+ref+"/category", "category", "health").is(http.StatusForbidden, "may look but not change")
	b.post("/admin/requests/"+ref+"/station", "station", another).is(http.StatusForbidden)
	if done := w.supervisorEvents(); len(done) != 0 {
		t.Errorf("the event log says %q", done)
	}
}

func TestSupervisorOfOneStation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, theirs, offered := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾"), w.ask(3, "我奶奶没人照顾")
	for _, ref := range []string{theirs, offered} {
		w.must(w.intake.SendTo(w.Context(), ref, another, "root"))
	}
	_, err := w.db.Exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, $2, now() FROM requests WHERE ref = $1`, offered, taiping)
	w.must(err)
	_, err = w.db.Exec(`UPDATE requests SET triage = 'unclaimed'`)
	w.must(err)
	b := w.as("mei", "supervisor", taiping)

	b.get("/admin/").is(http.StatusOK, mine, "/admin/stations/"+taiping).lacks(theirs, "/admin/stations/"+another, "爸爸")
	station := b.get("/admin/stations/"+taiping).is(http.StatusOK, "/admin/requests/"+mine, "/admin/requests/"+offered)
	station.lacks(theirs)
	b.get("/admin/requests/"+mine).is(http.StatusOK, "妈妈")
	for _, path := range []string{"/admin/stations/" + another, "/admin/requests/" + theirs} {
		b.get(path).is(http.StatusNotFound).lacks("爸爸")
	}
	b.get("/admin/requests/"+offered).is(http.StatusOK, "奶奶", "/category") // see TestOfferedIsDecidedOn
	_, err = w.db.Exec(`UPDATE requests SET state = 'claimed', worker = (SELECT max(code) FROM workers WHERE station = $2), claimed_at = now() WHERE ref = $1`, offered, another)
	w.must(err)
	b.get("/admin/requests/" + offered).is(http.StatusNotFound) // somebody has it
	b.post("/admin/requests/"+offered+"/category", "category", "health").is(http.StatusNotFound)
	b.post("/admin/requests/"+theirs+"/category", "category", "health").is(http.StatusNotFound)
	b.post("/admin/requests/"+theirs+"/station", "station", taiping).is(http.StatusNotFound)
	if v := w.view(theirs); *v.Category != "elderly_disabled_care" || *v.Station != another {
		t.Errorf("another station's request became %s at %s", *v.Category, *v.Station)
	}
	b.get("/admin/times?format=csv").is(http.StatusOK, "\n"+taiping+",").lacks(another)

	b.post("/admin/requests/"+mine+"/station", "station", another).leadsTo("/admin/")
	b.get("/admin/requests/" + mine).is(http.StatusNotFound)
}

func TestTriageWithoutAStationIsForThoseWhoSeeAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.act(1, intake.Said{Text: "我妈妈没人照顾"})
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests`))
	w.press(1, intake.ActSkipPlace, ref, "")
	w.press(1, intake.ActConfirm, ref, "")
	_, err := w.db.Exec(`UPDATE requests SET next_action_at = now() WHERE state = 'draft'`)
	w.must(err)
	for more := true; more; {
		more, err = w.intake.Due(w.Context())
		w.must(err)
	}
	if v := w.view(ref); v.State != intake.Open || v.Station != nil {
		t.Fatalf("the request is %s at %v, want it open without a station", v.State, v.Station)
	}
	limited := w.as("mei", "supervisor", taiping)
	limited.get("/admin/").lacks(ref)
	limited.get("/admin/requests/" + ref).is(http.StatusNotFound)
	all := w.as("li", "supervisor", "")
	all.get("/admin/").is(http.StatusOK, ref, "no place")
	all.post("/admin/requests/"+ref+"/station", "station", taiping).leadsTo("/admin/requests/" + ref)
	limited.get("/admin/requests/" + ref).is(http.StatusOK)
}

func TestCrossSitePostsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	for _, site := range []string{"cross-site", "same-site"} {
		for _, path := range []string{"/admin/requests/" + ref + "/category", "/admin/logout", "/admin/login", "/admin/language", "/admin/password"} {
			r := b.form(path, "category", "health", "name", "mei", "password", secret)
			r.Header.Set("Sec-Fetch-Site", site)
			b.do(r).is(http.StatusForbidden)
		}
	}
	old := b.form("/admin/logout") // of a browser without Sec-Fetch-Site
	old.Header.Del("Sec-Fetch-Site")
	old.Header.Set("Origin", "https://elsewhere.example")
	b.do(old).is(http.StatusForbidden)
	b.get("/admin/").is(http.StatusOK)
	if done := w.supervisorEvents(); len(done) != 0 {
		t.Errorf("the event log says %q", done)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	answers := []answer{w.browser().get("/admin/"), w.browser().get("/admin/login")}
	for _, path := range []string{"/admin/", "/admin/times", "/admin/times?format=csv", "/admin/times?from=x", "/admin/stations/" + taiping,
		"/admin/requests/" + ref, "/admin/password", "/admin/nowhere", "/admin/static/admin.css"} {
		answers = append(answers, b.get(path))
	}
	cross := b.form("/admin/logout")
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	answers = append(answers, b.do(cross))
	for _, a := range answers {
		csp := a.Header.Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, rule) {
				t.Errorf("%v; its policy lacks %s: %q", a, rule, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%v; its policy is %q", a, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%v; %s is %q, want %q", a, name, got, want)
			}
		}
		a.lacks(" style=", "<style", " onclick", "javascript:", "http://", "https://")
	}
}

func TestHostileTextIsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hostile := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.T "login"}} 'quoted' & </blockquote>`,
		"\u200fשלום\u200e \u061c", strings.Repeat("a", 4096)}
	ref := w.ask(1, strings.Join(hostile, "\n"))
	w.join(901, "w-440117-2-1")
	_, err := w.db.Exec(`UPDATE workers SET name = '<b>Mei</b>' WHERE code = 'w-440117-2-1'`)
	w.must(err)
	w.press(901, intake.ActClaim, ref, "")
	w.act(1, intake.Said{Text: `<i>and more</i>`})
	_, err = w.db.Exec(`UPDATE requests SET triage = 'trouble'`)
	w.must(err)
	b := w.as("mei", "administrator", "")
	for _, path := range []string{"/admin/", "/admin/stations/" + taiping, "/admin/requests/" + ref} {
		a := b.get(path).is(http.StatusOK)
		a.lacks("<script>alert", "<img", "<b>Mei", "<i>and", "\u202e")
		said := html.UnescapeString(a.body)
		for _, text := range append(hostile, "<b>Mei</b> has it") {
			if path == "/admin/" {
				text = text[:min(len(text), 60)] // the board shows how long words begin
			}
			if !strings.Contains(said, text) {
				t.Errorf("%v; it doesn't say %.60q", a, text)
			}
		}
		if !strings.Contains(a.body, `<blockquote dir="auto">`) && !strings.Contains(a.body, `<span dir="auto">`) {
			t.Errorf("%v; the resident's words could turn what stands around them", a)
		}
	}
	if !strings.Contains(html.UnescapeString(b.get("/admin/requests/"+ref).body), `<i>and more</i>`) {
		t.Error("what was said later is not in the timeline")
	}
}

// Whatever residents and workers said is in the timeline, with who said it.
func TestTimelineHasAllThatWasSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.act(1, intake.Sent{Kind: "photo", FileID: "f1"})
	ref := w.ask(1, "我妈妈没人照顾")
	w.act(1, intake.Sent{Kind: "photo", FileID: "f2", Text: "她的房间"})
	w.join(901, "w-440117-2-1")
	w.press(901, intake.ActClaim, ref, "")
	w.press(901, intake.ActReply, ref, "")
	w.act(901, intake.Said{Text: "我明天来"})
	w.press(901, intake.ActNote, ref, "")
	w.act(901, intake.Said{Text: "带药"})
	w.press(901, intake.ActPassTo, ref, intake.ToSupervisor)
	page := w.as("mei", "administrator", "").get("/admin/requests/" + ref).text()
	_, timeline, _ := strings.Cut(page, "Timeline")
	rest := timeline
	for _, line := range []string{"First words resident", "(a picture)", "我妈妈没人照顾", "23.44900, 113.48200", "Submitted resident", "Routed OneDoor", "Said resident", "她的房间",
		"Claimed worker 丘子轩", "First answer worker 丘子轩", "我明天来", "Note worker 丘子轩", "带药", "Passed on worker 丘子轩 → supervisor"} {
		_, after, found := strings.Cut(rest, line)
		if !found {
			t.Fatalf("the timeline lacks %q, or it comes too early: %s", line, timeline)
		}
		rest = after
	}
	for _, once := range []string{"(a picture)", "我妈妈没人照顾", "她的房间", "我明天来"} {
		if n := strings.Count(timeline, once); n != 1 {
			t.Errorf("the timeline says %q %d times", once, n)
		}
	}
}

// TestFiles: what was sent is opened by whoever may see its request, and can do nothing but be looked at or saved.
func TestFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref, other := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.files = map[string]string{"pic": "\x89PNG\r\n\x1a\n", "evil.exe": "<html><script>alert(1)</script>", "voice.oga": "OggS\x00", "form.docx": "PK\x03\x04",
		"large": strings.Repeat("a", 20<<20), "larger": strings.Repeat("a", 20<<20+1)}
	for file := range w.files {
		w.act(1, intake.Sent{Kind: "document", FileID: file})
	}
	w.act(1, intake.Sent{Kind: "document", FileID: "gone"})
	w.act(1, intake.Sent{Kind: "document", FileID: "later"})
	b := w.as("mei", "supervisor", taiping)
	path := func(file string) string {
		var id string
		w.must(w.db.Get(&id, `SELECT id FROM messages WHERE file_id = $1`, file))
		return "/admin/requests/" + ref + "/files/" + id
	}
	b.get("/admin/requests/"+ref).is(http.StatusOK, path("pic"), path("evil.exe"))
	for file, want := range map[string][3]string{"pic": {"image/png", "inline", ""}, "evil.exe": {"application/octet-stream", "attachment", ""},
		"voice.oga": {"audio/ogg", "inline", ".oga"}, "form.docx": {"application/octet-stream", "attachment", ".docx"}, "large": {"application/octet-stream", "attachment", ""}} {
		a := b.get(path(file)).is(http.StatusOK)
		name := ref + "-" + path(file)[strings.LastIndex(path(file), "/")+1:] + want[2]
		if got := a.Header.Get("Content-Type"); got != want[0] || a.Header.Get("Content-Disposition") != want[1]+"; filename="+name ||
			!strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s has the headers %v", file, a.Header)
		}
		if a.body != w.files[file] {
			t.Errorf("%s came as %.40q", file, a.body)
		}
	}
	b.get(path("gone")).is(http.StatusBadRequest, "Telegram no longer has this file")
	if a := b.get(path("later")).is(http.StatusServiceUnavailable, "Telegram does not answer"); a.Header.Get("Retry-After") == "" {
		t.Error("it doesn't say when to try again")
	}
	cut, err := b.Get(w.server.URL + path("larger"))
	w.must(err)
	defer cut.Body.Close()
	if n, err := io.Copy(io.Discard, cut.Body); err == nil {
		t.Errorf("%d bytes of more than may be look complete", n)
	}
	b.get(strings.Replace(path("pic"), ref, other, 1)).is(http.StatusNotFound)
	b.get("/admin/requests/" + ref + "/files/x").is(http.StatusNotFound)
	w.as("li", "supervisor", another).get(path("pic")).is(http.StatusNotFound)
	w.browser().get(path("pic")).leadsTo("/admin/login")
}

// TestSendingWhereNobodyIs: an emergency goes where nobody is on duty only when its sender knows.
func TestSendingWhereNobodyIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.act(1, intake.Said{Text: "救命，从化太平镇我家着火了"})
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests`))
	b := w.as("mei", "administrator", "")
	path := "/admin/requests/" + ref
	b.post(path+"/station", "station", another).is(http.StatusOK, "can take this now", `name="sure"`)
	if v := w.view(ref); *v.Station != taiping {
		t.Errorf("the request is at %s before anybody was sure", *v.Station)
	}
	b.post(path+"/station", "station", another, "sure", "yes").leadsTo(path)
	if v := w.view(ref); *v.Station != another {
		t.Errorf("the request is at %s", *v.Station)
	}
}

// TestEmergenciesComeFirst: on the board, in a queue and in the story of a request, in words and not by colour alone.
func TestEmergenciesComeFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calm := w.ask(1, "我妈妈没人照顾")
	w.act(2, intake.Said{Text: "救命，从化太平镇我家着火了"})
	var alarm string
	w.must(w.db.Get(&alarm, `SELECT ref FROM requests WHERE urgency = 'emergency'`))
	w.must(w.intake.SendTo(w.Context(), calm, another, "root"))
	w.must(w.intake.SendTo(w.Context(), calm, taiping, "root"))
	_, err := w.db.Exec(`UPDATE requests SET triage = 'unclaimed'`)
	w.must(err)
	_, err = w.db.Exec(`UPDATE requests SET claim_due = now() - interval '1 day' WHERE ref = $1`, calm) // overdue, and yet less pressing
	w.must(err)
	b := w.as("mei", "administrator", "")
	for _, path := range []string{"/admin/", "/admin/stations/" + taiping} {
		page := b.get(path).is(http.StatusOK, `class="emergency">`).text()
		if !strings.Contains(page, "Emergency · fire") || strings.Index(page, alarm) > strings.Index(page, calm) || strings.Count(page, alarm) != 1 {
			t.Errorf("%s doesn't begin with the emergency: %s", path, page)
		}
	}
	page := b.get("/admin/requests/" + alarm).is(http.StatusOK).text()
	if !strings.Contains(page, alarm+" Emergency · fire") || !strings.Contains(page, "Emergency Submitted resident") {
		t.Errorf("the emergency's story doesn't say that it is one: %s", page)
	}

	_, err = w.db.Exec(`WITH offer AS (INSERT INTO offers (request_id, station, offered_at) SELECT id, $2, now() FROM requests WHERE ref = $1 RETURNING request_id)
		INSERT INTO events (request_id, at, kind, actor, actor_id, data) SELECT request_id, now(), 'offered', 'system', '', jsonb_build_object('station', $2::text) FROM offer`, alarm, another)
	w.must(err)
	neighbour := w.as("li", "supervisor", another)
	for path, whose := range map[string]string{"/admin/": "Taiping Town Social Work Station", "/admin/stations/" + another: "offered; it is at Taiping Town"} {
		if page := neighbour.get(path).text(); !strings.Contains(page, alarm) || !strings.Contains(page, whose) || strings.Contains(page, calm) {
			t.Errorf("%s doesn't tell the neighbours what they are offered: %s", path, page)
		}
	}
	if page := neighbour.get("/admin/requests/" + alarm).text(); !strings.Contains(page, "Offered to Zhongluotan Town") {
		t.Errorf("the request doesn't say to whom it is offered: %s", page)
	}
}

// TestDatabaseAway: a page says so, and what to do.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	_, err := w.db.Exec(`ALTER TABLE sessions RENAME TO old_sessions;
		CREATE FUNCTION away() RETURNS SETOF old_sessions LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'going down' USING ERRCODE = '57P03'; END $$;
		CREATE VIEW sessions AS SELECT * FROM away()`)
	w.must(err)
	for _, path := range []string{"/admin/", "/admin/times"} {
		b.get(path).is(http.StatusServiceUnavailable, "The database does not answer").lacks("going down", "pq:")
	}
}

// TestSameNearBy: who looks at a request, or at the list, sees what else was reported near by.
func TestSameNearBy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.ask(1, "我妈妈没人照顾，饭也没人做"), w.ask(2, "老人没人照顾，没人做饭")
	b := w.as("mei", "supervisor", "")
	b.get("/admin/requests/"+first).is(http.StatusOK, "The same, by others", `<a href="/admin/requests/`+second+`">`)
	b.get("/admin/requests/"+second).is(http.StatusOK, "The same, by others", `<a href="/admin/requests/`+first+`">`)
	b.get("/admin/stations/"+taiping).is(http.StatusOK, "1 more of the same near by")
	w.press(1, intake.ActCancel, first, "")
	if page := b.get("/admin/requests/" + second).text(); strings.Contains(page, "The same, by") {
		t.Errorf("what is taken back is still named: %s", page)
	}
}
