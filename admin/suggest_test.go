package admin_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onedoor/intake"
)

// suggests is what an item's buttons and links with a key say, by the key.
func (a answer) suggests(ref string) map[string]string {
	a.w.Helper()
	_, item, _ := strings.Cut(a.body, `<li id="item-`+ref+`"`)
	item, _, ok := strings.Cut(item, "</li>")
	if !ok {
		a.w.Fatalf("%v; it has no item %s", a, ref)
	}
	found := map[string]string{}
	for _, act := range keyed.FindAllStringSubmatch(item, -1) {
		found[act[1]] = act[2]
	}
	return found
}

var keyed = regexp.MustCompile(`data-key="(\w)"[^>]*>([^<]*)<`)

// offers sends the button with a key of an item as a browser without scripts would.
func (b *browser) offers(ref, key string) answer {
	b.w.Helper()
	page := b.get("/admin/")
	_, item, _ := strings.Cut(page.body, `<li id="item-`+ref+`"`)
	item, _, _ = strings.Cut(item, "</li>")
	_, form, _ := strings.Cut(item, `class="suggested">`)
	form, _, _ = strings.Cut(form, "</form>")
	button := regexp.MustCompile(`<button[^>]*data-key="` + key + `"[^>]*>`).FindString(form)
	if button == "" {
		b.w.Fatalf("item %s offers nothing by %q: %s", ref, key, form)
	}
	return b.sends(ref, form, button)
}

// sends is a form sent by one of its buttons.
func (b *browser) sends(ref, form, button string) answer {
	b.w.Helper()
	attribute := func(tag, name string) string {
		if found := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag); found != nil {
			return found[1]
		}
		return ""
	}
	fields := []string{attribute(button, "name"), attribute(button, "value")}
	for _, hidden := range regexp.MustCompile(`<input type="hidden"[^>]*>`).FindAllString(form, -1) {
		fields = append(fields, attribute(hidden, "name"), attribute(hidden, "value"))
	}
	action := attribute(button, "formaction")
	if action == "" {
		action = "/admin/requests/" + ref + "/assign"
	}
	return b.post(action, fields...)
}

// onDuty has workers join, who are on duty by that.
func (w *world) onDuty(codes ...string) {
	w.Helper()
	for i, code := range codes {
		w.join(int64(910+i), code)
	}
	w.must(w.intake.Router.Reload(w.Context()))
}

// away moves a request to the north.
func away(km float64) string { return fmt.Sprintf("lat = lat + %f", km/111.2) }

// An item offers to give it to who is on duty at its station with the fewest in hand; where no station has it, at the nearest.
func TestBoardSuggestsAWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.stand("who takes this", `triage = 'unclaimed'`)
	b := w.as("mei", "administrator", "")
	if got := b.get("/admin/").suggests(ref); got["a"] != "Assign" || got["A"] != "" {
		t.Errorf("with nobody on duty it offers %q", got)
	}
	w.onDuty(first, second)
	other := w.ask(1, "我妈妈没人照顾")
	w.press(910, intake.ActClaim, other, "")
	name := func(code string) string { return value[string](w, `SELECT name FROM workers WHERE code = '`+code+`'`) }
	nowhere := w.stand("no station has this", `triage = 'no_station', station = NULL`)
	held := w.stand("somebody has this and is silent", `urgency = 'emergency', triage = 'unanswered', state = 'claimed', worker = '`+second+`', claimed_at = now()`)
	waits := w.stand("somebody has this", `triage = 'unclear', state = 'claimed', worker = '`+second+`', claimed_at = now(), urgency = 'urgent'`)
	board := b.get("/admin/")
	for at, want := range map[string]string{ref: "Assign: " + name(first) + " (1)", nowhere: "Assign: " + name(first) + " (1), Taiping Town Social Work Station, Conghua District", held: "Assign: " + name(first) + " (1)", waits: "Assign"} {
		if got := board.suggests(at); got["a"] != want {
			t.Errorf("item %s offers %q, want %q", at, got, want)
		}
	}
	board.is(http.StatusOK, `data-key="a" data-careful>`) // what takes it from who has it
	if _, err := w.db.Exec(`UPDATE workers SET on_duty = false WHERE code = $1`, first); err != nil {
		t.Fatal(err)
	}
	w.must(w.intake.Router.Reload(t.Context()))
	if got := b.get("/admin/").suggests(held)["a"]; got != "Assign" {
		t.Errorf("with nobody else on duty what is held offers %q", got)
	}
	w.intake.ClaimLimit = 1
	if got := b.get("/admin/").suggests(ref)["a"]; got != "Assign" {
		t.Errorf("who has as many as one may have is offered: %q", got)
	}
	w.intake.ClaimLimit = 5
	b.offers(ref, "a").leadsTo("/admin/")
	if v := w.view(ref); v.State != intake.Claimed || *v.Worker != second {
		t.Errorf("after the button it is %s", v.State)
	}
	b.offers(nowhere, "a").leadsTo("/admin/")
	if v := w.view(nowhere); v.State != intake.Claimed || v.Station == nil || *v.Station != taiping {
		t.Errorf("what no station had is %s at %v", v.State, v.Station)
	}
	w.as("li", "auditor", "").get("/admin/").lacks(`class="suggested"`, `<dialog`)
}

