package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onedoor/internal/simulator"
)

// like makes n more requests like the only one that there is, with the references Q00001 …, each due a minute after the one
// before; what else is different about them, by their number n, are columns of SQL. They wait like that one.
func (w *world) like(n int, different string) {
	w.Helper()
	w.rests()
	w.exec(fmt.Sprintf(`
		INSERT INTO requests OVERRIDING SYSTEM VALUE
		SELECT (jsonb_populate_record(r, jsonb_build_object('id', 1000 + n, 'ref', 'Q' || lpad(n::text, 5, '0'),
			'claim_due', r.claim_due + n * interval '1 minute') || %s)).*
		FROM requests r, generate_series(1, %d) AS n WHERE r.id = (SELECT min(id) FROM requests)`, different, n))
}

// likeThat is nothing different.
const likeThat = `'{}'`

// refs are the references in the lines of a list, in order.
func refs(m simulator.Message) (found []string) {
	for line := range strings.Lines(m.Text) {
		if words := strings.Fields(line); len(words) > 1 && len([]rune(words[0])) == 1 {
			found = append(found, words[1])
		}
	}
	return found
}

// numbered are the references from one number to another.
func numbered(from, to int) (all []string) {
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf("Q%05d", n))
	}
	return all
}

// turns presses a button of a list and waits until the list shows these requests.
func (p *person) turns(list simulator.Message, label string, want []string) simulator.Message {
	p.w.Helper()
	if _, err := p.Press(p.message(list.ID), label); err != nil {
		p.w.Fatal(err)
	}
	p.w.eventually(fmt.Sprintf("%q shows %v", label, want), func() bool { return slices.Equal(refs(p.message(list.ID)), want) })
	return p.message(list.ID)
}

// opens presses a button of a list that shows what to narrow it to.
func (p *person) opens(list simulator.Message, label string) {
	p.w.Helper()
	if _, err := p.Press(p.message(list.ID), label); err != nil {
		p.w.Fatal(err)
	}
	p.w.eventually("there are choices", func() bool { return slices.Contains(p.message(list.ID).Labels(), "All") })
}

// message is a message of the bot's as it is now.
func (p *person) message(id int) simulator.Message {
	for _, m := range p.Chat(p.w.bot) {
		if m.ID == id && m.FromBot() {
			return m
		}
	}
	p.w.Fatalf("there is no message %d", id)
	return simulator.Message{}
}

// TestQueuePages: ten a page in one message, the most pressing first, and none is left out when others go in between.
func TestQueuePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	ref := requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	w.like(23, `jsonb_build_object('urgency', CASE n WHEN 23 THEN 'urgent' ELSE 'normal' END)`)
	worker.send("/queue")
	list := worker.see("24 waiting")
	first := append([]string{"Q00023", ref}, numbered(1, 8)...)
	if got := refs(list); !slices.Equal(got, first) {
		t.Fatalf("the queue begins with %v, want %v", got, first)
	}
	if slices.Contains(list.Labels(), "« Previous") {
		t.Error("there is a page before the first")
	}
	w.exec(`UPDATE requests SET state = 'claimed', worker = 'w-440117-2-2', claimed_at = now() WHERE ref IN ('Q00002', 'Q00008', 'Q00010')`)
	list = worker.turns(list, "More »", []string{"Q00009", "Q00011", "Q00012", "Q00013", "Q00014", "Q00015", "Q00016", "Q00017", "Q00018", "Q00019"})
	list = worker.turns(list, "More »", numbered(20, 22))
	if slices.Contains(list.Labels(), "More »") || !strings.Contains(list.Text, "21 waiting") {
		t.Errorf("the last page is %s with %v", list.Text, list.Labels())
	}
	list = worker.turns(list, "« Previous", append([]string{"Q00009"}, numbered(11, 19)...))
	list = worker.turns(list, "« Previous", append([]string{"Q00023", ref, "Q00001", "Q00003", "Q00004", "Q00005", "Q00006", "Q00007", "Q00009"}, "Q00011"))
	if n := worker.texts("waiting, the most pressing first"); n != 1 {
		t.Errorf("the list stands in %d messages, want one", n)
	}
	w.worker(902, "w-440117-1-1").PressData(list, "q:Q00001:>,") // of another station
	w.person(2, "Lin", "en").PressData(list, "q:Q00001:>,")
	worker.PressData(list, "q:"+strings.Repeat("x", 30)+":>nonsense,nowhere")
	w.rests()
	if w.count(`SELECT count(*) FROM notices WHERE kind = 'queue' AND chat_id <> 901`) != 0 {
		t.Error("a forged button has shown a queue")
	}
	if m := worker.message(list.ID); !strings.Contains(m.Text, "0 waiting") {
		t.Errorf("of what there is none the queue shows %s", m.Text)
	}
	worker.opens(list, "By service")
	worker.turns(list, "All", nil)
}

