package admin_test

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/access.js
var access string

// maxWeight is what a page may weigh with all that it loads, in bytes.
const maxWeight = 100_000

// window is a Chromium in which somebody looks at the admin. Where ONEDOOR_SCREENSHOTS names a directory, it leaves pictures there.
type window struct {
	*world
	ctx context.Context
}

func (w *world) window() *window {
	w.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en"), chromedp.WindowSize(1280, 900))
	ctx, cancelAllocator := chromedp.NewExecAllocator(w.Context(), options...)
	ctx, cancelBrowser := chromedp.NewContext(ctx)
	w.Cleanup(func() { cancelBrowser(); cancelAllocator() })
	b := &window{w, ctx}
	w.must(chromedp.Do(ctx, chromedp.EmulateViewport(1280, 860))) // starts it
	return b
}

func (b *window) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*patience)
	defer cancel()
	for _, action := range actions {
		if err := chromedp.Do(ctx, action); err != nil {
			text, _ := chromedp.Run(b.ctx, chromedp.Text("body"))
			b.Fatalf("in the browser: %v; the page says: %s", err, text)
		}
	}
}

// script is what a script in the page gives.
func script[T any](b *window, text string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](text))
	b.must(err)
	return got
}

// goTo opens a page of the admin.
func (b *window) goTo(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.server.URL + path))
}

// dress is how a page is looked at.
type dress struct {
	width    int64
	scheme   string // light or dark
	language string // in which it is read
	keyboard bool   // it is gone through by Tab: the order is the same in the dark and in each language, what comes into view isn't
}

// dresses are both widths, light and dark, and each language among them: English, whose words are longest, in both widths.
func dresses() []dress {
	return []dress{{1280, "light", "en", true}, {1280, "dark", "zh-HK", false}, {360, "light", "zh-CN", true}, {360, "dark", "en", true}}
}

func (b *window) wear(d dress) {
	b.Helper()
	b.do(chromedp.EmulateViewport(d.width, 860), func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: d.scheme}}})
		return chromedp.Void{}, err
	}, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": d.language}})
		return chromedp.Void{}, err
	})
}

// looks is what access.js finds in a page.
type looks struct {
	Problems []string
	Weight   int
	Title    string
	Tabs     int // how often the key is pressed from one end to the other
}

// check looks at the page that is open.
func (b *window) check(what string, d dress) looks {
	b.Helper()
	b.loaded()
	b.picture(what, d)
	found := script[looks](b, access)
	if d.keyboard {
		b.do(chromedp.KeyEvent(strings.Repeat(kb.Tab, found.Tabs+2)))
		found.Problems = append(found.Problems, script[[]string](b, `accessReached()`)...)
	}
	for _, problem := range found.Problems {
		b.Errorf("%s at %d, %s, %s: %s", what, d.width, d.scheme, d.language, problem)
	}
	if found.Weight > maxWeight || found.Weight < 1000 {
		b.Errorf("%s weighs %d bytes with all that it loads", what, found.Weight)
	}
	return found
}

// loaded waits until all that the page loads is there: before, it is bare.
func (b *window) loaded() {
	b.Helper()
	b.do(chromedp.WaitReady("body"))
	for deadline := time.Now().Add(patience); script[string](b, `document.readyState`) != "complete"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatal("the page is never complete")
		}
	}
}

// picture keeps what a page looks like.
func (b *window) picture(what string, d dress) {
	b.Helper()
	dir := os.Getenv("ONEDOOR_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(90))
	b.must(err)
	name := regexp.MustCompile(`\W+`).ReplaceAllString(what, "_")
	b.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", name, d.width, d.scheme, d.language)), png, 0o644))
}

// TestEveryPageIsForEverybody looks at each page of visits(), wide and narrow, light and dark, and in each language.
func TestEveryPageIsForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	titles, in := map[string]string{}, map[string]*window{"": w.window()}
	for _, v := range w.visits() {
		b := in[v.as]
		if b == nil {
			b = w.window()
			b.logIn(v.as)
			in[v.as] = b
		}
		for _, d := range dresses() {
			b.wear(d)
			b.goTo(v.path)
			if v.then != "" {
				b.do(chromedp.WaitReady("main"))
				script[any](b, v.then+"; null")
				b.do(chromedp.WaitReady(v.shows))
			}
			found := b.check(strings.TrimSpace(v.page+" "+v.path+" "+v.as), d)
			if lang := script[string](b, `document.documentElement.lang`); lang != map[string]string{"zh-HK": "zh-Hant-HK"}[d.language] && lang != d.language {
				t.Errorf("%s is in %s, want %s", v.path, lang, d.language)
			}
			if there := script[bool](b, fmt.Sprintf("document.querySelector(%q) !== null", v.shows)); !there {
				t.Errorf("%s doesn't show %s: it isn't the page %s", v.path, v.shows, v.page)
			}
			path, _, _ := strings.Cut(v.path, "?")
			if other, known := titles[d.language+found.Title]; known && other != path {
				t.Errorf("%s and %s have the title %q", path, other, found.Title)
			}
			titles[d.language+found.Title] = path
		}
	}
}

// TestSkipLink: the first Tab shows the link that leads past the menu, and it leads there.
func TestSkipLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	b := w.window()
	b.logIn("administrator")
	b.goTo("/admin/")
	b.do(chromedp.WaitReady("main"), chromedp.KeyEvent(kb.Tab))
	if !script[bool](b, `document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().left >= 0`) {
		t.Error("the first Tab doesn't show the skip link")
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if !script[bool](b, `document.querySelector("main").contains(document.activeElement)`) {
		t.Errorf("after the skip link the focus is at %s", script[string](b, `document.activeElement.outerHTML`))
	}
}

// TestEveryPageIsVisited: each page and each route that shows one is among visits(): nobody forgets a new one.
func TestEveryPageIsVisited(t *testing.T) {
	t.Parallel()
	visited := visitedPages()
	files, err := filepath.Glob("pages/*.html")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		if name != "layout" && name != "parts" && name != "desk" && !slices.ContainsFunc(visited, func(v visit) bool { return v.page == name }) {
			t.Errorf("no visit is paid to the page %s: add one to visits()", name)
		}
	}
	pages := []string{"/admin/live", "/admin/times/{chart}", "/admin/requests/{ref}/files/{id}", "/admin/static/", "/admin/picker.svg",
		"/admin/requests/export", "/admin/directory/{name}/export"} // are none
	for _, route := range regexp.MustCompile(`mux\.Handle\("GET (/admin/[^"]*)"`).FindAllStringSubmatch(sources(t, "*.go"), -1) {
		if slices.Contains(pages, route[1]) {
			continue
		}
		pattern := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(strings.TrimSuffix(route[1], "{$}")), `[^/]+`)
		fits := regexp.MustCompile("^" + pattern + `(\?.*)?$`)
		if !slices.ContainsFunc(visited, func(v visit) bool { return fits.MatchString(v.path) }) {
			t.Errorf("no visit is paid to GET %s: add one to visits()", route[1])
		}
	}
}
