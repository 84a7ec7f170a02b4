package admin_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"onedoor/intake"
)

// The first worker of another station, with their chat.
const neighbour, neighbourChat = "w-440111-2-1", 911

// cry files an emergency of which nobody knows where it is: it is offered to the stations where somebody is.
func (w *world) cry(chat int64) (ref, path string) {
	w.Helper()
	w.act(chat, intake.Said{Text: "救命，我家着火了"})
	w.must(w.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, chat))
	if v := w.view(ref); v.State != intake.Open || v.Station != nil || v.Urgency != "emergency" || !slices.Contains(v.OfferedTo, taiping) {
		w.Fatalf("the emergency %s is %s at %v, and offered to %q", ref, v.State, v.Station, v.OfferedTo)
	}
	return ref, "/admin/requests/" + ref
}

// deciding are the forms by which somebody acts on a request.
func deciding(worker string) map[string][]string {
	return map[string][]string{"urgency": {"urgency", "urgent"}, "category": {"category", "health"}, "place": {"place", "440117111203"}, "answer": {"text", "x"},
		"note": {"text", "x"}, "assign": {"worker", worker}, "station": {"station", taiping}, "resolve": {"outcome", "solved"}, "link": {"ref", "AAAAAA"},
		"unlink": nil, "release": nil, "reopen": nil, "close": nil, "refer": {"organisation", "x", "text", "x"}, "translate": nil, "takeback": {"message", "1"},
		"appointment": nil, "calloff": nil, "remind": nil, "wait": nil, "volunteers": {"task", "shopping", "text", "x"}, "recall": {"referral", "1"}, "helper": {"referral", "1", "text", "x"},
		"block": {"reason", "x"}, "unblock": nil}
}

// strange checks that to an account a request isn't there: on no page, in no list, by no form.
func (b *browser) strange(ref string) {
	b.w.Helper()
	before, path := b.w.decided(), "/admin/requests/"+ref
	b.get(path).is(http.StatusNotFound)
	b.get(path + "/block").is(http.StatusNotFound)
	b.get("/admin/live?ref=" + ref).is(http.StatusNotFound)
	for action, fields := range deciding(first) {
		b.post(path+"/"+action, fields...).is(http.StatusNotFound)
	}
	b.get("/admin/").is(http.StatusOK).lacks(ref)
	for _, query := range []string{"", "q=着火", "q=" + ref, "sort=pressing", "urgency=emergency"} {
		if slices.Contains(found(b.get("/admin/requests?"+query).is(http.StatusOK)), ref) {
			b.w.Errorf("%q finds %s", query, ref)
		}
	}
	b.get("/admin/requests/export").is(http.StatusOK).lacks(ref)
	if after := b.w.decided(); after != before {
		b.w.Errorf("%s was changed: %s", ref, after)
	}
}

// shown checks that the board and the lists of an account have a request.
func (b *browser) shown(ref string) {
	b.w.Helper()
	b.get("/admin/").is(http.StatusOK, `id="item-`+ref+`"`, "/admin/requests/"+ref+"/category")
	for _, query := range []string{"", "q=着火", "q=" + ref, "sort=pressing", "urgency=emergency", "state=open"} {
		if !slices.Contains(found(b.get("/admin/requests?"+query).is(http.StatusOK)), ref) {
			b.w.Errorf("%q doesn't find %s", query, ref)
		}
	}
	b.get("/admin/requests/export").is(http.StatusOK, ref)
}

