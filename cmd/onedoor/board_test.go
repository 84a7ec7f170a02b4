package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// script is what a script says of the page.
func script[T any](b *browser, code string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](code))
	if err != nil {
		b.Fatal(err)
	}
	return value
}

// at is the reference of the item that has the focus.
func (b *browser) at() string {
	b.Helper()
	return script[string](b, `document.activeElement.closest(".item")?.dataset.ref ?? ""`)
}

// TestBoardInTheBrowser: what a resident cries stands on a board that is open, keys act on the item that has the focus, and
// neither the focus nor what is being chosen is lost as others come and go.
func TestBoardInTheBrowser(t *testing.T) {
	w := newWorld(t, nil)
	w.supervisor() // makes the account
	b := newBrowser(t)
	b.do(chromedp.Navigate("http://"+w.server.address+"/admin/"), chromedp.SendKeys(`input[name=name]`, "mei"),
		chromedp.SendKeys(`input[name=password]`, "correct horse battery"), chromedp.Click(`button.main`), chromedp.WaitVisible(`.calm`))
	w.person(1, "Chen", "en").send("fire! my house is burning")
	b.do(chromedp.WaitVisible(`.item.emergency`), chromedp.KeyEvent("j"))
	first := b.at()
	if first == "" {
		t.Fatal("the key j goes nowhere")
	}
	w.person(2, "Li", "en").send("he beats me, help")
	b.do(chromedp.WaitVisible(`.item:nth-child(2)`))
	if at := b.at(); at != first {
		t.Errorf("after another came the focus is at %q, want %q", at, first)
	}
	b.do(chromedp.KeyEvent("j"))
	second := b.at()
	if b.do(chromedp.KeyEvent("k")); second == first || b.at() != first {
		t.Errorf("j and k go from %q to %q and %q", first, second, b.at())
	}
	b.picture("30-board")
	b.fits()

	b.do(chromedp.KeyEvent("n")) // one slip of a finger takes no emergency down
	if at := script[string](b, `document.activeElement.value`); at != "normal" || b.at() != first {
		t.Errorf("the key n leads to %q of %q", at, b.at())
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency'`); n != 2 {
		t.Errorf("%d emergencies are left of 2", n)
	}

	b.do(chromedp.KeyEvent("s"))
	script[string](b, `document.activeElement.value = "health"`)
	w.person(3, "Wang", "en").send("someone is drowning, help")
	b.do(chromedp.WaitVisible(`.item:nth-child(3)`), chromedp.KeyEvent("c")) // chooses among services, and closes nothing
	if field := script[string](b, `document.activeElement.name`); field != "category" || b.at() != first {
		t.Errorf("while somebody chooses, the focus went to %s of %q", field, b.at())
	}
	script[string](b, `document.activeElement.value = "health"`)
	script[bool](b, `(document.activeElement.form.requestSubmit(document.activeElement.form.querySelector("button")), true)`)
	w.eventually("the service is set", func() bool {
		return w.count(`SELECT count(*) FROM corrections WHERE category = 'health'`) == 1
	})
	b.do(chromedp.WaitVisible(`//li[@id="item-` + first + `"]//button[@aria-pressed]|//li[@id="item-` + first + `"]//p[@class="guess"]/span[contains(., "Health")]`))
	if at := script[string](b, `location.pathname`); at != "/admin/" {
		t.Errorf("a form leads to %s", at)
	}

	w.exec(`INSERT INTO accounts (name, role, password_hash, created_at) VALUES ('li', 'administrator', '', now())`)
	w.exec(`INSERT INTO presence SELECT id, 'li', now() + interval '1 hour' FROM requests WHERE ref = '` + second + `'`)
	b.do(chromedp.WaitVisible(`//li[@id="item-` + second + `"]//p[@class="here"]`))
	w.eventually("others see who is here", func() bool {
		return w.count(`SELECT count(*) FROM presence p JOIN requests r ON r.id = p.request_id WHERE p.account = 'mei' AND r.ref = '`+first+`'`) == 1
	})

	script[bool](b, `(document.querySelector("#item-`+first+` h2 a").focus(), true)`)
	w.exec(`UPDATE requests SET state = 'resolved', outcome = 'solved', resolved_at = now(), triage = '', next_action = 'close' WHERE ref = '` + first + `'`)
	w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'resolved', 'system' FROM requests WHERE ref = '` + first + `'`)
	b.do(chromedp.WaitNotPresent(`#item-` + first))
	if at := b.at(); at == "" || at == first {
		t.Errorf("after its item has gone the focus is at %q", at)
	}
	b.do(chromedp.KeyEvent("?"), chromedp.WaitVisible(`#keys dl`))
	b.picture("31-keys")
	b.do(chromedp.Click(`#keys-on`), chromedp.KeyEvent("?"))
	if !script[bool](b, `document.getElementById("keys").open`) {
		t.Error("keys that are switched off still act")
	}
	b.do(chromedp.Click(`#keys-on`), chromedp.KeyEvent("?"), chromedp.WaitReady(`#keys:not([open])`), chromedp.KeyEvent("o"), chromedp.WaitVisible(`.timeline`))
}
