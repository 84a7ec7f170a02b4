package admin_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"onedoor/intake"
)

// The workers of Taiping in these tests, with their chats.
const (
	first, firstChat   = "w-440117-2-1", 901
	second, secondChat = "w-440117-2-2", 902
)

// staffed is a world in which two workers of Taiping have joined and a resident has asked for help there.
func staffed(t *testing.T) (w *world, ref, path string) {
	t.Helper()
	w = newWorld(t)
	w.join(firstChat, first)
	w.join(secondChat, second)
	w.must(w.intake.Router.Reload(t.Context()))
	ref = w.ask(1, "我妈妈没人照顾")
	return w, ref, "/admin/requests/" + ref
}

// told is how many notices of a kind a chat has.
func (w *world) told(chat int64, kind string) (n int) {
	w.Helper()
	w.must(w.db.Get(&n, `SELECT count(*) FROM notices WHERE chat_id = $1 AND kind = $2 AND edits IS NULL AND state <> 'dropped'`, chat, kind))
	return n
}

// seen is what a page's forms say of what a decision rests on: the first of them that has the field.
func (a answer) seen(action string) string {
	a.w.Helper()
	found := regexp.MustCompile(`/` + action + `"[^>]*>\s*<input type="hidden" name="seen" value="(\d+)">`).FindStringSubmatch(a.body)
	if found == nil {
		a.w.Fatalf("%v; it has no form for %s", a, action)
	}
	return found[1]
}

// events are the kinds of what a supervisor did, with their data where a query names it.
func (w *world) decided() string { return strings.Join(w.supervisorEvents(), "; ") }

func TestAssign(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	page := b.get(path).is(http.StatusOK, `id="assign"`, second)
	b.post(path+"/assign", "worker", second, "seen", page.seen("assign")).leadsTo(path)
	v := w.view(ref)
	if v.State != intake.Claimed || *v.Worker != second || w.told(secondChat, "supervised") != 1 || w.told(secondChat, "card") == 0 || w.told(1, "claimed_by") != 1 {
		t.Errorf("the request is %s; of the worker %d, the resident %d are told", v.State, w.told(secondChat, "supervised"), w.told(1, "claimed_by"))
	}
	text := b.get(path).text()
	if !strings.Contains(text, "Claimed supervisor mei "+*v.WorkerName) {
		t.Errorf("the story doesn't say who was given it by whom: %s", text)
	}

	b.post(path+"/assign", "worker", first).is(http.StatusConflict, "A worker has it already") // who sends no page knows of nobody
	b.post(path+"/assign", "worker", first, "seen", page.seen("assign")).is(http.StatusConflict, "Somebody else was quicker")
	b.post(path+"/assign", "worker", first, "seen", b.get(path).seen("assign")).leadsTo(path)
	if v := w.view(ref); *v.Worker != first || w.told(secondChat, "supervised") != 2 {
		t.Errorf("%s has it, and the one before was told %d times", *v.Worker, w.told(secondChat, "supervised"))
	}
	for _, worker := range []string{"w-440111-2-1", "w-440117-2-3", "nobody"} { // another station's, one who hasn't joined, none
		b.post(path+"/assign", "worker", worker, "seen", b.get(path).seen("assign")).is(http.StatusConflict, "can&#39;t be given it")
	}
	for _, worker := range []string{"", "\x00", "'; DROP"} {
		b.post(path+"/assign", "worker", worker).is(http.StatusBadRequest)
	}
	b.post(path+"/release", "seen", b.get(path).seen("release")).leadsTo(path)
	if v := w.view(ref); v.State != intake.Open || v.Worker != nil || w.told(firstChat, "supervised") != 2 {
		t.Errorf("the request is %s, and who had it was told %d times", v.State, w.told(firstChat, "supervised"))
	}
	b.post(path + "/release").is(http.StatusConflict)
}

// TestAssignWithinTheLimit: a supervisor gives nobody more than they could claim themselves.
func TestAssignWithinTheLimit(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.intake.ClaimLimit = 1
	other := w.ask(2, "我爸爸没人照顾")
	w.press(firstChat, intake.ActClaim, other, "")
	b := w.as("mei", "supervisor", taiping)
	b.post(path+"/assign", "worker", first).is(http.StatusConflict, "as many requests as one may have")
	if v := w.view(ref); v.State != intake.Open {
		t.Errorf("the request is %s", v.State)
	}
	b.post(path+"/assign", "worker", second).leadsTo(path)
	b.post("/admin/requests/"+other+"/assign", "worker", second, "seen", b.get("/admin/requests/"+other).seen("assign")).is(http.StatusConflict)
	if v := w.view(other); v.Worker == nil || *v.Worker != first {
		t.Errorf("what can't be given to another is %s, with %v", v.State, v.Worker)
	}
}

