package main

import (
	"bytes"
	"image"
	_ "image/png" // what a browser's pictures are
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// scan is what a phone reads from a picture.
func scan(t *testing.T, png []byte) string {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(png))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("nobody can scan it: %v", err)
	}
	return result.GetText()
}

// TestPosterFromTheWallToTheStation: a supervisor prints a village's poster; whoever scans it is in that village without
// being asked, and needs two taps to their number.
func TestPosterFromTheWallToTheStation(t *testing.T) {
	w := newWorld(t, nil)
	w.supervisor() // makes the account
	b := newBrowser(t)
	address := "http://" + w.server.address + "/admin/"
	b.do(chromedp.Navigate(address+"posters"), chromedp.SendKeys(`input[name=name]`, "mei"), chromedp.SendKeys(`input[name=password]`, "correct horse battery"),
		chromedp.Click(`button.main`), chromedp.WaitVisible(`nav`), chromedp.Click(`nav a[href="/admin/directory"]`), chromedp.Click(`nav a[href="/admin/posters"]`), chromedp.WaitVisible(`input[name=q]`),
		chromedp.SendKeys(`input[name=q]`, "钱岗村"), chromedp.Click(`main button`), chromedp.WaitVisible(`main table a`))
	b.picture("10-posters")
	b.do(chromedp.Click(`main table a`), chromedp.WaitVisible(`.poster svg`))
	b.picture("11-poster")
	for _, width := range []int64{1280, 360} { // on paper it is as on the wider
		b.do(chromedp.EmulateViewport(width, 860))
		png, err := chromedp.Run(b.ctx, chromedp.Screenshot(`.poster`))
		if err != nil {
			t.Fatal(err)
		}
		b.keep("12-poster", png)
		if link := scan(t, png); link != "https://t.me/onedoor_test_bot?start=440117111203" {
			t.Errorf("at a width of %d the poster leads to %q", width, link)
		}
	}
	if pages := b.printed("13-poster.pdf"); pages != 1 {
		t.Errorf("a village's poster takes %d sheets", pages)
	}
	b.do(chromedp.Navigate(address+"posters/print?place=440117"), chromedp.WaitVisible(`.poster svg`))
	if pages := b.printed("14-county.pdf"); pages != 19 {
		t.Errorf("19 villages' posters take %d sheets", pages)
	}

	w.exec(`INSERT INTO places (code, name, level, parent) VALUES ('long-county', '连山壮族瑶族自治县', 'county', '441800'),
		('long-town', '小三江镇人民政府管理委员会筹备处', 'township', 'long-county'), ('a-village_with-a-code-of-32-sign', '积石山保安族东乡族撒拉族自治村民委员会', 'village', 'long-town')`)
	w.eventually("routing knows the place", func() bool {
		_, known := w.server.intake.Router.Gazetteer().Lookup("a-village_with-a-code-of-32-sign")
		return known
	})
	b.do(chromedp.Navigate(address+"posters/print?place=long-county"), chromedp.WaitVisible(`.poster svg`))
	fits, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`[...document.querySelectorAll(".poster")].every((p) => p.scrollHeight <= p.clientHeight && p.scrollWidth <= p.clientWidth)`))
	if err != nil || !fits {
		t.Errorf("a long name does not fit the sheet: %v", err)
	}
	if pages := b.printed("15-long.pdf"); pages != 1 {
		t.Errorf("a poster with a long name takes %d sheets", pages)
	}

	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111203")
	resident.see("for Qiangang Village, Taiping Town")
	resident.send("I need a wheelchair for my father")
	resident.press("Confirm")
	resident.see("Taiping Town Social Work Station")
	worker.seeButton("Claim")
}

// keep leaves a picture of the page where pictures are wanted.
func (b *browser) keep(name string, content []byte) {
	b.Helper()
	dir := os.Getenv("ONEDOOR_SCREENSHOTS")
	if dir == "" {
		return
	}
	if filepath.Ext(name) == "" {
		name += ".png"
	}
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		b.Fatal(err)
	}
}

var (
	sheets = regexp.MustCompile(`/Type\s*/Page\b`)
	a4     = regexp.MustCompile(`/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]`)
)

// printed is how many sheets of A4 the page takes on paper.
func (b *browser) printed(name string) int {
	b.Helper()
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		b.Fatal(err)
	}
	b.keep(name, pdf)
	pages := len(sheets.FindAll(pdf, -1))
	if n := len(a4.FindAll(pdf, -1)); n != pages {
		b.Errorf("%d of %d sheets are of A4", n, pages)
	}
	return pages
}