// TestQueueNarrowed: to a service, to a place with all that lies in it, to both, and back to all.
func TestQueueNarrowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	ref := requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	w.like(14, `jsonb_build_object('category', CASE WHEN n <= 12 THEN 'health' ELSE 'education' END,
		'place_code', (ARRAY['440117103', '440117103220', '440117111203', '440117'])[n % 4 + 1])`)
	worker.send("/queue")
	list := worker.see("15 waiting")
	press := func(label string) {
		if _, err := worker.Press(worker.message(list.ID), label); err != nil {
			t.Fatal(err)
		}
	}
	shows := func(words string, labels ...string) {
		w.eventually("the list shows "+words, func() bool {
			m := worker.message(list.ID)
			return strings.Contains(m.Text, words) && !slices.ContainsFunc(labels, func(l string) bool { return !slices.Contains(m.Labels(), l) })
		})
	}
	press("By service")
	health := w.service("health")
	shows("15 waiting", "All", health+" 12")
	worker.turns(list, health+" 12", numbered(1, 10))
	list = worker.turns(list, "More »", numbered(11, 12))
	shows("12 waiting", "« Previous")
	shows("Only: " + health)
	press("By place")
	shows("12 waiting", "All", "Wenquan Town 6", "Taiping Town 3", "Conghua District 3") // all that lies in a township is its
	press("Wenquan Town 6")
	shows("Only: " + health + " · Wenquan Town")
	worker.opens(list, "By service")
	list = worker.turns(list, "All", []string{"Q00001", "Q00004", "Q00005", "Q00008", "Q00009", "Q00012", "Q00013"})
	press("By place")
	shows("7 waiting", "All")
	list = worker.turns(list, "All", append([]string{ref}, numbered(1, 9)...))
	if only := "Only"; strings.Contains(list.Text, only) {
		t.Errorf("the list is still narrowed: %s", list.Text)
	}
}

// service is what a category is called in English.
func (w *world) service(key string) string {
	c, _ := w.server.intake.Taxonomy.Category(key)
	return c.Name["en"]
}

