package admin_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"image/png"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The colours of a chart's line and of a station on a light page, and that of a station on a dark one, as a PDF has them.
const (
	chartBlue    = ".1216 .3725 .6588 "
	stationLight = ".0431 .4314 .3529 "
	stationDark  = ".3608 .7882 .6902 "
)

// TestPrintIsLight: charts and the map are dark on a dark screen, and printed from it they have the colours of light ones.
func TestPrintIsLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(500)
	b := w.window()
	b.logIn("administrator")
	b.wear(dress{1280, "dark", "en", false})
	for path, c := range map[string]struct{ selector, has, lacks string }{
		"/admin/times?from=2020-01-01": {"figure img", chartBlue, stationDark},
		"/admin/map":                   {"svg.map", stationLight, stationDark},
	} {
		b.goTo(path)
		b.loaded()
		if ground := b.ground(c.selector); ground > 0.2 {
			t.Errorf("%s of %s has a ground as bright as %.2f on a dark screen", c.selector, path, ground)
		}
		if printed := b.printed(); !strings.Contains(printed, c.has) || strings.Contains(printed, c.lacks) {
			t.Errorf("%s is printed in %q", path, regexp.MustCompile(`[\d.]+ [\d.]+ [\d.]+ (rg|RG)`).FindAllString(printed, 20))
		}
	}
}

// TestPrintFits: on a sheet of A4 without its margins, 182 mm, no page is cut off, and what is only for the screen isn't there.
func TestPrintFits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(500)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.window()
	b.logIn("administrator")
	const sheet = 1820 * 960 / 2540 // pixels
	b.do(chromedp.EmulateViewport(sheet, 1000), func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return chromedp.Void{}, err
	})
	for _, path := range []string{"/admin/times?from=2020-01-01", "/admin/times?from=2020-01-01&by=day", "/admin/equity?from=2020-01-01", "/admin/staffing?from=2020-01-01", "/admin/coverage",
		"/admin/map", "/admin/requests/" + ref} {
		b.goTo(path)
		b.loaded()
		if wide := script[int](b, `document.scrollingElement.scrollWidth`); wide > sheet {
			t.Errorf("%s is %d wide on a sheet of %d", path, wide, sheet)
		}
		if seen := script[int](b, `[...document.querySelectorAll("body > header, form, button")].filter((e) => e.checkVisibility()).length`); seen > 0 {
			t.Errorf("%s is printed with %d things that only a screen can use", path, seen)
		}
	}
}

// ground is how bright most of an element is, from 0 to 1.
func (b *window) ground(selector string) float64 {
	b.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.Screenshot(selector))
	b.must(err)
	picture, err := png.Decode(bytes.NewReader(shot))
	b.must(err)
	counts, most := map[uint32]int{}, uint32(0)
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			_, green, _, _ := picture.At(x, y).RGBA()
			if counts[green]++; counts[green] > counts[most] {
				most = green
			}
		}
	}
	return float64(most) / 0xffff
}

// printed is what is drawn on the paper when the page is printed, as the operators of a PDF.
func (b *window) printed() string {
	b.Helper()
	var file []byte
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		yes := true
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: &yes, PreferCSSPageSize: &yes})
		if err == nil {
			file = r.Data
		}
		return chromedp.Void{}, err
	})
	var drawn strings.Builder
	for _, part := range bytes.Split(file, []byte("stream\n"))[1:] {
		content, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // is no text
		}
		_, _ = io.Copy(&drawn, content) // what is cut off is none of ours
	}
	return drawn.String()
}
