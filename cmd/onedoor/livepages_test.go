package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// typed is what somebody has typed into the field that has the focus, with the caret as a bar.
func (b *browser) typed() string {
	b.Helper()
	return script[string](b, `(() => { const {value, selectionStart: at, selectionEnd: to, name} = document.activeElement;
		return value === undefined ? "no field" : name + ": " + value.slice(0, at) + "|" + (to > at ? value.slice(at, to) + "|" : "") + value.slice(to); })()`)
}

// logIn opens a page of the admin as mei, who has another one open elsewhere.
func (b *browser) logIn(w *world, path string) (elsewhere *supervisor) {
	b.Helper()
	elsewhere = w.supervisor()
	b.do(chromedp.Navigate("http://"+w.server.address+"/admin/"), chromedp.SendKeys(`input[name=name]`, "mei"),
		chromedp.SendKeys(`input[name=password]`, "correct horse battery"), chromedp.Click(`button.main`), chromedp.WaitVisible(`nav`),
		chromedp.Navigate("http://"+w.server.address+path), chromedp.WaitVisible(`h1`))
	return elsewhere
}

// follows keeps a page open, and is told of each change that it hears of.
func (s *supervisor) follows() (changes <-chan string) {
	s.w.Helper()
	s.Timeout = 0 // a stream lasts
	response, err := s.Get("http://" + s.w.server.address + "/admin/live")
	if err != nil || response.StatusCode != http.StatusOK {
		s.w.Fatalf("the stream answers %v, %v", response, err)
	}
	heard := make(chan string, 1000)
	go func() {
		defer response.Body.Close()
		for in := bufio.NewScanner(response.Body); in.Scan(); {
			if in.Text() == "event: change" {
				heard <- in.Text()
			}
		}
	}()
	return heard
}

// TestRequestPageStaysWhileSomebodyTypes: what becomes of a request is drawn into its open page, and nothing of what its reader
// is at is lost by it: neither words, caret and selection in any form, nor a choice, nor what is unfolded.
func TestRequestPageStaysWhileSomebodyTypes(t *testing.T) {
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	ref := requestOf(resident, "my boss has not paid my wages for three months")
	b := newBrowser(t)
	b.logIn(w, "/admin/requests/"+ref)
	said := 0
	hears := func() { // has the resident say something, and waits until the page shows it
		t.Helper()
		said++
		words := fmt.Sprintf("and number %d, too", said)
		resident.send(words)
		b.do(chromedp.WaitVisible(`//*[@id="story"]//blockquote[contains(., "` + words + `")]`))
	}
	keeps := func(want string) {
		t.Helper()
		hears()
		if got := b.typed(); got != want {
			t.Errorf("after the page was drawn anew there is %q, want %q", got, want)
		}
	}
	b.do(chromedp.SendKeys(`#answer`, "We come tomorrow."))
	script[bool](b, `(document.activeElement.setSelectionRange(3, 7), true)`)
	keeps("text: We |come| tomorrow.")
	b.do(chromedp.KeyEvent("call"))
	keeps("text: We call| tomorrow.")
	b.do(chromedp.Click(`#note-box > summary`), chromedp.SendKeys(`#note`, "bring the form"))
	keeps("text: bring the form|")
	b.do(chromedp.Click(`#place-box > summary`), chromedp.SendKeys(`#place`, "太平"))
	keeps("find: 太平|")
	script[bool](b, `(document.querySelector("#service").focus(), document.querySelector("#service").value = "health", true)`)
	hears()
	if at := script[string](b, `document.activeElement.name + " " + document.activeElement.value`); at != "category health" {
		t.Errorf("the focus and the choice are %q", at)
	}
	script[bool](b, `(document.querySelector("#urgency").focus(), true)`)
	worker.press("Claim") // which draws the forms anew, too
	b.do(chromedp.WaitVisible(`form[action$="/release"]`))
	if at := script[string](b, `document.activeElement.name + " " + document.activeElement.value`); at != "urgency emergency" {
		t.Errorf("the focus is at %q", at)
	}
	for selector, want := range map[string]string{"#answer": "We call tomorrow.", "#note": "bring the form", "#place": "太平"} {
		if got := script[string](b, `document.querySelector("`+selector+`").value`); got != want {
			t.Errorf("in %s there is %q, want %q", selector, got, want)
		}
	}
	if open := script[int](b, `document.querySelectorAll("#note-box[open], #place-box[open]").length`); open != 2 {
		t.Errorf("%d of 2 boxes are still open", open)
	}
}