// TestRaces: of two who decide at once on the same page, supervisors or a supervisor and a worker, one wins, and the other reads
// a sentence.
func TestRaces(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	mei, li := w.as("mei", "supervisor", ""), w.as("li", "supervisor", "")
	together := func(what string, acts ...func() int) {
		t.Helper()
		var group sync.WaitGroup
		got := make([]int, len(acts))
		for i, act := range acts {
			group.Go(func() { got[i] = act() })
		}
		group.Wait()
		slices.Sort(got)
		if got[0] != http.StatusSeeOther || got[1] != http.StatusConflict {
			t.Errorf("%s are answered %v", what, got)
		}
	}
	press := func(b *browser, action, seen string, pairs ...string) func() int {
		r := b.form(path+"/"+action, append(pairs, "seen", seen)...)
		return func() int { return b.do(r).StatusCode }
	}
	seen := mei.get(path).seen("assign")
	together("two who assign", press(mei, "assign", seen, "worker", first), press(li, "assign", seen, "worker", second))
	seen = mei.get(path).seen("assign")
	together("who takes away and who gives on", press(mei, "release", seen), press(li, "resolve", seen, "outcome", "solved"))
	if v := w.view(ref); v.State == intake.Resolved {
		mei.post(path + "/reopen").leadsTo(path)
	}
	seen = mei.get(path).seen("urgency")
	together("two urgencies", press(mei, "urgency", seen, "urgency", "urgent"), press(li, "urgency", seen, "urgency", "emergency"))
	seen = mei.get(path).seen("category")
	together("two services", press(mei, "category", seen, "category", "health"), press(li, "category", seen, "category", "education"))
	seen = mei.get(path).seen("station")
	together("two stations", press(mei, "station", seen, "station", another, "sure", "yes"), press(li, "station", seen, "station", another, "sure", "yes"))
	w.must(w.intake.SendTo(t.Context(), ref, taiping, "root"))
	seen = mei.get(path).seen("answer")
	together("two answers", press(mei, "answer", seen, "text", "one"), press(li, "answer", seen, "text", "two"))
	w.must(w.intake.Prioritise(t.Context(), intake.Supervisor{Name: "root", Sight: intake.Sight{All: true}}, ref, "normal"))
	seen = mei.get(path).seen("assign")
	w.update++
	number := w.update
	together("a worker who claims and a supervisor who assigns", press(mei, "assign", seen, "worker", first), func() int {
		_, err := w.intake.Handle(t.Context(), intake.Update{Bot: testBot, ID: number, Chat: secondChat, MessageID: number, Language: "en",
			Act: intake.Pressed{Press: intake.Press{Action: intake.ActClaim, Ref: ref}}})
		if v := w.view(ref); err != nil || v.Worker == nil {
			return http.StatusInternalServerError
		} else if *v.Worker == second {
			return http.StatusSeeOther
		}
		return http.StatusConflict
	})
}

func TestPrioritise(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	before := w.view(ref)
	b.post(path+"/urgency", "urgency", "emergency", "back", "/admin/").leadsTo("/admin/")
	v := w.view(ref)
	if v.Urgency != "emergency" || !v.ClaimDue.Before(*before.ClaimDue) || *v.NextAction != "claim" {
		t.Errorf("it is %s, to be claimed by %s, next %s", v.Urgency, v.ClaimDue, *v.NextAction)
	}
	if alarms := w.told(firstChat, "card") + w.told(secondChat, "card"); alarms < 4 { // once when it was filed, once more now
		t.Errorf("the station's workers are shown it %d times", alarms)
	}
	b.post(path+"/urgency", "urgency", "emergency").leadsTo(path) // again: nothing
	b.post(path+"/urgency", "urgency", "normal").leadsTo(path)
	if v := w.view(ref); v.Urgency != "normal" || !v.ClaimDue.After(*before.ClaimDue) || v.ClaimLevel != 0 || v.NextActionAt.Before(w.intake.Now().Add(10*60e9)) {
		t.Errorf("it is %s, to be claimed by %s (before: %s), acted on at %s", v.Urgency, v.ClaimDue, before.ClaimDue, v.NextActionAt)
	}
	if got, want := w.decided(), "prioritised mei normal emergency; prioritised mei emergency normal"; got != want {
		t.Errorf("the log says %q, want %q", got, want)
	}
	for _, urgency := range []string{"", "worse", "\x00"} {
		b.post(path+"/urgency", "urgency", urgency).is(http.StatusNotFound)
	}
	b.get(path).is(http.StatusOK, "Urgency changed", "Normal → Emergency")
}

