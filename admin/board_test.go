package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// stand puts a request on record as it would be in some state of its life, with an event of it, and returns its reference.
func (w *world) stand(text, changes string) string {
	w.Helper()
	const insert = `INSERT INTO requests (ref, bot_id, chat_id, state, text, category, understanding, place_code, lat, lon, place_source, station, created_at,
			submitted_at, claim_due, answer_due, resolve_due, next_action, next_action_at)
		SELECT 'B' || translate(to_char(count(*), 'FM00000'), '0123456789', '346790CDFG'), 4242, $1, 'open', $2, 'health',
			'{"category": "health", "categories": [{"key": "health", "confidence": 0.42}, {"key": "education", "confidence": 0.21}, {"key": "ecology", "confidence": 0.001}],
			  "because": ["wheel"], "source": "offline"}', '440117111203', 23.449, 113.482, 'text', $3,
			now() - interval '1 hour', now() - interval '1 hour', now() + interval '1 day', now() + interval '2 days', now() + interval '3 days', 'claim', now() + interval '1 day'
		FROM requests RETURNING ref`
	w.update++
	chat := 700_000 + w.update
	_, err := w.db.Exec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES (4242, $1, 'en', now())`, chat)
	w.must(err)
	var ref string
	w.must(w.db.Get(&ref, insert, chat, text, taiping))
	if changes != "" {
		_, err = w.db.Exec(`UPDATE requests SET `+changes+` WHERE ref = $1`, ref)
		w.must(err)
	}
	w.happen(ref, "submitted")
	return ref
}

// happen logs an event of a request.
func (w *world) happen(ref, kind string) {
	w.Helper()
	_, err := w.db.Exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), $2, 'system' FROM requests WHERE ref = $1`, ref, kind)
	w.must(err)
}

var itemRefs = regexp.MustCompile(`<li id="item-([0-9A-Z]+)"`)

// items are the references on a board, in its order.
func (a answer) items() []string {
	var refs []string
	for _, found := range itemRefs.FindAllStringSubmatch(a.body, -1) {
		refs = append(refs, found[1])
	}
	return refs
}

func (a answer) lists(refs ...string) answer {
	a.w.Helper()
	if got := a.items(); !slices.Equal(got, refs) {
		a.w.Errorf("%v; it lists %q, want %q", a, got, refs)
	}
	return a
}

func TestBoardSaysWhyAndWhatWasThought(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	b.get("/admin/").is(http.StatusOK, "Nothing needs you now").lists()
	waits := w.stand("I need a wheelchair", `triage = 'unclaimed'`)
	danger := w.stand("my house burns", `urgency = 'emergency', crisis = 'fire'`)
	held := w.stand("somebody has this", `urgency = 'emergency', state = 'claimed', worker = 'w-440117-2-1', claimed_at = now()`)
	board := b.get("/admin/").lists(danger, waits)
	board.is(http.StatusOK, "(2) What waits", `<mark dir="auto">wheel</mark>`, `data-key="1" aria-pressed="true">Health and sanitation 42 %`, `data-key="2">`,
		`action="/admin/requests/`+waits+`/category"`, `value="emergency" data-key="e"`, `formaction="/admin/requests/`+waits+`/station"`,
		`/admin/requests/`+waits+`#answer`, `<input type="hidden" name="back" value="/admin/">`)
	board.lacks(`data-key="3">`) // too unlikely
	for _, words := range []string{"Danger, and nobody has claimed it Emergency · fire", "Nobody has claimed it Normal", "guessed offline", "due ",
		"Qiangang Village", "Emergencies in hand " + held} {
		if !strings.Contains(strings.ReplaceAll(board.text(), " ⚠", ""), words) {
			t.Errorf("the board doesn't say %q: %s", words, board.text())
		}
	}
	b.get("/admin/?reason=crisis").is(http.StatusOK, waits[:1]).lists(danger)
	b.get("/admin/?reason=unclear").is(http.StatusOK, "Nothing needs you now").lists()
	b.get("/admin/?reason=%3Cscript%3E&page=-7").is(http.StatusOK).lists(danger, waits)
	b.get("/admin/?page=99999999999999999999").is(http.StatusOK).lists(danger, waits)

	auditor := w.as("li", "auditor", "").get("/admin/").lists(danger, waits)
	auditor.is(http.StatusOK, "Health and sanitation 42 %").lacks(`<select`, `/category"`, `#answer`)
}