// holdStreams has streams of pages to come wait, while told to, until they are let go.
func (b *browser) holdStreams() {
	b.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, t *chromedp.Target) (page.AddScriptToEvaluateOnNewDocumentResult, error) {
		return cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			window.holds = [];
			const Real = window.EventSource;
			if (sessionStorage.getItem("hold")) window.EventSource = class extends EventTarget {
				constructor(address) {
					super();
					window.holds.push(() => { const real = new Real(address); real.addEventListener("change", () => this.dispatchEvent(new Event("change"))); });
				}
				close() {}
			};`})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// TestPagesMissNothing: what happens after a page was drawn, and before it hears of changes, is shown when it does.
func TestPagesMissNothing(t *testing.T) {
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "my boss has not paid my wages for three months")
	b := newBrowser(t)
	elsewhere := b.logIn(w, "/admin/me").follows()
	// before has something change after a page was drawn, and lets it hear of changes only when another page has heard of that.
	before := func(path, there string, change func()) {
		t.Helper()
		script[bool](b, `(sessionStorage.setItem("hold", "yes"), true)`)
		b.do(chromedp.Navigate("http://"+w.server.address+path), chromedp.WaitVisible(`main [data-live]`))
		for w.rests(); len(elsewhere) > 0; {
			<-elsewhere
		}
		change()
		select {
		case <-elsewhere:
		case <-w.ctx.Done():
			t.Fatal("nobody hears of the change")
		}
		script[bool](b, `(sessionStorage.removeItem("hold"), window.holds.forEach((open) => open()), true)`)
		b.do(chromedp.WaitVisible(there))
	}
	b.holdStreams()
	before("/admin/requests/"+ref, `//blockquote[contains(., "he owes my brother, too")]`, func() {
		resident.send("he owes my brother, too")
		w.eventually("it is kept", func() bool { return w.count(`SELECT count(*) FROM messages WHERE text LIKE '%my brother%'`) == 1 })
	})
	before("/admin/stations/st-440117-2", `//tr[contains(., "wheelchair")]`, func() {
		requestOf(w.person(2, "Lin", "en"), "I need a wheelchair for my father")
	})
}

// TestStationPageKeepsItsPlace: a station's page that is open shows what comes; the focus stays on the request where it was.
func TestStationPageKeepsItsPlace(t *testing.T) {
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	ref := requestOf(w.person(1, "May", "en"), "my boss has not paid my wages for three months")
	b := newBrowser(t)
	b.logIn(w, "/admin/stations/st-440117-2")
	link := `a[href="/admin/requests/` + ref + `"]`
	script[bool](b, `(document.querySelector('`+link+`').focus(), window.sinceMorning = true)`)
	at := func() string { return script[string](b, `document.activeElement.textContent`) }
	w.person(2, "Li", "en").send("fire! my house is burning, Taiping Town, Conghua") // comes before it
	b.do(chromedp.WaitVisible(`//tr[contains(., "burning")]`))
	if at() != ref {
		t.Errorf("after another came before it the focus is at %q", at())
	}
	worker.seeButton("Claim")
	w.exec(`UPDATE requests SET state = 'claimed', worker = 'w-440117-2-1', claimed_at = now() WHERE ref = '` + ref + `'`)
	w.exec(`INSERT INTO events (request_id, at, kind, actor, actor_id) SELECT id, now(), 'claimed', 'worker', 'w-440117-2-1' FROM requests WHERE ref = '` + ref + `'`)
	b.do(chromedp.WaitVisible(`//section[2]//tr[contains(., "` + ref + `")]`))
	if at() != ref {
		t.Errorf("after it went to another list the focus is at %q", at())
	}
	if !script[bool](b, `window.sinceMorning === true`) {
		t.Error("the page was loaded again")
	}
	b.fits()
}
