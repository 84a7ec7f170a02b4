package main

import (
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// stands puts a request on record that needs a person, of a resident of its own where the chat is new, with an event of it.
func (w *world) stands(chat int, ref, changes string) {
	w.Helper()
	id := strconv.Itoa(chat)
	w.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT id, ` + id + `, 'en', now() FROM bots ON CONFLICT DO NOTHING`)
	w.exec(`INSERT INTO requests (ref, bot_id, chat_id, state, text, category, place_code, lat, lon, place_source, station, created_at, submitted_at,
			claim_due, answer_due, resolve_due, next_action, next_action_at)
		SELECT '` + ref + `', id, ` + id + `, 'open', 'when do you come', 'health', '440117111203', 23.449, 113.482, 'text', 'st-440117-2', now(), now(),
			now() + interval '1 day', now() + interval '2 days', now() + interval '3 days', 'claim', now() + interval '1 day' FROM bots`)
	w.exec(`UPDATE requests SET ` + changes + ` WHERE ref = '` + ref + `'`)
	w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'submitted', 'resident' FROM requests WHERE ref = '` + ref + `'`)
}

// TestBoardKeysDoWhatIsSuggested: a key gives an item to a worker, links it, or answers there; what ends it takes Enter, too.
func TestBoardKeysDoWhatIsSuggested(t *testing.T) {
	w := newWorld(t, nil)
	w.supervisor() // makes the account
	w.worker(1001, "w-440117-2-1")
	w.stands(71, "B33333", `triage = 'unclaimed', urgency = 'urgent'`)
	w.stands(71, "B33334", `triage = 'unconfirmed'`)
	w.stands(72, "B33336", `urgency = 'emergency', crisis = 'fire', category = 'fire_safety', place_source = 'last', text = 'fire in Taiping Town'`)
	b := newBrowser(t)
	b.do(chromedp.Navigate("http://"+w.server.address+"/admin/"), chromedp.SendKeys(`input[name=name]`, "mei"),
		chromedp.SendKeys(`input[name=password]`, "correct horse battery"), chromedp.Click(`button.main`), chromedp.WaitVisible(`.item:nth-child(3)`))
	b.picture("32-suggested")
	b.fits()
	all := func(state string) int { return w.count(`SELECT count(*) FROM requests WHERE ` + state) }
	focus := func(ref string) {
		b.do(chromedp.WaitVisible(`#item-` + ref + `:not([aria-busy])`))
		script[bool](b, `(document.querySelector("#item-`+ref+` h2 a").focus(), true)`)
	}

	focus("B33336")
	b.do(chromedp.KeyEvent("c"))
	if at := script[string](b, `document.activeElement.value`); at != "false_alarm" || b.at() != "B33336" || all(`state = 'resolved'`) != 0 {
		t.Errorf("at a cry for help the key c leads to %q of %q", at, b.at())
	}
	b.picture("33-false-alarm")
	focus("B33336")
	b.do(chromedp.KeyEvent("5"))
	w.eventually("the place is set", func() bool { return all(`place_source = 'supervisor'`) == 1 })

	focus("B33334")
	b.do(chromedp.KeyEvent("d"))
	w.eventually("it is linked", func() bool { return w.count(`SELECT count(*) FROM links`) == 1 })
	b.do(chromedp.WaitVisible(`#item-B33334 .same`))
	focus("B33334")
	b.do(chromedp.KeyEvent("c"))
	if at := script[string](b, `document.activeElement.value`); at != "duplicate" || all(`state = 'resolved'`) != 0 {
		t.Errorf("the key c leads to %q, and %d are resolved", at, all(`state = 'resolved'`))
	}

	focus("B33333")
	b.do(chromedp.KeyEvent("r"), chromedp.WaitVisible(`#reply`))
	b.picture("34-reply")
	if at := script[string](b, `document.activeElement.name + document.getElementById("reply").querySelector("a").textContent`); at != "textB33333" {
		t.Errorf("the key r leads to %q", at)
	}
	script[string](b, `document.activeElement.value = ""`) // chromedp sends what a key types even where a page takes the key
	b.do(chromedp.KeyEvent("n"), chromedp.KeyEvent("o"), chromedp.Click(`#reply .main`), chromedp.WaitNotPresent(`#reply[open]`))
	var texts []string
	if err := w.server.db.Select(&texts, `SELECT text FROM messages WHERE author = 'supervisor'`); err != nil || !slices.Equal(texts, []string{"no"}) || all(`urgency = 'normal'`) != 1 {
		t.Errorf("%q are sent, and %d requests are normal, %v", texts, all(`urgency = 'normal'`), err)
	}

	focus("B33333")
	b.do(chromedp.KeyEvent("a"))
	w.eventually("a worker has it", func() bool { return all(`state = 'claimed' AND worker = 'w-440117-2-1'`) == 1 })
	focus("B33334")
	b.do(chromedp.KeyEvent("c"), chromedp.KeyEvent("\r"))
	w.eventually("it has ended as asked twice", func() bool { return all(`state = 'resolved' AND outcome = 'duplicate' AND ref = 'B33334'`) == 1 })

	focus("B33336")
	b.do(chromedp.KeyEvent("A"), chromedp.WaitVisible(`select#assign`)) // another worker is chosen on its page
}