func TestSetPlace(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	w.act(5, intake.Said{Text: "我爸爸没人照顾"})
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = 5`))
	w.press(5, intake.ActSkipPlace, ref, "")
	w.press(5, intake.ActConfirm, ref, "")
	_, err := w.db.Exec(`UPDATE requests SET next_action_at = now() WHERE state = 'draft'`)
	w.must(err)
	for more := true; more; {
		more, err = w.intake.Due(t.Context())
		w.must(err)
	}
	path := "/admin/requests/" + ref
	b := w.as("mei", "administrator", "")
	b.get(path).is(http.StatusOK, `id="place-box" open`)
	b.get(path+"?find=太平").is(http.StatusOK, `name="place" value="`, "Taiping Town, Conghua")
	place := regexp.MustCompile(`name="place" value="(\d+)">Taiping Town, Conghua`).FindStringSubmatch(b.get(path + "?find=太平").body)
	if place == nil {
		t.Fatal("Taiping can't be chosen")
	}
	b.post(path+"/place", "place", place[1]).leadsTo(path)
	if v := w.view(ref); v.Place == nil || *v.Place != place[1] || v.Station == nil || *v.Station != taiping || v.PlaceSource != "supervisor" || v.Triage != "" && v.Triage != "unconfirmed" && v.Triage != "unclear" {
		t.Errorf("it is at %v, with station %v, for triage %q", v.Place, v.Station, v.Triage)
	}
	if w.told(5, "submitted") != 2 || w.told(firstChat, "card") < 2 {
		t.Errorf("the resident is told %d times, the station's worker %d times", w.told(5, "submitted"), w.told(firstChat, "card"))
	}
	b.post(path+"/place", "lat", " 23.55 ", "lon", "113.58").leadsTo(path)
	if v := w.view(ref); *v.Lat != 23.55 || *v.Lon != 113.58 || v.Place == nil {
		t.Errorf("it is at %v, %v", *v.Lat, *v.Lon)
	}
	b.post(path+"/place", "lat", "10", "lon", "10").is(http.StatusConflict, "far from every place")
	for _, pair := range [][2]string{{"", ""}, {"x", "1"}, {"NaN", "1"}, {"91", "0"}, {"Inf", "Inf"}, {"23", ""}} {
		b.post(path+"/place", "lat", pair[0], "lon", pair[1]).is(http.StatusBadRequest, "no position")
	}
	for _, code := range []string{"0", "\x00", "44"} { // none, no code, and a province
		b.post(path+"/place", "place", code).is(http.StatusNotFound)
	}
	// A click on the map, as a browser without JavaScript sends it, moves the mark, and sets nothing.
	page := b.get(path+"?map_lat=23.5&map_lon=113.5&map_km=5&pick_small.x=260&pick_small.y=130").is(http.StatusOK, `name="lat" inputmode="decimal" autocomplete="off" required value="23.5"`, "113.54903", "Near ")
	b.get(path+"?map_lat=23.5&map_lon=113.5&map_km=5&zoom=out&lat=23.5&lon=113.6").is(http.StatusOK, `name="map_km" value="10"`, `value="113.6"`)
	if v := w.view(ref); *v.Lat != 23.55 {
		t.Error("a look at the map has moved the request")
	}
	src := regexp.MustCompile(`src="(/admin/picker[^"]*)"`).FindAllStringSubmatch(page.body, -1)
	if len(src) != 1 {
		t.Fatalf("the page loads %d maps", len(src))
	}
	b.get(strings.ReplaceAll(src[0][1], "&amp;", "&")).is(http.StatusOK, "<svg", "<circle").lacks(ref, "<script")
}