// What a supervisor sets right on the board is gone from there, and learnt.
func TestBoardActsAndTeaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const words = "the zorblax of our hamlet is broken"
	if guess := w.intake.Offline.Classify(words); guess.Category == "culture_sports" {
		t.Fatalf("it is known already: %v", guess)
	}
	go func() { _ = w.intake.FollowCorrections(t.Context(), w.db.URL()) }()
	w.join(901, lead) // to whom it is shown: else somebody must look after it still
	ref := w.ask(1, words)
	_, err := w.db.Exec(`UPDATE requests SET triage = 'unclear', category = NULL`)
	w.must(err)
	b := w.as("mei", "administrator", "")
	b.get("/admin/").lists(ref)
	b.post("/admin/requests/"+ref+"/category", "category", "culture_sports", "back", "/admin/?reason=unclear").leadsTo("/admin/?reason=unclear")
	b.get("/admin/?reason=unclear").is(http.StatusOK).lists()
	b.get("/admin/").lists()
	for deadline := time.Now().Add(patience); w.intake.Offline.Classify(words).Category != "culture_sports"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the correction teaches nothing")
		}
	}
	sent := w.stand("send me on", `triage = 'handed_up', urgency = 'emergency'`)
	b.post("/admin/requests/"+sent+"/station", "station", another, "back", "/admin/").is(http.StatusOK, `name="back" value="/admin/"`) // nobody is there: are you sure?
	b.post("/admin/requests/"+sent+"/station", "station", another, "sure", "yes", "back", "/admin/").leadsTo("/admin/")
	for _, back := range []string{"https://elsewhere.example/", "//elsewhere.example", `/admin/\elsewhere`, "/other", "/admin/\r\nX: y"} {
		b.post("/admin/requests/"+sent+"/category", "category", "health", "back", back).leadsTo("/admin/")
	}
}