// A decision that rests on an item as it was is refused, like one on the request's page.
func TestSuggestionsRestOnWhatIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.onDuty(first, second)
	ref := w.stand("who takes this", `triage = 'unconfirmed'`)
	b := w.as("mei", "administrator", "")
	page := b.get("/admin/")
	form := regexp.MustCompile(`(?s)class="suggested">.*?</form>`).FindString(page.body)
	w.press(911, intake.ActClaim, ref, "")
	for _, button := range regexp.MustCompile(`<button[^>]*>`).FindAllString(form, -1) {
		b.sends(ref, form, button).is(http.StatusConflict, "Somebody else was quicker")
	}
	if v := w.view(ref); v.State != intake.Claimed || *v.Worker != second {
		t.Errorf("it is %s", v.State)
	}
}

// An item offers to be linked to what it most probably repeats; never to what is out of sight, and it tells nobody whose those are who stay
// unnamed.
func TestBoardSuggestsADuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	same := func(ref string, b *browser) string { return b.get("/admin/").suggests(ref)["d"] }
	mei, wang := w.as("mei", "administrator", ""), w.as("wang", "supervisor", taiping)
	early := w.stand("the clinic is closed", away(0.5))
	ref := w.stand("the clinic doesn't open", `triage = 'unclaimed'`)
	if got, want := same(ref, mei), "Same as "+early+" · 0.5 km"; got != want {
		t.Errorf("of a neighbour's it offers %q, want %q", got, want)
	}
	for change, back := range map[string]string{
		away(1):                away(-1),
		`category = 'ecology'`: `category = 'health'`,
		`submitted_at = now() - interval '2 days'`: `submitted_at = now() - interval '1 hour'`,
		`place_source = 'area'`:                    `place_source = 'text'`,
		`state = 'cancelled', closed_at = now(), next_action = NULL, next_action_at = NULL`: `state = 'open', closed_at = NULL, next_action = 'claim', next_action_at = now()`,
	} {
		for _, step := range []string{change, back} {
			_, err := w.db.Exec(`UPDATE requests SET `+step+` WHERE ref = $1`, early)
			w.must(err)
			w.happen(early, "said")
			if got := same(ref, mei); (got == "Duplicate") != (step == change) {
				t.Errorf("after %s it offers %q", step, got)
			}
		}
	}
	_, err := w.db.Exec(`UPDATE requests SET station = $1 WHERE ref = $2`, another, early)
	w.must(err)
	w.happen(early, "transferred")
	if got := same(ref, wang); got != "Duplicate" {
		t.Errorf("what is out of sight is offered: %q", got)
	}
	own := w.stand("when does it open at last", `triage = 'unclaimed', category = 'ecology', chat_id = (SELECT chat_id FROM requests WHERE ref = '`+ref+`'), `+away(9))
	if got, want := same(own, mei), "Same as "+ref+" · same resident"; got != want {
		t.Errorf("of the same resident's it offers %q, want %q", got, want)
	}
	_, err = w.db.Exec(`UPDATE requests SET unnamed = true WHERE ref = $1`, own)
	w.must(err)
	w.happen(own, "said")
	if got := same(own, mei); got != "Duplicate" {
		t.Errorf("whose it is who stays unnamed is told: %q", got)
	}
	sooner, later := w.stand("sooner", `triage = 'unclaimed', category = 'ecology', `+away(30)), w.stand("later", `triage = 'unclaimed', category = 'ecology', `+away(30))
	if a, b := same(sooner, mei), same(later, mei); a != "Duplicate" || b != "Same as "+sooner+" · same place" {
		t.Errorf("of two items the sooner offers %q, the later %q", a, b)
	}
	mei.offers(ref, "d").leadsTo("/admin/")
	if got := w.view(ref).Same; !slices.Equal(got, []string{early}) {
		t.Errorf("it is linked to %v", got)
	}
	mei.post("/admin/requests/"+ref+"/unlink", "back", "/admin/").leadsTo("/admin/")
	if got := same(ref, mei); got != "Duplicate" {
		t.Errorf("what a person has unlinked is offered again: %q", got)
	}
}

