package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"onedoor/internal/database/databasetest"
)

// transcript is what a program prints, safe to read while it does.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// wait waits until the program has printed something that the pattern finds.
func (o *transcript) wait(t *testing.T, pattern string) []string {
	t.Helper()
	find := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if found := find.FindStringSubmatch(o.String()); found != nil {
			return found
		}
	}
	t.Fatalf("%q was not printed; this was: %s", pattern, o.String())
	return nil
}

// browser is a Chromium without a window. Where ONEDOOR_SCREENSHOTS names a directory, it leaves pictures there.
type browser struct {
	*testing.T
	ctx context.Context
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en"), chromedp.WindowSize(1280, 900))
	ctx, cancelAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancelBrowser := chromedp.NewContext(ctx)
	t.Cleanup(func() { cancelBrowser(); cancelAllocator() })
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 860)); err != nil { // starts it
		t.Fatal(err)
	}
	return &browser{t, ctx}
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*patience) // for all of them; a browser is slow where much else runs
	defer cancel()
	for _, action := range actions {
		err := chromedp.Do(ctx, action)
		for err != nil && ctx.Err() == nil && redrawn(err) {
			err = chromedp.Do(ctx, action)
		}
		if err != nil {
			text, _ := chromedp.Run(b.ctx, chromedp.Text("body"))
			b.Fatalf("in the browser: %v; the page says: %s", err, text)
		}
	}
}

// redrawn tells whether a live page has drawn itself anew between finding an element and acting on it: nothing was
// done then. The protocol has no code of its own for it.
func redrawn(err error) bool {
	return strings.Contains(err.Error(), "Could not find node") || strings.Contains(err.Error(), "does not belong to the document")
}

// picture keeps what the page looks like.
func (b *browser) picture(name string) {
	b.Helper()
	dir := os.Getenv("ONEDOOR_SCREENSHOTS")
	if dir == "" {
		return
	}
	for suffix, width := range map[string]int64{"": 1280, "-phone": 360} {
		b.do(chromedp.EmulateViewport(width, 860), chromedp.Sleep(200*time.Millisecond))
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+suffix+".png"), png, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	b.do(chromedp.EmulateViewport(1280, 860))
}

// phone is one of the two phones on the page.
func on(phone, selector string) string { return `[data-slug="` + phone + `"] ` + selector }

func (b *browser) say(phone, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(on(phone, "textarea"), text), chromedp.Click(on(phone, ".send")))
}

// tap presses the last button in the phone's chat with this label.
func (b *browser) tap(phone, label string) {
	b.Helper()
	b.do(chromedp.Click(`(//*[@data-slug="` + phone + `"]//*[@class="inline"]//button[text()="` + label + `"])[last()]`))
}

func (b *browser) sees(phone, words string) {
	b.Helper()
	b.do(chromedp.WaitVisible(`//*[@data-slug="` + phone + `"]//*[contains(@class,"bubble")][contains(., "` + words + `")]`))
}

func TestDemoInTheBrowser(t *testing.T) {
	var out, errs transcript
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--onedoor-data-dir", databasetest.DataDir(t), "--onedoor-listen", "127.0.0.1:0", "--phones-listen", "127.0.0.1:0"},
			streams{strings.NewReader(""), &out, &errs})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitDone || errs.String() != "" {
			t.Errorf("demo ended with %d and complained: %s", code, errs.String())
		}
	})
	printed := out.wait(t, `(http://\S+)/phones/resident/[\s\S]*?(http://\S+/admin/)\s+account: admin\s+one-time password: (\S+)`)
	b := newBrowser(t)

	b.do(chromedp.EmulateViewport(1280, 860), chromedp.Navigate(printed[1]+"/phones/"))
	b.sees("resident", "您需要什么帮助")
	b.sees("worker", "现在是值班状态")
	b.say("resident", "我妈妈走不动了，家里没人照顾")
	b.do(chromedp.WaitVisible(`//*[@data-slug="resident"]//*[@class="keys"]//button[text()="广州市"]`))
	b.picture("0-where")
	b.do(chromedp.Click(on("resident", ".keys button")), chromedp.Click(on("resident", ".places button")))
	b.sees("resident", "是帮您的父母")
	b.picture("1-card")
	b.tap("resident", "换服务")
	b.sees("resident", "您需要哪项服务")
	b.picture("2-services")
	b.tap("resident", "« 返回")
	b.tap("resident", "确认")
	b.sees("resident", "您的求助编号是")
	b.tap("worker", "接单")
	b.sees("resident", "已接下您的求助")
	b.tap("worker", "回复")
	b.sees("worker", "您写的话都发给这位居民")
	b.say("worker", "您好，我下午过去看看")
	b.sees("resident", "您好，我下午过去看看")
	b.picture("3-talk")
	b.tap("worker", "办结")
	b.tap("worker", "已解决")
	b.sees("resident", "有结果了")
	b.say("resident", "着火了！快来人")
	b.sees("resident", "119")
	b.sees("worker", "紧急")
	b.picture("4-crisis")

	b.do(chromedp.Navigate(printed[2]), chromedp.WaitVisible(`input[name=name]`))
	b.picture("5-login")
	b.do(chromedp.SendKeys(`input[name=name]`, "admin"), chromedp.SendKeys(`input[name=password]`, printed[3]), chromedp.Click(`button.main`),
		chromedp.WaitVisible(`input[name=again]`), chromedp.SendKeys(`input[name=password]`, "a long password"),
		chromedp.SendKeys(`input[name=again]`, "a long password"), chromedp.Click(`button.main`),
		chromedp.WaitVisible(`//h1[text()="What waits"]`))
	b.picture("6-board")
	b.do(chromedp.Click(`//th[@scope="row"]/a`), chromedp.WaitVisible(`//blockquote|//td//a`))
	b.picture("7-station")
	b.do(chromedp.Click(`table.requests a`), chromedp.WaitVisible(`.timeline`))
	b.picture("8-request")
	b.do(chromedp.Click(`nav a[href="/admin/times"]`), chromedp.WaitVisible(`table.times`))
	b.picture("9-times")
	b.do(chromedp.Click(`nav a[href="/admin/map"]`), chromedp.WaitVisible(`svg.map use`), chromedp.Click(`.moves a[aria-label="Closer"]`), chromedp.WaitVisible(`svg.map`))
	b.picture("10-map")
	b.do(chromedp.Click(`nav a[href="/admin/coverage"]`), chromedp.WaitVisible(`//h1[text()="Coverage"]`))
	b.picture("11-coverage")
}