// TestNext: one tap claims the most pressing request that fits; emergencies come before all, and what fits nobody's
// specialties is not left behind.
func TestNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, other := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	w.like(5, `(ARRAY['{"category": "education", "urgency": "urgent"}', '{"category": "conflict_resolution"}', '{"category": "legal_rights"}',
		'{"category": "education", "urgency": "emergency"}', '{"station": "st-440117-1"}'])[n]::jsonb`)
	w.exec(`UPDATE workers SET specialties = '{legal_rights,conflict_resolution}' WHERE chat_id = 901`)
	w.exec(`INSERT INTO offers (request_id, station, offered_at) VALUES (1005, 'st-440117-2', now())`)
	cards := other.texts(ref)
	for _, want := range []string{"Q00004", "Q00002", "Q00003", "Q00001", ref, "Q00005"} {
		worker.send("/next")
		worker.see("· " + want)
		w.eventually(want+" is claimed", func() bool { return w.state(want) == "claimed" && worker.hasButton("resolve", want) })
		w.rests()
	}
	resident.see("has taken on your request " + ref)
	if other.texts(ref) != cards || !strings.Contains(other.see(ref).Text, "has it") {
		t.Errorf("the card of a colleague does not say who has it: %s", other.see(ref).Text)
	}
	worker.send("/next")
	worker.see("Nothing is waiting")
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'claimed' AND actor_id = 'w-440117-2-1'`); n != 6 {
		t.Errorf("the log has %d claims, want 6", n)
	}
	resident.send("/next")
	resident.see("status of requests")
}

// TestMine: first who is in danger without an answer, then what is overdue with for how long, then by deadline; ten a page.
func TestMine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, ref := claimed(w)
	w.like(12, `jsonb_build_object('answer_due', now() + (n - 4) * interval '1 day' + interval '1 hour', 'resolve_due', now() + interval '30 days',
		'urgency', CASE n WHEN 12 THEN 'emergency' ELSE 'normal' END, 'answered_at', CASE n WHEN 1 THEN now() END)`)
	w.exec(`UPDATE requests SET answer_due = now() + interval '90 days' WHERE id < 1000`)
	worker.send("/mine")
	list := worker.see("In your hands: 13")
	first := append([]string{"Q00012"}, numbered(2, 10)...)
	if got := refs(list); !slices.Equal(got, first) {
		t.Errorf("in hand is %v, want %v", got, first)
	}
	for _, words := range []string{"Q00002", "⏰ 47 hours late", "⏰ 23 hours late", "Answer by"} {
		if !strings.Contains(list.Text, words) {
			t.Errorf("the list does not say %q: %s", words, list.Text)
		}
	}
	if n := strings.Count(list.Text, "late"); n != 2 {
		t.Errorf("%d are late, want 2: %s", n, list.Text)
	}
	list = worker.turns(list, "More »", []string{"Q00011", "Q00001", ref})
	if !strings.Contains(list.Text, "Resolve by") {
		t.Errorf("of what is answered the list does not say when it must be resolved: %s", list.Text)
	}
	worker.turns(list, "« Previous", first)
}

// TestFind: by reference, words and place, in either script; only what the worker may read, and what is over as well.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, stranger := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440303-1-1")
	ref := requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	w.like(14, `jsonb_build_object('text', (ARRAY['老板拖欠我三个月工资', '阿爸行唔到，想申請輪椅', 'the roof leaks'])[n % 3 + 1], 'summary', '',
		'place_code', CASE n WHEN 3 THEN '440117103220' ELSE '440117111' END, 'station', CASE n WHEN 4 THEN 'st-440303-1' ELSE 'st-440117-2' END)`)
	w.exec(`UPDATE requests SET state = 'closed', outcome = 'solved', resolved_at = now(), closed_at = now(), next_action = NULL, next_action_at = NULL WHERE ref IN ('Q00007', 'Q00010')`)
	w.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT id, 0, 'en', now() FROM bots`)
	w.exec(`UPDATE requests SET state = 'closed', outcome = 'solved', resolved_at = now(), closed_at = now(), next_action = NULL, next_action_at = NULL,
		text = '', summary = '', groups = '{}', understanding = '{}', routing = '{}', lat = NULL, lon = NULL, place_source = '', place_code = NULL, chat_id = 0, erased_at = now() WHERE ref = 'Q00013'`)
	for words, want := range map[string][]string{
		"/find " + strings.ToLower(ref):           {ref},
		"/find Q-00007":                           {"Q00007"},
		"/find 轮椅":                                {"Q00010", "Q00007", "Q00001"},
		"/find輪椅太平":                               {"Q00010", "Q00007", "Q00001"},
		"/find Wheelchair":                        {ref},
		"/find 南平村":                               {"Q00003"},
		"/find 工资 wenquan":                        {"Q00003"},
		"/find roof, Taiping":                     {"Q00014", "Q00011", "Q00008", "Q00005", "Q00002"},
		"/find Q00004":                            nil, // another station's
		"/find Q00013":                            nil, // erased
		"/find father' OR true; --":               nil,
		"/find " + strings.Repeat("轮椅", 2000):     nil,
		"/find@onedoor_test_bot Q00014 the\nroof": {"Q00014"},
	} {
		worker.send(words)
		w.rests()
		if got := refs(worker.found()); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v (%s)", words, got, want, worker.found().Text)
		}
	}
	worker.send("/find wheelchair")
	w.rests()
	if _, err := worker.Press(worker.found(), worker.found().Labels()[0]); err != nil {
		t.Fatal(err)
	}
	worker.seeButton("Pass on")
	worker.send("/find 太平")
	list := worker.see("Found: 12")
	if got := refs(list); len(got) != 10 || got[0] != "Q00014" {
		t.Errorf("the latest ten are %v", got)
	}
	worker.turns(list, "More »", []string{"Q00001", ref})
	worker.send("/find")
	worker.see("/find wheelchair Taiping")
	stranger.send("/find Q00004")
	stranger.see("Found: 1")
	w.rests()
	if n := w.count(`SELECT count(*) FROM notices WHERE args::text LIKE '%轮椅%' OR args::text LIKE '%roof%'`) + w.count(`SELECT count(*) FROM messages WHERE author = 'worker'`); n != 0 {
		t.Errorf("what a worker looked for is kept %d times", n)
	}
}