// TestMapWithoutAPlace: what has neither a place nor a station can be placed on a map of what the account sees.
func TestMapWithoutAPlace(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	_, err := w.db.Exec(`UPDATE requests SET station = NULL, lat = NULL, lon = NULL, place_code = NULL, place_source = '', triage = 'no_place' WHERE ref = $1`, ref)
	w.must(err)
	b := w.as("mei", "administrator", "")
	page := b.get(path).is(http.StatusOK, `id="place-box" open`, `src="/admin/picker.svg?`, `name="map_lat"`)
	if !regexp.MustCompile(`name="lat"[^>]* value=""`).MatchString(page.body) {
		t.Error("a position is said that nobody has chosen")
	}
	at := b.get(path+"?map_lat=23.45&map_lon=113.49&map_km=20&pick_small.x=130&pick_small.y=130").is(http.StatusOK, "Near ")
	b.post(path+"/place", "lat", "23.45", "lon", "113.49", "seen", at.seen("place")).leadsTo(path)
	if v := w.view(ref); v.Lat == nil || *v.Lat != 23.45 || v.Station == nil {
		t.Errorf("it is at %v, with station %v", v.Lat, v.Station)
	}
}

// TestAnswer: the resident reads the words as their station's, who works on it reads along, and the clock of the first answer stops.
func TestAnswer(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	b := w.as("mei", "supervisor", taiping)
	b.post(path+"/answer", "text", "我们明天来\r\n<b>九点</b>").leadsTo(path)
	v := w.view(ref)
	if v.AnsweredAt == nil || *v.NextAction != "resolve" || w.told(1, "worker_said") != 1 || w.told(firstChat, "supervised") != 1 {
		t.Errorf("answered at %v, next %s; the resident is told %d times, the worker %d", v.AnsweredAt, *v.NextAction, w.told(1, "worker_said"), w.told(firstChat, "supervised"))
	}
	var words, args string
	w.must(w.db.Get(&words, `SELECT text FROM messages WHERE author = 'supervisor' AND account = 'mei' AND kind = 'text'`))
	w.must(w.db.Get(&args, `SELECT args ->> 'worker' FROM notices WHERE kind = 'worker_said'`))
	if words != "我们明天来\n<b>九点</b>" || args != "" {
		t.Errorf("kept is %q, signed by %q", words, args)
	}
	page := b.get(path).is(http.StatusOK, "&lt;b&gt;九点", "First answer").text()
	if !strings.Contains(page, "supervisor mei 我们明天来") || !strings.Contains(page, "→ resident: these words · not yet arrived") {
		t.Errorf("the story doesn't say what was answered, and whether it arrived: %s", page)
	}
	_, err := w.db.Exec(`UPDATE notices SET state = 'failed', error = 'refused' WHERE kind = 'worker_said'`)
	w.must(err)
	b.get(path).is(http.StatusOK, "could not be delivered")
	var notice int64
	w.must(w.db.Get(&notice, `SELECT id FROM notices WHERE kind = 'worker_said'`))
	w.must(w.intake.Undelivered(t.Context(), notice))
	if v := w.view(ref); v.Triage != "undeliverable" || w.told(firstChat, "undelivered") != 0 {
		t.Errorf("that words of a supervisor's never arrive is triage %q, and the worker is told %d times", v.Triage, w.told(firstChat, "undelivered"))
	}
	for _, text := range []string{"", " \n ", strings.Repeat("字", 3001)} {
		b.post(path+"/answer", "text", text).is(http.StatusBadRequest, "write something")
	}
	b.post(path+"/answer", "text", "\u202e\x01").is(http.StatusConflict) // nothing that can be read
	a := b.post(path+"/answer", "text", "<i>twice</i>", "seen", "1").is(http.StatusConflict, "Somebody else was quicker", "&lt;i&gt;twice")
	a.lacks("<i>twice")
	if n := w.told(1, "worker_said"); n != 1 {
		t.Errorf("the resident is told %d times", n)
	}
}

