package admin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// badPage gets wrong what access.js looks for, each thing once.
const badPage = `<!doctype html><html lang="xx"><head><title> </title><style>
body { margin: 0; background: #fff; color: #000 } .nofocus:focus { outline: none } .away { position: absolute; left: -99em }
.small { display: inline-block; width: 10px; height: 10px; overflow: hidden } .pale { color: #aaa }
input { border: 1px solid #eee }</style></head><body>
<header></header><main><h1>One</h1><h1>Two</h1><h4>Four</h4>
<p class="pale">pale words</p><p style="background: #0000; color: #777; font-size: 30px">large ones may be</p>
<a href="#1" class="small">a</a><a href="#2" class="small">b</a>
<button></button><input name="nameless"><label>fine <input name="named" style="border-color: #000"></label>
<input type="image" name="altless" src="data:,"><input type="image" name="pictured" src="data:," alt="a map">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><svg width="9" height="9"></svg><svg role="group" width="9" height="8"></svg>
<svg role="group" aria-label="map" width="60" height="30"><a href="#7"><text y="9">m</text></a><a href="#8"><text y="25">n</text></a></svg><a href="#7" style="display: inline-block; width: 30px; height: 30px">same</a>
<table><tr><td>no header</td></tr></table><table><thead><tr><th></th></tr></thead><tbody><tr><th>row</th></tr></tbody></table>
<p id="twice"></p><p id="twice"></p>
<a href="#3" class="nofocus">unmarked</a><a href="#4" class="away">far away</a><a href="#5" tabindex="3">jumping</a>
<details><summary>more</summary><p class="pale">folded words</p></details>
<div style="width: 3000px">wide</div><div style="overflow-x: auto; width: 100px"><div style="width: 200px">inner</div></div>
<div id="live"><a href="#6" id="lost">lost</a></div>
</main><script>document.getElementById("lost").addEventListener("focus", (e) => e.target.blur());
document.addEventListener("keydown", (e) => { if (document.activeElement.getAttribute("href") === "#4") { e.preventDefault(); document.activeElement.blur() } });</script></body></html>`

// TestAccessFindsWhatIsWrong: each check can fail.
func TestAccessFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(badPage))
	}))
	t.Cleanup(page.Close)
	b := (&world{TB: t}).window()
	b.do(chromedp.Navigate(page.URL), chromedp.WaitReady("#live"))
	found := script[looks](b, access)
	b.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, 4)))
	all := strings.Join(append(found.Problems, script[[]string](b, `accessReached()`)...), "\n")
	for _, want := range []string{`"pale words": contrast 2.32, want 4.5`, `"folded words": contrast`, `name=nameless> "": its border`, `<button> "": has no name`,
		`name=nameless> "": has no name`, `name=altless> "": has no name`, "has no alt", "<svg> \"\": is neither an image nor hidden", `<a> "n": a target of`, "2 headings of level 1", "level 4 after one of level 1", "has no header",
		"has a header that says nothing", "says not whether it heads a row", "lang is xx", "no title", "id twice twice", "jumps the order", "the page is 3", "scrolls sideways: 200 in 100",
		"a target of 10 by 10, too near to", "the keyboard doesn't reach it"} {
		if !strings.Contains(all, want) {
			t.Errorf("it doesn't find %q in:\n%s", want, all)
		}
	}
	for _, fine := range []string{"large ones", "name=named", "name=pictured> \"\": has no name", `<svg> "mn"`, `<a> "m": a target`} {
		for problem := range strings.Lines(all) {
			if strings.Contains(problem, fine) && !strings.Contains(problem, "keyboard") {
				t.Errorf("it finds fault with what is right: %s", problem)
			}
		}
	}
	b.do(chromedp.Navigate(page.URL), chromedp.WaitReady("#live"))
	found = script[looks](b, access)
	b.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, found.Tabs+4)))
	rest := strings.Join(script[[]string](b, `accessReached()`), "\n")
	for _, want := range []string{`"unmarked": looks the same with the focus`, `"far away": has the focus out of sight`} {
		if !strings.Contains(rest, want) {
			t.Errorf("it doesn't find %q in:\n%s", want, rest)
		}
	}
}

// TestLivePageKeepsTheFocus: when something comes, whoever is at a link of the board stays there.
func TestLivePageKeepsTheFocus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setAside(1, "my roof leaks")
	b := w.window()
	b.logIn("administrator")
	b.goTo("/admin/")
	b.do(chromedp.WaitReady("#items h2 a"))
	script[any](b, `document.querySelector("#items h2 a").focus(); window.before = document.activeElement.href; null`)
	w.setAside(2, "the bridge is down")
	b.do(chromedp.WaitReady(`//li[contains(., "the bridge is down")]`))
	if !script[bool](b, `document.activeElement.href === before`) {
		t.Errorf("the focus is at %s", script[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
	}
}
