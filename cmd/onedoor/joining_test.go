package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestWorkerJoinsFromThePage: a supervisor adds a worker, at any width, and whoever scans the code that the page shows has
// joined; what the page says of them is true.
func TestWorkerJoinsFromThePage(t *testing.T) {
	w := newWorld(t, nil)
	w.supervisor() // makes the account
	b := newBrowser(t)
	address := "http://" + w.server.address + "/admin/"
	b.do(chromedp.Navigate(address+"posters"), chromedp.SendKeys(`input[name=name]`, "mei"), chromedp.SendKeys(`input[name=password]`, "correct horse battery"),
		chromedp.Click(`button.main`), chromedp.WaitVisible(`nav`), chromedp.Navigate(address+"workers?station=st-440117-2"), chromedp.WaitVisible(`input[name=q]`))
	b.fits()
	b.picture("20-workers")
	b.do(chromedp.Click(`main details.card > summary`), chromedp.SendKeys(`main form[method=post] input[name=name]`, "王小明"), chromedp.Click(`main form[method=post] button.main`), chromedp.WaitVisible(`form[action$="/invite"]`),
		chromedp.Click(`form[action$="/invite"] button`), chromedp.WaitVisible(`.invitation svg`))
	b.fits()
	b.picture("21-invitation")
	png, err := chromedp.Run(b.ctx, chromedp.Screenshot(`.invitation svg`))
	if err != nil {
		t.Fatal(err)
	}
	link := scan(t, png)
	name, start, found := strings.Cut(link, "?start=")
	if !found || name != "https://t.me/onedoor_test_bot" {
		t.Fatalf("the code leads to %q", link)
	}
	worker, thief := w.person(901, "王小明", "zh-hans"), w.person(902, "thief", "en")
	worker.send("/start " + start)
	worker.see("王小明，欢迎")
	thief.send("/start " + start)
	thief.see("This link has been used")
	b.do(chromedp.Click(`nav a[href="/admin/directory"]`), chromedp.Click(`nav a[href="/admin/workers"]`), chromedp.WaitVisible(`input[name=q]`), chromedp.SendKeys(`main form[method=get] input[name=q]`, "王小明"),
		chromedp.Click(`main form[method=get] button`), chromedp.WaitVisible(`//td[contains(., "On duty")]`), chromedp.Click(`main table a`),
		chromedp.WaitVisible(`input[name=from]`), chromedp.Click(`form[action$="/away"] button`), chromedp.WaitVisible(`form[action$="/back"]`))
	worker.see("您休假")
	b.fits()
	b.picture("22-worker")
}

// fits fails where a page is wider than a small phone.
func (b *browser) fits() {
	b.Helper()
	b.do(chromedp.EmulateViewport(360, 860), chromedp.Poll[chromedp.Void](`document.readyState === "complete"`)) // with its style
	wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if err != nil {
		b.Fatal(err)
	}
	if wide > 360 {
		b.Errorf("the page is %d wide on a phone of 360", wide)
	}
	b.do(chromedp.EmulateViewport(1280, 860))
}