// TestNotesStayInside: the resident never sees them, nor does the record of who did what, which nobody can erase.
func TestNotesStayInside(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	b := w.as("mei", "administrator", "")
	var before, after int
	w.must(w.db.Get(&before, `SELECT count(*) FROM notices WHERE chat_id = 1`))
	b.post(path+"/note", "text", "秘密的话").leadsTo(path)
	b.post(path+"/answer", "text", "秘密的回复").leadsTo(path)
	b.post(path+"/place", "lat", "23.4321", "lon", "113.4321").leadsTo(path)
	w.must(w.db.Get(&after, `SELECT count(*) FROM notices WHERE chat_id = 1 AND kind <> 'worker_said' AND kind <> 'claimed_by' AND kind <> 'place_told'`))
	if after > before {
		t.Errorf("the resident was told %d things, and then %d", before, after)
	}
	if words, author, _, err := w.intake.LastNote(t.Context(), w.view(ref).ID); err != nil || words != "秘密的话" || author != "mei" {
		t.Errorf("the card shows the note %q of %q, %v", words, author, err)
	}
	w.close2(ref)
	b.post(path+"/note", "text", "later").leadsTo(path) // whatever has become of it
	b.get("/admin/audit").is(http.StatusOK, "made a note", "answered the resident", "set the place").lacks("秘密", "23.4321", "later")
	var events int
	w.must(w.db.Get(&events, `SELECT count(*) FROM events WHERE data::text LIKE '%秘密%'`))
	if events != 0 {
		t.Error("the log has words")
	}
}

// close2 resolves a request at its worker's.
func (w *world) close2(ref string) {
	w.Helper()
	w.press(firstChat, intake.ActOutcome, ref, "solved")
	if v := w.view(ref); v.State != intake.Resolved {
		w.Fatalf("the request is %s", v.State)
	}
}

func TestResolveReopenAndClose(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	other := w.ask(2, "我爸爸没人照顾")
	b := w.as("mei", "supervisor", taiping)
	b.post(path+"/resolve", "outcome", "not_possible").is(http.StatusConflict, "needs a reason")
	b.post(path+"/resolve", "outcome", "duplicate", "same_as", "AAAAAA").is(http.StatusConflict, "no such other request")
	b.post(path+"/resolve", "outcome", "duplicate", "same_as", ref).is(http.StatusConflict, "no such other request")
	for _, outcome := range []string{"", "won", "solved.rules", "not_possible.x", "\x00"} {
		b.post(path+"/resolve", "outcome", outcome).is(http.StatusNotFound)
	}
	b.post(path+"/resolve", "outcome", "solved", "sentence", strings.Repeat("a", 501)).is(http.StatusBadRequest)
	if v := w.view(ref); v.State != intake.Open {
		t.Fatalf("the request is %s", v.State)
	}
	b.post(path+"/resolve", "outcome", "not_possible.rules", "sentence", "请向县里申请").leadsTo(path) // nobody has it
	e, err := w.intake.Ending(t.Context(), w.view(ref).ID)
	if v := w.view(ref); err != nil || v.State != intake.Resolved || e.Reason != "rules" || e.Words != "请向县里申请" || w.told(1, "resolved") != 1 {
		t.Errorf("the request is %s because of %q, %q (%v); its resident was told %d times", v.State, e.Reason, e.Words, err, w.told(1, "resolved"))
	}
	b.get(path).is(http.StatusOK, "not possible · rules don&#39;t allow it", "请向县里申请", `id="reopen"`).lacks(`id="resolve"`, `id="answer"`)
	for _, action := range []string{"resolve", "urgency", "assign", "answer", "release", "refer"} {
		b.post(path+"/"+action, "outcome", "solved", "urgency", "urgent", "worker", first, "text", "x", "organisation", "x").is(http.StatusConflict)
	}
	b.post(path + "/reopen").leadsTo(path)
	b.post(path + "/reopen").is(http.StatusConflict)
	if v := w.view(ref); v.State != intake.Open || w.told(1, "reopened") != 1 {
		t.Errorf("the request is %s, and its resident was told %d times", v.State, w.told(1, "reopened"))
	}
	b.post(path+"/resolve", "outcome", "duplicate", "same_as", strings.ToLower(other)).leadsTo(path)
	if e, err := w.intake.Ending(t.Context(), w.view(ref).ID); err != nil || e.SameAs == nil || *e.SameAs != other {
		t.Errorf("it repeats %v, %v", e.SameAs, err)
	}
	b.post(path + "/close").leadsTo(path)
	b.post(path + "/close").is(http.StatusConflict)
	if v := w.view(ref); v.State != intake.Closed {
		t.Errorf("the request is %s", v.State)
	}
	_, err = w.db.Exec(`UPDATE requests SET resolved_at = now() - interval '31 days' WHERE ref = $1`, ref)
	w.must(err)
	b.post(path+"/reopen").is(http.StatusConflict, "more than 30 days ago")
	// What no station had, and nobody knows where it is, finds its way to a supervisor again.
	_, err = w.db.Exec(`UPDATE requests SET resolved_at = now(), station = NULL, lat = NULL, lon = NULL, place_code = NULL, place_source = '' WHERE ref = $1`, ref)
	w.must(err)
	all := w.as("li", "supervisor", "")
	all.post(path + "/reopen").leadsTo(path)
	if v := w.view(ref); v.State != intake.Open || v.Triage != "no_place" {
		t.Errorf("the request is %s, for triage %q", v.State, v.Triage)
	}
}