// TestOfferedIsDecidedOn: whoever sees a station that is offered an emergency which no station has can do what there is to do, until
// somebody elsewhere has it; whoever sees only other stations never can.
func TestOfferedIsDecidedOn(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	ref, path := w.cry(7)
	mei, county, li := w.as("mei", "supervisor", taiping), w.as("zhao", "supervisor", "440117"), w.as("li", "supervisor", another)
	auditor := w.as("an", "auditor", "")
	li.strange(ref)
	auditor.get(path).is(http.StatusOK).lacks("<textarea", "/assign")
	auditor.post(path+"/assign", "worker", first).is(http.StatusForbidden)
	for _, b := range []*browser{mei, county} {
		b.shown(ref)
		b.get(path).is(http.StatusOK, "/answer", "/urgency", "/place", "/assign", first, second, "only offered to your station").lacks(`/resolve"`, neighbour)
	}
	if page := mei.get("/admin/requests").text(); !strings.Contains(page, "offered; no station has it yet") {
		t.Errorf("the list doesn't say whose it is: %s", page)
	}
	mei.post(path+"/answer", "text", "我们马上来").leadsTo(path)
	if w.told(7, "worker_said") != 1 || w.view(ref).AnsweredAt == nil {
		t.Error("the resident reads no answer")
	}
	mei.post(path+"/note", "text", "x").leadsTo(path)
	mei.post(path+"/category", "category", "fire_safety").leadsTo(path)
	mei.post(path+"/resolve", "outcome", "solved", "sentence", "x").is(http.StatusConflict, "only offered to your station")
	mei.post(path+"/station", "station", another, "sure", "yes").is(http.StatusConflict, "only offered to your station")
	mei.post(path+"/block", "reason", "x").is(http.StatusForbidden)
	mei.post(path+"/urgency", "urgency", "urgent").leadsTo(path)
	mei.post(path+"/urgency", "urgency", "emergency").leadsTo(path)
	mei.post(path+"/assign", "worker", neighbour).is(http.StatusConflict, "can&#39;t be given it")
	county.post(path+"/assign", "worker", first, "seen", county.get(path).seen("assign")).leadsTo(path)
	if v := w.view(ref); v.State != intake.Claimed || *v.Worker != first || *v.Station != taiping || v.Triage != "" || w.told(firstChat, "supervised") != 1 {
		t.Errorf("it is %s with %v at %v, in triage for %q", v.State, v.Worker, v.Station, v.Triage)
	}
	if got := w.decided(); !strings.HasSuffix(got, "transferred zhao "+taiping+"; claimed zhao") {
		t.Errorf("on record is %q", got)
	}
	li.strange(ref)
	mei.post(path+"/resolve", "outcome", "solved").leadsTo(path) // it is theirs now
}

// TestOfferEnds: what several stations are offered is the first one's who has somebody take it, and nobody else's any more.
func TestOfferEnds(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	w.join(neighbourChat, neighbour)
	w.must(w.intake.Router.Reload(t.Context()))
	mei, li := w.as("mei", "supervisor", taiping), w.as("li", "supervisor", another)
	for chat, take := range map[int64]func(path string){
		7: func(path string) { li.post(path+"/assign", "worker", neighbour).leadsTo(path) },
		8: func(path string) {
			w.press(neighbourChat, intake.ActClaim, strings.TrimPrefix(path, "/admin/requests/"), "")
		},
		9: func(path string) {
			li.post(path+"/station", "station", another, "sure", "yes").leadsTo(path)
			li.post(path+"/assign", "worker", neighbour).leadsTo(path)
		},
	} {
		ref, path := w.cry(chat)
		mei.shown(ref)
		li.shown(ref)
		mei.get(path).is(http.StatusOK, first).lacks(neighbour)
		take(path)
		if v := w.view(ref); v.State != intake.Claimed || *v.Station != another {
			t.Fatalf("%d: it is %s at %v", chat, v.State, v.Station)
		}
		mei.strange(ref)
		li.get(path).is(http.StatusOK, `/resolve"`)
	}
	ref, path := w.cry(10) // placed by one of them, it is where it is
	mei.post(path+"/place", "place", "440117111203").leadsTo(path)
	if v := w.view(ref); *v.Station != taiping || v.State != intake.Open {
		t.Errorf("it is %s at %s", v.State, *v.Station)
	}
	li.shown(ref) // the circle only widens
	li.post(path+"/assign", "worker", first).is(http.StatusConflict)
	li.post(path+"/assign", "worker", neighbour).leadsTo(path)
	if v := w.view(ref); *v.Station != another || *v.Worker != neighbour {
		t.Errorf("it is with %v at %s", v.Worker, *v.Station)
	}
	mei.strange(ref)
}

// TestOfferedByAnother: so it is with what another station has, emergency or not.
func TestOfferedByAnother(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.join(neighbourChat, neighbour)
	w.must(w.intake.Router.Reload(t.Context()))
	li := w.as("li", "supervisor", another)
	li.strange(ref)
	_, err := w.db.Exec(`WITH r AS (UPDATE requests SET triage = 'unclaimed' WHERE ref = $1 RETURNING id), o AS (INSERT INTO offers (request_id, station, offered_at) SELECT id, $2, now() FROM r)
		INSERT INTO events (request_id, at, kind, actor, data) SELECT id, now(), 'offered', 'system', jsonb_build_object('station', $2::text) FROM r`, ref, another)
	w.must(err)
	li.get("/admin/").is(http.StatusOK, `id="item-`+ref+`"`, "offered; it is at Taiping Town")
	if got := found(li.get("/admin/requests?triage=unclaimed").is(http.StatusOK, "offered; it is at Taiping Town")); !slices.Equal(got, []string{ref}) {
		t.Errorf("the list has %q", got)
	}
	li.get(path).is(http.StatusOK, neighbour, "It goes to the worker").lacks(first)
	li.post(path+"/resolve", "outcome", "solved").is(http.StatusConflict, "only offered")
	li.post(path+"/urgency", "urgency", "urgent").leadsTo(path)
	li.post(path+"/assign", "worker", first).is(http.StatusConflict)
	li.post(path+"/assign", "worker", neighbour).leadsTo(path)
	if v := w.view(ref); *v.Worker != neighbour || *v.Station != another {
		t.Errorf("it is with %v at %s", v.Worker, *v.Station)
	}
	w.as("mei", "supervisor", taiping).strange(ref)
	li.get("/admin/times").is(http.StatusOK, "only offered")
}