// The board and all that it loads stay below 100 kB, whatever residents write and however much there is.
func TestBoardIsLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var stations []string
	for _, s := range w.intake.Router.Stations() {
		stations = append(stations, s.Code)
	}
	_, err := w.db.Exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 4242, 600000 + row_number() OVER (), 'en', now() FROM stations`)
	w.must(err)
	_, err = w.db.Exec(`UPDATE workers w SET bot_id = 4242, chat_id = c.chat, joined_at = now(), on_duty = true, name = repeat('𠮷', 12)
		FROM (SELECT min(code) AS code, 600000 + row_number() OVER () AS chat FROM workers GROUP BY station) c WHERE c.code = w.code`)
	w.must(err)
	w.must(w.intake.Router.Reload(t.Context()))
	for i := range 60 {
		ref := w.stand(strings.Repeat("𠮷", 4096), fmt.Sprintf(`triage = 'unconfirmed', urgency = 'urgent', station = '%s'`, stations[i%len(stations)]))
		_, err := w.db.Exec(`UPDATE requests SET understanding = jsonb_set(understanding, '{categories}', (SELECT jsonb_agg(jsonb_build_object('key', key, 'confidence', 0.05)) FROM categories))
			WHERE ref = $1`, ref)
		w.must(err)
	}
	b := w.as("mei", "administrator", "")
	for _, lang := range []string{"en", "zh-CN"} {
		b.Accept = lang
		page := b.get("/admin/").is(http.StatusOK, "…</blockquote>", "/admin/?page=2", `data-key="a">`, `data-key="C">`)
		weight := len(page.body)
		for _, file := range []string{"admin.css", "live.js", "board.js", "icon.svg"} {
			info, err := os.Stat(filepath.Join("static", file))
			w.must(err)
			weight += int(info.Size())
		}
		if weight > 100_000 {
			t.Errorf("in %s the board weighs %d bytes, %d of them the page", lang, weight, len(page.body))
		}
		t.Logf("%s: %d bytes", lang, weight)
	}
	if first, second := b.get("/admin/").items(), b.get("/admin/?page=2").items(); len(first) == 0 || slices.Equal(first, second) || len(second) == 0 {
		t.Errorf("the pages list %q and %q", first, second)
	}
	b.Accept = "en"
	b.get("/admin/?page=5").is(http.StatusOK, "41–50 of 60")
	b.get("/admin/loads").is(http.StatusOK, "/admin/stations/"+stations[59])
}

func TestLoadsAreOfStationsInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stand("ours", "")
	w.stand("theirs", `station = '`+another+`'`)
	w.as("mei", "supervisor", taiping).get("/admin/loads").is(http.StatusOK, taiping).lacks(another)
	w.as("li", "auditor", "").get("/admin/loads").is(http.StatusOK, taiping, another)
}

// Two who look at the same see each other; who may not see it sees nobody there.
func TestPresence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.stand("who decides on this", `triage = 'unclear'`)
	mei, li, far := w.as("mei", "administrator", ""), w.as("li", "supervisor", taiping), w.as("far", "supervisor", another)
	lines, end := mei.stream("?ref=" + ref)
	w.change(lines)
	const here = "mei is looking at this"
	mei.get("/admin/").is(http.StatusOK).lacks("is looking at this") // they know
	li.get("/admin/").is(http.StatusOK, here).lists(ref)
	li.get("/admin/requests/"+ref).is(http.StatusOK, here)
	w.change(lines) // li has come
	mei.get("/admin/requests/"+ref).is(http.StatusOK, "li is looking at this")
	far.get("/admin/").is(http.StatusOK).lacks("mei is", ref)
	far.get("/admin/live?ref=" + ref).is(http.StatusNotFound)
	far.get("/admin/live?ref=%00").is(http.StatusNotFound)
	var there []string
	w.must(w.db.Select(&there, `SELECT account FROM presence ORDER BY account`))
	if !slices.Equal(there, []string{"li", "mei"}) {
		t.Errorf("%q are at the request, want li and mei", there)
	}
	end()
	for deadline := time.Now().Add(patience); strings.Contains(li.get("/admin/").body, here); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("who has left is still there")
		}
	}
	_, err := w.db.Exec(`INSERT INTO presence SELECT id, 'mei', now() - interval '1 second' FROM requests`)
	w.must(err)
	li.get("/admin/").is(http.StatusOK).lacks(here) // has said nothing for long
}

// A page that is not kept live, since the account has too many open, says of nobody that they are there.
func TestRefusedStreamIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.stand("who decides on this", `triage = 'unclear'`)
	b := w.as("mei", "administrator", "")
	for range 20 {
		_, end := b.stream()
		defer end()
	}
	for _, query := range []string{"?ref=", "?board=1&ref="} {
		b.get("/admin/live" + query + ref).is(http.StatusTooManyRequests)
	}
	if n := value[int](w, `SELECT count(*) FROM presence`); n != 0 {
		t.Errorf("%d are at the request", n)
	}
	w.as("li", "supervisor", taiping).get("/admin/").is(http.StatusOK, ref).lacks("is looking at this")
}

// A page that is open says again that its reader is there.
func TestPresenceIsRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.stand("who decides on this", `triage = 'unclear'`)
	_, end := w.as("mei", "administrator", "").stream("?board=1&ref=" + ref)
	defer end()
	var until, later time.Time
	w.must(w.db.Get(&until, `SELECT until FROM presence`))
	for deadline := time.Now().Add(patience); !later.After(until); time.Sleep(100 * time.Millisecond) {
		w.must(w.db.Get(&later, `SELECT until FROM presence`))
		if time.Now().After(deadline) {
			t.Fatal("it is not said again")
		}
	}
}