// Of a request whose place nobody knows surely an item offers the places that its words name.
func TestBoardSuggestsPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const nowhere = `triage = 'no_place', station = NULL, place_code = NULL, lat = NULL, lon = NULL, place_source = ''`
	ref := w.stand("广州市从化区太平镇的路坏了", nowhere)
	several := w.stand("太平镇的路坏了", nowhere)
	silent := w.stand("路坏了", nowhere)
	known := w.stand("太平镇的路坏了", `triage = 'unclaimed'`)
	danger := w.stand("着火了，太平镇", `urgency = 'emergency', place_source = 'last'`)
	b := w.as("mei", "administrator", "")
	board := b.get("/admin/")
	for at, want := range map[string][]string{ref: {"Taiping Town, Conghua District"}, several: {"Taiping Town, Conghua District", "Taiping Town, Shixing County", "Taiping Town, Mazhang District"},
		silent: nil, known: nil, danger: {"Qiangang Village, Taiping Town", "Taiping Town, Conghua District", "Taiping Town, Qingxin District"}} {
		var got []string
		for _, key := range []string{"5", "6", "7", "8"} {
			if place, ok := board.suggests(at)[key]; ok {
				got = append(got, place)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("item %s offers %q, want %q", at, got, want)
		}
	}
	b.offers(ref, "5").leadsTo("/admin/")
	b.offers(danger, "5").leadsTo("/admin/")
	if v := w.view(ref); v.Place == nil || v.PlaceSource != "supervisor" || v.Station == nil {
		t.Errorf("after the button it is at %v, of station %v", v.Place, v.Station)
	}
	if v := w.view(danger); *v.Place != "440117111203" || v.PlaceSource != "supervisor" {
		t.Errorf("what was supposed is %s by %s", *v.Place, v.PlaceSource)
	}
}