// TestAssignWithoutStation: what no station has is given to a worker in one step, and the page names those near it: the nearest
// station's first, who is on duty before who isn't.
func TestAssignWithoutStation(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.join(neighbourChat, neighbour)
	w.act(secondChat, intake.Command{Name: "duty"})
	_, err := w.db.Exec(`UPDATE workers SET on_duty = code <> $1 WHERE chat_id IS NOT NULL`, first)
	w.must(err)
	w.must(w.intake.Router.Reload(t.Context()))
	_, err = w.db.Exec(`UPDATE requests SET station = NULL, triage = 'no_station' WHERE ref = $1`, ref)
	w.must(err)
	b := w.as("mei", "supervisor", "")
	order := func(page answer, names ...string) {
		t.Helper()
		at := -1
		for _, name := range names {
			next := strings.Index(page.body, name)
			if next <= at {
				t.Errorf("%q isn't after the others: %s", name, page.body)
			}
			at = next
		}
	}
	near := b.get(path).is(http.StatusOK, `<optgroup label="Taiping Town Social Work Station, Conghua District · 0.7 km">`, "Conghua District · 0.7 km · On duty 1")
	order(near, `<optgroup label="Taiping`, `value="`+second+`"`, `value="`+first+`"`, `<optgroup label="Zhongluotan`, `value="`+neighbour+`"`)
	order(near, `id="station"`, `<option value="`+taiping, `<option value="`+another) // by distance: Z comes after others by name
	county := w.as("zhao", "supervisor", "440117")                                    // sees it by its place, and no station of another county
	county.get(path).is(http.StatusOK, first, second).lacks(`value="` + neighbour)
	county.post(path+"/assign", "worker", neighbour).is(http.StatusConflict, "can&#39;t be given it")
	_, err = w.db.Exec(`UPDATE requests SET lat = NULL, lon = NULL, place_code = NULL, place_source = '' WHERE ref = $1`, ref)
	w.must(err)
	_, err = w.db.Exec(`UPDATE workers SET on_duty = code = $1 WHERE chat_id IS NOT NULL`, neighbour)
	w.must(err)
	w.must(w.intake.Router.Reload(t.Context()))
	far := b.get(path).is(http.StatusOK)
	order(far, `<optgroup label="Zhongluotan`, `<optgroup label="Taiping`) // only there is somebody on duty
	seen := far.seen("assign")
	for _, worker := range []string{"w-440117-2-3", "nobody"} {
		b.post(path+"/assign", "worker", worker, "seen", seen).is(http.StatusConflict, "can&#39;t be given it")
	}
	if v := w.view(ref); v.Station != nil || w.decided() != "" {
		t.Errorf("it is at %v, and on record is %q", v.Station, w.decided())
	}
	b.post(path+"/assign", "worker", neighbour, "seen", seen).leadsTo(path)
	v := w.view(ref)
	if v.State != intake.Claimed || *v.Station != another || *v.Worker != neighbour || v.Triage != "" || w.told(1, "claimed_by") != 1 || w.told(neighbourChat, "supervised") != 1 {
		t.Errorf("it is %s with %v at %v, in triage for %q; the resident is told %d times", v.State, v.Worker, v.Station, v.Triage, w.told(1, "claimed_by"))
	}
	if got, want := w.decided(), "transferred mei "+another+"; claimed mei"; got != want {
		t.Errorf("on record is %q, want %q", got, want)
	}
	b.post(path+"/assign", "worker", first, "seen", seen).is(http.StatusConflict, "Somebody else was quicker")
}

