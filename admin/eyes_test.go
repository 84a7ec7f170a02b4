package admin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestInHandIsInWords: in lists and files that have the worker elsewhere, or not at all, a request in hand says so.
func TestInHandIsInWords(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "administrator", "")
	b.post(path+"/assign", "worker", second, "seen", b.get(path).seen("assign")).leadsTo(path)
	rows := w.sheet(b.get("/admin/requests/export?format=csv").is(http.StatusOK))
	if at := slices.Index(rows[0], "State"); rows[1][0] != ref || rows[1][at] != "in hand" {
		t.Errorf("the sheet has %q", rows)
	}
	for _, lang := range []string{"en", "zh-CN", "zh-HK"} {
		b.post("/admin/language", "language", lang, "back", "/admin/").leadsTo("/admin/")
		for _, page := range []string{path, "/admin/requests", "/admin/times/requests?part=all&clock=claim", "/admin/requests/export?format=csv"} {
			if a := b.get(page); strings.Contains(a.body, "no value") {
				t.Errorf("%s in %s lacks a word", page, lang)
			}
		}
	}
}

// TestWhoCanBeGivenIt: that nobody can be told of a request is said only where that is so.
func TestWhoCanBeGivenIt(t *testing.T) {
	t.Parallel()
	const nobody = "No worker who could take it can be told of it"
	w := newWorld(t)
	path := "/admin/requests/" + w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	b.get(path).is(http.StatusOK, nobody)
	w.join(firstChat, first)
	w.must(w.intake.Router.Reload(t.Context()))
	b.post(path+"/assign", "worker", first, "seen", b.get(path).seen("assign")).leadsTo(path)
	if page := b.get(path).is(http.StatusOK, "/release"); strings.Contains(page.body, nobody) {
		t.Error("its only worker has it, and the page says that nobody can be told of it")
	}
	_, err := w.db.Exec(`UPDATE requests SET station = NULL, worker = NULL, state = 'open', lat = NULL, lon = NULL, place_code = NULL, place_source = '', triage = 'no_place'`)
	w.must(err)
	page := b.get(path).is(http.StatusOK, `<option value="`+first+`">`) // it goes to the station with the worker
	if strings.Contains(page.body, nobody) {
		t.Error("it has no station, and the page says that nobody can be told of it")
	}
	for _, s := range w.intake.Router.Stations() {
		if !strings.Contains(page.body, `<option value="`+s.Code+`">`) {
			t.Fatalf("without a place it can't be sent to %s", s.Code)
		}
	}
}

// TestNotAllowedIsTrue: who may change things, but not this, isn't told that they may only look.
func TestNotAllowedIsTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("mei", "supervisor", "").get("/admin/accounts").is(http.StatusForbidden, "may not do that")
	w.as("an", "auditor", "").get("/admin/accounts").is(http.StatusForbidden, "may look but not change")
}

// TestBoardSaysWhatWasDone: an item may leave the list by what one key did to it, so that is told; what a timeline tells stays in the timeline.
func TestBoardSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	_, err := w.db.Exec(`UPDATE requests SET triage = 'unclear'`)
	w.must(err)
	b := w.window()
	b.logIn("administrator")
	b.goTo("/admin/")
	b.do(chromedp.WaitReady(`[data-ref="`+ref+`"] button[name=category]`), chromedp.Click(`[data-ref="`+ref+`"] button[name=category]`),
		chromedp.WaitReady(`//p[@id="told"]/a[.="`+ref+`"]`))
	if b.goTo("/admin/requests/" + ref); script[string](b, `getComputedStyle(document.querySelector("#story .told")).position`) != "static" {
		t.Error("what was told lies over the page")
	}
}