// An item offers to end as it most probably ends: a key takes Enter too, and a cry for help is ended by nobody in one press.
func TestBoardSuggestsAnEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	early := w.stand("first of all", "")
	unreached := w.stand("blocked us", `triage = 'unclear'`)
	_, err := w.db.Exec(`UPDATE chats SET unreachable_at = now() FROM requests r WHERE r.ref = $1 AND r.bot_id = chats.bot_id AND r.chat_id = chats.id`, unreached)
	w.must(err)
	silent := w.stand("never confirmed", `triage = 'unconfirmed', `+away(5))
	unclear := w.stand("what is this", `triage = 'unclear', `+away(10))
	danger := w.stand("my house burns", `urgency = 'emergency', crisis = 'fire', `+away(15))
	held := w.stand("somebody has this", `urgency = 'emergency', triage = 'unanswered', state = 'claimed', worker = '`+first+`', claimed_at = now()`)
	late := w.stand("told too late", `state = 'resolved', outcome = 'solved', resolved_at = now(), triage = 'undeliverable', next_action = 'close'`)
	repeat := w.stand("again", `triage = 'unclaimed'`)
	b := w.as("mei", "administrator", "")
	if got := b.get("/admin/").suggests(repeat)["d"]; !strings.HasPrefix(got, "Same as ") {
		t.Fatalf("it offers %q", got)
	}
	b.post("/admin/requests/"+repeat+"/link", "ref", early).leadsTo("/admin/requests/" + repeat)
	board := b.get("/admin/")
	for ref, want := range map[string]string{unreached: "Close: resident not reached", silent: "Close: no longer needed", unclear: "Close", danger: "Close", held: "Close",
		late: "Close", repeat: "Close: asked twice (" + early + ")"} {
		if got := board.suggests(ref); got["c"] != want {
			t.Errorf("item %s offers %q, want %q", ref, got, want)
		}
	}
	board.is(http.StatusOK, `<details><summary data-key="c">Close</summary><button name="outcome" value="false_alarm"`)
	for _, button := range regexp.MustCompile(`<button[^>]*data-key="c"[^>]*>`).FindAllString(board.body, -1) {
		if !strings.Contains(button, "data-careful") {
			t.Errorf("a slip ends it: %s", button)
		}
	}
	wang := w.as("wang", "supervisor", another)
	_, err = w.db.Exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, $1, now() FROM requests WHERE ref = $2`, another, silent)
	w.must(err)
	w.happen(silent, "offered")
	if got := wang.get("/admin/").suggests(silent); got["c"] != "Close" || got["C"] != "" {
		t.Errorf("who is only offered it may end it: %q", got)
	}
	for ref, want := range map[string]string{unreached: "not_possible", silent: "withdrawn", repeat: "duplicate"} {
		b.offers(ref, "c").leadsTo("/admin/")
		if v := w.view(ref); v.State != intake.Resolved || *v.Outcome != want {
			t.Errorf("%s ended as %s, %v, want %s", ref, v.State, v.Outcome, want)
		}
	}
	b.offers(late, "c").leadsTo("/admin/")
	if v := w.view(late); v.State != intake.Closed {
		t.Errorf("what was told too late is %s", v.State)
	}
}

// What is only offered is given to a worker there, or linked; it is neither ended nor moved, which might take it elsewhere.
func TestOfferedItemSuggestsWhatItMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.onDuty(first, "w-440111-2-1")
	ref := w.stand("我在太平镇", `triage = 'unconfirmed', urgency = 'emergency', place_source = 'last', station = '`+another+`'`)
	_, err := w.db.Exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, $1, now() FROM requests WHERE ref = $2`, taiping, ref)
	w.must(err)
	w.happen(ref, "offered")
	theirs := value[string](w, `SELECT name FROM workers WHERE code = 'w-440111-2-1'`)
	if got := w.as("mei", "administrator", "").get("/admin/").suggests(ref); got["a"] != "Assign: "+theirs+" (0)" || got["5"] == "" || got["C"] == "" {
		t.Errorf("whose it is is offered %q", got)
	}
	b := w.as("wang", "supervisor", taiping)
	got := b.get("/admin/").suggests(ref)
	if got["a"] != "Assign: "+value[string](w, `SELECT name FROM workers WHERE code = '`+first+`'`)+" (0), Taiping Town Social Work Station, Conghua District" || got["5"] != "" || got["t"] != "" || got["C"] != "" {
		t.Errorf("who is only offered it is offered %q", got)
	}
	b.offers(ref, "a").leadsTo("/admin/")
	if v := w.view(ref); v.State != intake.Claimed || *v.Worker != first {
		t.Errorf("it is %s", v.State)
	}
}

// An answer is written on the board where nobody has to heed something first.
func TestBoardAnswersWhereNothingIsToHeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := w.stand("when do you come", `triage = 'unclaimed'`)
	b := w.as("mei", "administrator", "")
	asks := func(ref string) bool {
		return strings.Contains(b.get("/admin/").body, `/admin/requests/`+ref+`#answer" data-key="r" data-answers="`)
	}
	if !asks(plain) {
		t.Error("there is nothing to heed, and it isn't answered there")
	}
	for name, changes := range map[string]string{"unnamed": "unnamed = true", "discreet": "crisis = 'violence'", "out of reach": "unreachable = true"} {
		if ref := w.stand(name, `triage = 'unclaimed', `+changes); asks(ref) {
			t.Errorf("%s: it is answered on the board", name)
		}
	}
	_, err := w.db.Exec(`UPDATE chats SET quiet_at = now()`)
	w.must(err)
	w.happen(plain, "said")
	if asks(plain) {
		t.Error("who reads nothing is answered on the board")
	}
}