func TestReferTo(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	near, err := w.intake.Organisations(t.Context(), &intake.Request{Category: w.view(ref).Category, Lat: w.view(ref).Lat, Lon: w.view(ref).Lon})
	if err != nil || len(near) == 0 {
		t.Fatalf("no organisation is near: %v", err)
	}
	organisation := near[0].Code
	b.post(path+"/refer", "organisation", organisation, "agreed", "yes").is(http.StatusConflict, "A worker must have it first")
	w.press(firstChat, intake.ActClaim, ref, "")
	b.get(path).is(http.StatusOK, organisation)
	b.post(path+"/refer", "organisation", organisation, "text", "一位老人要人照顾").is(http.StatusConflict, "Nobody answers for that organisation")
	b.post(path+"/refer", "organisation", organisation).is(http.StatusBadRequest)
	b.post(path+"/refer", "organisation", "nobody", "agreed", "yes").is(http.StatusNotFound)
	b.post(path+"/refer", "organisation", "\x00").is(http.StatusBadRequest)
	b.post(path+"/refer", "organisation", organisation, "agreed", "yes").leadsTo(path)
	if v := w.view(ref); v.State != intake.Referred || *v.Worker != first || w.told(firstChat, "referred") != 1 || w.told(1, "helped") != 1 {
		t.Errorf("the request is %s, with %v; the worker was told %d times, the resident %d", v.State, *v.Worker, w.told(firstChat, "referred"), w.told(1, "helped"))
	}
	b.post(path+"/refer", "organisation", organisation, "agreed", "yes").is(http.StatusConflict, "asked already")
	b.get(path).is(http.StatusOK, "accepted · "+near[0].NameEN)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	w, a, path := staffed(t)
	refs := []string{a, w.ask(2, "路灯坏了"), w.ask(3, "水管漏水"), w.ask(4, "想办残疾证")}
	theirs := w.ask(6, "我奶奶没人照顾")
	w.must(w.intake.SendTo(t.Context(), theirs, another, "root"))
	_, err := w.db.Exec(`DELETE FROM offers WHERE request_id = (SELECT id FROM requests WHERE ref = $1)`, theirs) // nobody is there, so it is offered on
	w.must(err)
	same := func(ref string) string { v := w.view(ref); slices.Sort(v.Same); return strings.Join(v.Same, " ") }
	want := func(ref string, others ...string) {
		t.Helper()
		slices.Sort(others)
		if got := same(ref); got != strings.Join(others, " ") {
			t.Errorf("%s is linked to %q, want %q", ref, got, others)
		}
	}
	_, err = w.db.Exec(`DELETE FROM links`)
	w.must(err)
	b := w.as("mei", "supervisor", taiping)
	b.post(path+"/link", "ref", refs[1]).leadsTo(path)
	b.post("/admin/requests/"+refs[2]+"/link", "ref", " "+strings.ToLower(refs[3])).leadsTo("/admin/requests/" + refs[2])
	want(refs[0], refs[1])
	b.post(path+"/link", "ref", refs[2]).leadsTo(path) // the two groups are one now
	want(refs[0], refs[1], refs[2], refs[3])
	want(refs[3], refs[0], refs[1], refs[2])
	b.post(path+"/link", "ref", refs[3]).is(http.StatusConflict, "linked to that one already")
	for _, ref := range []string{theirs, "AAAAAA", a} {
		b.post(path+"/link", "ref", ref).is(http.StatusConflict, "no such other request")
	}
	b.post(path+"/link", "ref", "<x>").is(http.StatusBadRequest)
	b.get(path).is(http.StatusOK, "unlink it from 3", "Linked to the same")
	for i, ref := range refs[:3] { // whichever is the first of them
		b.post("/admin/requests/" + ref + "/unlink").leadsTo("/admin/requests/" + ref)
		want(ref)
		if i == 0 {
			want(refs[1], refs[2], refs[3])
		}
	}
	b.post(path + "/unlink").is(http.StatusConflict)
}