// TestAssignWithoutStationIsOneStep: a worker who has as many as one may have is given nothing, and no station has it then.
func TestAssignWithoutStationIsOneStep(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.intake.ClaimLimit = 1
	other := w.ask(2, "我爸爸没人照顾")
	w.press(firstChat, intake.ActClaim, other, "")
	_, err := w.db.Exec(`UPDATE requests SET station = NULL, triage = 'no_station' WHERE ref = $1`, ref)
	w.must(err)
	b := w.as("mei", "supervisor", "")
	b.post(path+"/assign", "worker", first).is(http.StatusConflict, "as many requests as one may have")
	if v := w.view(ref); v.Station != nil || v.State != intake.Open || v.Triage != "no_station" || w.decided() != "" {
		t.Errorf("it is %s at %v, in triage for %q; on record is %q", v.State, v.Station, v.Triage, w.decided())
	}
}

// TestWhomAlarmsReach: the story says to whom an emergency was offered that no station had, and whom an alarm has reached.
func TestWhomAlarmsReach(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	ref, path := w.cry(7)
	_, err := w.db.Exec(`UPDATE requests SET next_action_at = now() - interval '1 second' WHERE ref = $1`, ref)
	w.must(err)
	_, err = w.db.Exec(`UPDATE offers SET offered_at = now() - interval '1 minute'`)
	w.must(err)
	_, err = w.intake.Due(t.Context())
	w.must(err)
	b := w.as("mei", "supervisor", "")
	page := b.get(path).text()
	for _, want := range []string{"Offered to Taiping Town Social Work Station", "Alarm repeated OneDoor Taiping Town Social Work Station, Conghua District · workers told: 2"} {
		if !strings.Contains(page, want) {
			t.Errorf("the story lacks %q: %s", want, page[strings.Index(page, "Alarm"):])
		}
	}
	if strings.Contains(page, "another station too") {
		t.Errorf("no station had it: %s", page)
	}
	b.post(path+"/station", "station", taiping, "sure", "yes").leadsTo(path)
	_, err = w.db.Exec(`INSERT INTO events (request_id, at, kind, actor, data) SELECT id, now() + interval '1 second' * n, 'offered', 'system', jsonb_build_object('station', $2::text)
		FROM requests, generate_series(1, 450) n WHERE ref = $1`, ref, another)
	w.must(err)
	if page := b.get(path).text(); !strings.Contains(page, "Offered to another station too OneDoor Zhongluotan") || strings.Contains(page, "Offered to Zhongluotan Town Social Work Station, Baiyun District OneDoor") {
		t.Errorf("a station had it before what this page has: %s", page[strings.Index(page, "Timeline"):])
	}
}

// TestManyStationsStaySmall: with 200 stations of which nobody knows which is near, their workers and a long story, a page weighs no more
// than another.
func TestManyStationsStaySmall(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.must(w.execute(`INSERT INTO stations (code, name, name_en, county_code, lat, lon)
		SELECT 'st-many-' || n, '从化区太平镇社会工作服务站' || n, 'Taiping Town Social Work Station of Many ' || n, '440117', 23 + n * 0.001, 113 FROM generate_series(1, 200) n`))
	w.must(w.execute(`INSERT INTO chats (bot_id, id, language, created_at) SELECT $1, 100000 + n, 'en', now() FROM generate_series(1, 1000) n`, testBot))
	w.must(w.execute(`INSERT INTO workers (code, name, station, role, bot_id, chat_id, joined_at, on_duty)
		SELECT 'w-many-' || n, 'Somebody with a name ' || n, 'st-many-' || (n % 200 + 1), 'worker', $1, 100000 + n, now(), true FROM generate_series(1, 1000) n`, testBot))
	w.must(w.execute(`INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, kind, text, said_at)
		SELECT r.bot_id, r.chat_id, 1000 + n, 100000 + n, r.id, 'resident', 'text', repeat('<', 1000), now() + interval '1 minute' * n FROM requests r, generate_series(1, 100) n WHERE r.ref = $1`, ref))
	w.must(w.execute(`UPDATE requests SET station = NULL, triage = 'no_place', lat = NULL, lon = NULL, place_code = NULL, place_source = '' WHERE ref = $1`, ref))
	w.must(w.intake.Router.Reload(t.Context()))
	for lang := range map[string]bool{"en": true, "zh-CN": true} {
		b := w.as("mei-"+lang, "supervisor", "")
		b.Accept = lang
		page := b.get(path).is(http.StatusOK, `value="st-many-200"`, `value="w-many-`)
		loaded := 0
		for _, name := range []string{"static/admin.css", "static/live.js", "static/icon.svg"} {
			file, err := os.Stat(name)
			w.must(err)
			loaded += int(file.Size())
		}
		if weight := len(page.body) + loaded; weight > maxWeight {
			t.Errorf("in %s the page weighs %d bytes, %d of them itself", lang, weight, len(page.body))
		}
	}
}