// found is what was found last: a card may have come since.
func (p *person) found() (m simulator.Message) {
	for _, said := range p.Chat(p.w.bot) {
		if said.FromBot() && (strings.HasPrefix(said.Text, "Found") || strings.HasPrefix(said.Text, "Nothing found")) {
			m = said
		}
	}
	return m
}

// TestFindDanger: who looks for words that speak of danger raises no alarm, reads whom to call, and can say that it is their own.
func TestFindDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	worker.send("/find he will kill me, help")
	worker.see("Nothing found")
	w.rests()
	if n := w.emergencies(); n != 0 {
		t.Fatalf("%d alarms for words that were looked for", n)
	}
	worker.press("It is about me")
	w.eventually("the alarm is raised", func() bool { return w.emergencies() == 1 })
}

// TestFoundIsReadByRight: what a list has found shows no more than its reader may read when it is turned over.
func TestFoundIsReadByRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	w.like(11, likeThat)
	worker.send("/find wheelchair")
	list := worker.see("Found: 12")
	w.exec(`UPDATE requests SET station = 'st-440303-1' WHERE ref <> 'Q00001'`)
	list = worker.turns(list, "More »", []string{"Q00001"})
	if !strings.Contains(list.Text, "Found: 1,") {
		t.Errorf("of what is another station's the list says %s", list.Text)
	}
	w.exec(`UPDATE workers SET station = 'st-440303-1' WHERE chat_id = 901`)
	worker.PressData(list, "f::>,")
	w.eventually("the list is of the new station", func() bool { return strings.Contains(worker.message(list.ID).Text, "Found: 11") })
}

// holds is how many requests a worker has.
func (w *world) holds(code string) int {
	w.Helper()
	return w.count(`SELECT count(*) FROM requests WHERE state = 'claimed' AND worker = '` + code + `'`)
}

// TestClaimLimit: a worker has no more than so many requests, however fast they press and on however many devices;
// emergencies are neither limited nor counted.
func TestClaimLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	w.like(20, `jsonb_build_object('urgency', CASE WHEN n > 18 THEN 'emergency' ELSE 'normal' END)`)
	worker.send("/queue")
	list := worker.see("21 waiting")
	for n := 1; n <= 18; n++ {
		worker.PressData(list, "claim:Q"+fmt.Sprintf("%05d", n)+":")
	}
	worker.toast("You have 15 requests")
	w.rests()
	if n := w.holds("w-440117-2-1"); n != 15 {
		t.Fatalf("the worker has %d requests, want 15", n)
	}
	for range 2 {
		worker.send("/next")
	}
	w.eventually("both emergencies are claimed", func() bool { return w.holds("w-440117-2-1") == 17 })
	worker.send("/next")
	worker.see("You have 15 requests")
	worker.PressData(list, "resolve:Q00001:")
	worker.PressData(list, "outcome:Q00001:solved")
	w.eventually("one is resolved", func() bool { return w.state("Q00001") == "resolved" })
	worker.send("/next")
	w.eventually("there is room for one more", func() bool { return w.holds("w-440117-2-1") == 17 })
}