// TestDecisionsAreRights: nobody decides on what they don't see, or who may only look; on what is erased, nobody does. For what
// a station is only offered see TestOfferedIsDecidedOn.
func TestDecisionsAreRights(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	var elsewhere string
	w.must(w.db.Get(&elsewhere, `SELECT min(code) FROM stations WHERE code NOT IN ($1, $2)`, taiping, another))
	_, err := w.db.Exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, $2, now() FROM requests WHERE ref = $1`, ref, another)
	w.must(err)
	stranger, auditor := w.as("wu", "supervisor", elsewhere), w.as("an", "auditor", "")
	fields := []string{"urgency", "urgent", "place", "440117", "worker", first, "text", "x", "organisation", "x", "outcome", "solved", "ref", "AAAAAA"}
	actions := []string{"urgency", "place", "assign", "release", "answer", "note", "refer", "resolve", "reopen", "close", "link", "unlink"}
	for _, action := range actions {
		stranger.post(path+"/"+action, fields...).is(http.StatusNotFound)
		auditor.post(path+"/"+action, fields...).is(http.StatusForbidden)
		w.browser().post(path+"/"+action, fields...).leadsTo("/admin/login?ended=1")
		cross := auditor.form(path+"/"+action, fields...)
		cross.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := auditor.do(cross); a.StatusCode != http.StatusForbidden {
			t.Errorf("%v", a)
		}
	}
	auditor.get(path).is(http.StatusOK).lacks("<textarea", "/assign")
	// Out of sight between the page and the step: the step itself looks.
	by := intake.Supervisor{Name: "wu", Sight: intake.Sight{Stations: []string{elsewhere}}}
	if err := w.intake.Answer(t.Context(), by, ref, "x"); !strings.Contains(fmt.Sprint(err), "not found") {
		t.Errorf("an answer out of sight: %v", err)
	}
	_, err = w.db.Exec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES ($1, 0, 'en', now())`, testBot)
	w.must(err)
	_, err = w.db.Exec(`UPDATE requests SET chat_id = 0, erased_at = now(), closed_at = now(), state = 'cancelled', text = '', summary = '', groups = '{}',
		understanding = '{}', routing = '{}', lat = NULL, lon = NULL, place_source = '', place_code = NULL, next_action = NULL, next_action_at = NULL WHERE ref = $1`, ref)
	w.must(err)
	mine := w.as("mei", "supervisor", taiping)
	for _, action := range actions {
		if a := mine.post(path+"/"+action, fields...); a.StatusCode != http.StatusConflict && a.StatusCode != http.StatusNotFound {
			t.Errorf("%v", a)
		}
	}
	if done := w.decided(); done != "" {
		t.Errorf("the log says %q", done)
	}
}

// TestBackLeadsHome: a form leads to pages of ours alone, and never to one that its account no longer sees.
func TestBackLeadsHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	path := "/admin/requests/" + ref
	b := w.as("mei", "supervisor", taiping)
	for i, back := range []string{"https://elsewhere.example", "//elsewhere.example", "/admin", `/admin/\elsewhere`, "/admin/\r\nX: y"} {
		b.post(path+"/note", "text", fmt.Sprint(i), "back", back).leadsTo("/admin/")
	}
	b.post(path+"/note", "text", "x", "back", "/admin/times").leadsTo("/admin/times")
	b.post(path+"/category", "category", "health", "back", "/admin/").leadsTo("/admin/")
	b.post(path+"/urgency", "urgency", "emergency").leadsTo(path)
	b.post(path+"/station", "station", another, "back", path).is(http.StatusOK, `name="back" value="`+path)
	b.post(path+"/station", "station", another, "back", path, "sure", "yes").leadsTo("/admin/")
	if v := w.view(ref); *v.Station != another {
		t.Errorf("it is at %s", *v.Station)
	}
}
