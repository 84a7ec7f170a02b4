package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"onedoor/intake"
)

// TestRefusedFormsComeBack: what can't be done says so in one sentence, once, and loses nothing of what was typed: neither words nor
// numbers. The form rests on what the request is now, so that pressing again does it.
func TestRefusedFormsComeBack(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	other := w.ask(2, "路灯坏了")
	w.press(firstChat, intake.ActClaim, ref, "")
	w.answers("org-440117111-1")
	b := w.as("mei", "supervisor", taiping)
	for _, c := range []struct {
		action string
		pairs  []string
		status int
		say    string
		kept   []string
	}{
		{"resolve", []string{"outcome", "duplicate", "same_as", "7K2M", "sentence", "请看另一单 <b>"}, http.StatusConflict, "no such other request", []string{`value="duplicate" selected`, `value="7K2M"`, "请看另一单 &lt;b&gt;</textarea>"}},
		{"resolve", []string{"outcome", "not_possible", "same_as", other}, http.StatusConflict, "needs a reason", []string{`value="not_possible" selected`, `value="` + other + `"`}},
		{"link", []string{"ref", "?! <"}, http.StatusBadRequest, "", []string{`value="?! &lt;"`}},
		{"link", []string{"ref", ref}, http.StatusConflict, "no such other request", []string{`value="` + ref + `"`}},
		{"answer", []string{"text", "我们明天来", "seen", "1", "translate", "yes"}, http.StatusConflict, "Somebody else was quicker", []string{"我们明天来</textarea>"}},
		{"answer", []string{"text", strings.Repeat("字", 3001)}, http.StatusBadRequest, "write something", []string{strings.Repeat("字", 3001) + "</textarea>"}},
		{"place", []string{"lat", "10", "lon", "10.5"}, http.StatusConflict, "far from every place", []string{`value="10"`, `value="10.5"`}},
		{"place", []string{"lat", "23,45", "lon", "x\""}, http.StatusBadRequest, "no position", []string{`value="23,45"`, `value="x&#34;"`}},
		{"refer", []string{"organisation", "\x00", "text", "一位老人"}, http.StatusBadRequest, "", []string{"一位老人</textarea>"}},
		{"assign", []string{"worker", second, "seen", "1"}, http.StatusConflict, "Somebody else was quicker", []string{`value="` + second + `" selected`}},
		{"appointment", []string{"day", "2020-01-01", "clock", "10:45", "where", "phone"}, http.StatusConflict, "within a year", []string{`value="2020-01-01"`, `value="10:45"`, `value="phone" selected`}},
	} {
		a := b.post(path+"/"+c.action, c.pairs...).is(c.status, append(c.kept, c.say, `action="`+path+"/"+c.action+`"`)...)
		if n := strings.Count(a.body, `class="problem"`); n != 1 || strings.Count(a.body, `role="alert"`) != 1 || strings.Count(a.body, "Go on with what you wrote") != 1 {
			t.Errorf("%s %q says %d times what is wrong", c.action, c.pairs, n)
		}
	}
	a := b.post(path+"/link", "ref", "ZZZZZZ", "seen", "1").is(http.StatusConflict)
	b.post(path+"/link", "ref", other, "seen", a.seen("link")).leadsTo(path)
	b.get(path).is(http.StatusOK).lacks("data-typed", `class="problem"`) // what came back does so once
	w.as("boss", "administrator", "").get("/admin/audit").is(http.StatusOK).lacks("7K2M", "我们明天来", "2020-01-01")

	// Of a request that has ended meanwhile the words are shown, to copy.
	w.close2(ref)
	b.post(path+"/answer", "text", "zu spät <i>").is(http.StatusConflict, "What you wrote", "zu spät &lt;i&gt;").lacks("Go on with what you wrote", "zu spät <i>")
	b.post(path+"/resolve", "outcome", "solved", "sentence", "done").is(http.StatusConflict, ">done</blockquote>")
}

// TestRefusedFormStays: in a browser what came back stays as it is while the page is drawn anew, and the page can be loaded again.
func TestRefusedFormStays(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.window()
	b.logIn("administrator")
	b.goTo(path)
	b.do(chromedp.SendKeys("#answer", "Tomorrow at nine"))
	script[any](b, `const f = document.querySelector("form[action$='/answer']"); f.seen.value = "1"; f.submit(); null`)
	b.do(chromedp.WaitReady("main .problem"))
	b.loaded()
	if at := script[string](b, `location.pathname`); at != path {
		t.Errorf("the page stands at %s", at)
	}
	w.must(w.intake.Prioritise(t.Context(), intake.Supervisor{Name: "root", Sight: intake.Sight{All: true}}, ref, "urgent"))
	b.do(chromedp.WaitReady(`#urgency ~ [value=urgent][aria-pressed=true]`))
	if words := script[string](b, `document.getElementById("answer").value`); words != "Tomorrow at nine" {
		t.Errorf("of what came back there is %q", words)
	}
	b.do(chromedp.Click(`form[action$="/answer"] button`), chromedp.WaitReady(`//*[@id="story"]//blockquote[contains(., "Tomorrow at nine")]`))
	if words := value[string](w, `SELECT text FROM messages WHERE author = 'supervisor'`); words != "Tomorrow at nine" {
		t.Errorf("said is %q", words)
	}
}

// TestKeysLeadToTheirFields: the keys of the board's links open a request with the focus in the field that they are for, unfolded; but for
// the answer, which its key asks for on the board. So do addresses without any script.
func TestKeysLeadToTheirFields(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	_, err := w.db.Exec(`UPDATE requests SET triage = 'unclear'`)
	w.must(err)
	b := w.window()
	b.logIn("administrator")
	focused := `(() => { const at = document.activeElement, box = at.getBoundingClientRect(); return at.id + (box.height > 0 && box.top >= 0 && box.bottom <= innerHeight ? "" : " out of sight"); })()`
	for _, field := range []string{"place", "assign", "answer", "link", "resolve"} {
		b.goTo("/admin/")
		b.loaded()
		key := script[string](b, `document.querySelector('[data-ref="`+ref+`"] a[href$="#`+field+`"]').dataset.key`)
		if field == "answer" {
			b.goTo(path + "#answer")
		} else {
			b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent(key))
		}
		b.do(chromedp.WaitReady("#story"))
		b.loaded()
		if at := script[string](b, focused); at != field {
			t.Errorf("%s leads to %q, want %q", key, at, field)
		}
		b.do(chromedp.KeyEvent(kb.Tab)) // and on from there
		if at := script[string](b, `document.activeElement.closest("form")?.id + document.activeElement.tagName`); strings.HasSuffix(at, "BODY") {
			t.Errorf("after %s the keyboard is nowhere", key)
		}
	}
	b.goTo(path)
	b.loaded()
	script[any](b, `location.hash = "#note"; null`)
	b.do(chromedp.WaitReady("#note-box[open] #note:focus"))
}