// TestUndo: a claim by a slip of the thumb leaves no trace but in the log: the request waits where it waited, its clock goes
// on, its resident has heard nothing, and no report counts it.
func TestUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) { c.noUndo = false })
	resident, owner, offered, ref, _ := w.offer()
	was := w.waits(ref)
	offered.press("Claim")
	offered.seeButton("Undo")
	if got := w.waits(ref); got == was {
		t.Fatalf("it is not claimed: %s", got)
	}
	if owner.hasButton("unclaim", ref) {
		t.Error("a colleague can undo it")
	}
	owner.PressData(owner.last(), "unclaim:"+ref+":")
	resident.PressData(resident.last(), "unclaim:"+ref+":")
	offered.press("Undo")
	offered.toast("Undone")
	w.rests()
	if got := w.waits(ref); got != was {
		t.Errorf("after undoing it is %s, before it was %s", got, was)
	}
	offered.seeButton("Claim")
	owner.seeButton("Claim")
	if resident.texts("will write to you here") > 0 || w.count(`SELECT count(*) FROM notices WHERE kind = 'claimed_by' AND state <> 'dropped'`) != 0 {
		t.Error("the resident hears of a claim that was undone")
	}
	for _, kind := range []string{"claimed", "released"} {
		if n := w.count(`SELECT count(*) FROM events WHERE kind = '` + kind + `'`); n != 1 {
			t.Errorf("the log says %s %d times, want once", kind, n)
		}
	}
	if report := w.run("report", "--by", "all"); !strings.Contains(report, "all,1,0,") {
		t.Errorf("the report counts the claim: %s", report)
	}
	offered.send("/stats")
	offered.see(": 0 taken on")
	owner.press("Claim")
	owner.seeButton("Undo")
	w.exec(`UPDATE requests SET claimed_at = claimed_at - interval '31 seconds'; UPDATE notices SET next_try_at = now() WHERE kind = 'claimed_by'`)
	resident.see("will write to you here")
	owner.press("Undo")
	owner.toast("Too late to undo")
	w.eventually("the button is gone", func() bool { return !owner.hasButton("unclaim", ref) })
	if w.state(ref) != "claimed" {
		t.Error("what was claimed long ago is undone")
	}
}

// waits is where and for what a request waits.
func (w *world) waits(ref string) (how string) {
	w.Helper()
	if err := w.server.db.Get(&how, `SELECT concat_ws(' ', state, station, worker, triage, claimed_at, next_action, next_action_at) FROM requests WHERE ref = $1`, ref); err != nil {
		w.Fatal(err)
	}
	return how
}

// TestClaimIsToldWithTheAnswer: a resident whom the worker answers at once knows first who that is; in danger they know it
// before the claim could be undone, and others are called again if it is.
func TestClaimIsToldWithTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) { c.noUndo = false })
	worker, other := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.press("Reply")
	worker.see("your words go to the resident")
	resident.send("/help") // what is held back holds nothing else back
	resident.see("In danger call 110")
	if resident.texts("taken on") > 0 {
		t.Error("the resident hears of a claim that may be undone")
	}
	worker.send("I come on Monday")
	resident.see("I come on Monday")
	if resident.texts("has taken on") != 1 || strings.Contains(resident.last().Text, "taken on") {
		t.Error("the resident does not know who answers")
	}
	worker.PressData(worker.last(), "unclaim:"+ref+":")
	worker.toast("Too late")
	danger := w.person(2, "Lin", "en")
	danger.send("my husband is beating me, Taiping, Conghua")
	other.press("Claim")
	danger.see("in good hands")
	alarms := worker.texts("Emergency")
	other.press("Undo")
	w.rests()
	if w.emergencies() != 1 || worker.texts("Emergency") <= alarms {
		t.Error("nobody is called to an emergency whose claim was undone")
	}
}
