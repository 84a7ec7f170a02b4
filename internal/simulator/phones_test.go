package simulator

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func TestPhonesTellTheStory(t *testing.T) {
	p := newPages(t)
	p.run(chromedp.EmulateViewport(1280, 860), chromedp.Navigate(p.address+"/phones/"), p.button("resident", "开始"))
	p.see("resident", "请用自己的话")
	p.run(p.write("resident", "我妈妈走不动了，家里没人照顾她"))
	p.see("resident", "您在哪里")
	p.run(p.button("resident", "📍 发送我的位置"), p.button("resident", "太平镇"))
	p.see("resident", "养老助残")
	p.shoot("card-1280")
	p.run(p.button("resident", "确认"))
	p.see("resident", "T7K2")
	p.see("resident", "已提交")
	if got := p.resident.Chat(p.bot); len(got) != 6 || got[2].Text != "我妈妈走不动了，家里没人照顾她" || got[4].Location.Latitude != 23.449 {
		t.Errorf("the chat is %+v", got)
	}
	p.run(p.click(`[data-slug="resident"] .words a`)) // the deep link
	p.see("resident", "v_taiping\n")
	p.shoot("story-1280")
}

func TestPhonesEveryDeed(t *testing.T) {
	p := newPages(t)
	p.worker.Send(p.bot, "first")
	must[Message](t)(p.worker.WaitText(p.ctx, p.bot, "您在哪里"))
	picture := filepath.Join(t.TempDir(), "lamp.png")
	if err := os.WriteFile(picture, png(t), 0o644); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(p.address+"/phones/worker"))
	p.see("worker", "first")
	p.run(p.click(".voice"), chromedp.WaitVisible(chromedp.CSS("audio")),
		chromedp.SetUploadFiles(chromedp.CSS(".file"), []string{picture}), chromedp.WaitVisible(chromedp.CSS(".bubble img")),
		p.click(".clip"), p.button("worker", "我的电话号码"))
	p.see("worker", "+8613800138000")
	p.run(chromedp.Click(`(//*[contains(@class,"mine")]//*[contains(@class,"tools")]//button[@title="修改"])[last()]`, chromedp.NodeVisible),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("textarea").select()`), p.write("worker", "corrected"))
	p.see("worker", "corrected")
	p.run(chromedp.Click(`(//button[@title="回复"])[1]`, chromedp.NodeVisible), p.write("worker", "quoting"))
	p.see("worker", "quoting")
	chat := p.worker.Chat(p.bot)
	var did []string
	for _, m := range chat {
		switch {
		case m.Voice != nil:
			did = append(did, "voice")
		case m.Photo != nil:
			did = append(did, "photo")
		case m.Contact != nil:
			did = append(did, "contact")
		case m.EditDate != 0:
			did = append(did, "edit")
		case m.ReplyTo != nil:
			did = append(did, "reply")
		}
	}
	if got := strings.Join(did, " "); got != "edit voice photo contact reply" {
		t.Errorf("done: %s", got)
	}
	p.shoot("worker-360")
	p.run(p.click(".block"))
	p.see("worker", "已屏蔽")
	if a := p.call("sendMessage", `{"chat_id":7001,"text":"x"}`); a.Code != 403 {
		t.Errorf("to a bot that is blocked: %+v", a)
	}
	p.run(chromedp.SetValue(chromedp.CSS(".language"), "en"), chromedp.Evaluate[chromedp.Void](`document.querySelector(".language").dispatchEvent(new Event("change"))`))
	p.see("worker", "Unblock and write again")
	p.run(p.click(".start"), chromedp.WaitVisible(chromedp.CSS(".write")))
	if got := p.worker.person().LanguageCode; got != "en" {
		t.Errorf("language %q", got)
	}
}

// TestPhonesAlbumAndLiveLocation: pictures that are chosen together are an album, a live location begins, moves and ends, and
// the time is that of China.
func TestPhonesAlbumAndLiveLocation(t *testing.T) {
	p := newPages(t)
	p.worker.Send(p.bot, "first")
	must[Message](t)(p.worker.WaitText(p.ctx, p.bot, "您在哪里"))
	var pictures []string
	for _, name := range []string{"one.png", "two.png", "three.png"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, png(t), 0o644); err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, path)
	}
	p.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(p.address+"/phones/worker"))
	p.see("worker", "first")
	p.run(chromedp.SetUploadFiles(chromedp.CSS(".file"), pictures), chromedp.WaitVisible(chromedp.CSS(".bubble img")),
		p.click(".clip"), p.button("worker", "位置"), p.click(".where [name=live]"), p.button("worker", "太平镇"))
	p.see("worker", "实时位置")
	p.shoot("live-360")
	p.run(p.button("worker", "移动"), p.button("worker", "良口镇"))
	p.see("worker", "23.7160")
	p.run(p.button("worker", "停止"), chromedp.WaitNotPresent(chromedp.CSS(".live-tools")))
	chat := p.worker.Chat(p.bot)
	albums := map[string]int{}
	var at Message
	for _, m := range chat {
		if m.MediaGroupID != "" {
			albums[m.MediaGroupID]++
		}
		if m.Location != nil {
			at = m
		}
	}
	if len(albums) != 1 || !slices.Contains(slices.Collect(maps.Values(albums)), 3) {
		t.Errorf("the pictures are the albums %v", albums)
	}
	if at.Location == nil || at.Location.Latitude != 23.716 || at.Location.LivePeriod != 0 {
		t.Errorf("the location is %+v", at.Location)
	}
	want := time.Unix(int64(at.Date), 0).In(time.FixedZone("CST", 8*60*60)).Format("15:04")
	p.see("worker", want)
}

func TestPhonesShowHostileTextAsText(t *testing.T) {
	p := newPages(t)
	hostile := `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	p.second.Send(p.bot, hostile)
	p.call("sendMessage", `{"chat_id":7102,"text":"<a href=\"javascript:document.title='owned'\">click</a> &lt;b&gt;not bold","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"<i>`+
		`","callback_data":"x"}]]}}`)
	p.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(p.address+"/phones/resident/"),
		chromedp.SetValue(chromedp.CSS(".person"), "7102"), chromedp.Evaluate[chromedp.Void](`document.querySelector(".person").dispatchEvent(new Event("change"))`))
	p.see("resident", hostile)
	p.see("resident", "<b>not bold")
	p.see("resident", "<i>")
	title := must[string](t)(chromedp.Run(p.browser, chromedp.Title()))
	links := must[int](t)(chromedp.Run(p.browser, chromedp.Evaluate[int](`document.querySelectorAll(".words a, .bubble img, .bubble script").length`)))
	if title != "OneDoor demo" || links != 0 {
		t.Errorf("title %q, %d live elements", title, links)
	}
}

func TestPhonesTabs(t *testing.T) {
	p := newPages(t)
	p.resident.Start(p.bot, "")
	p.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(p.address+"/phones/"))
	p.see("resident", "请用自己的话")
	p.shoot("tabs-360")
	p.worker.Send(p.bot, "hello")
	p.run(chromedp.WaitVisible(chromedp.CSS(`[data-tab="worker"] .news`)), p.click(`[data-tab="worker"]`))
	p.see("worker", "hello")
	p.run(chromedp.WaitNotVisible(chromedp.CSS(`[data-tab="worker"] .news`)), chromedp.WaitNotVisible(chromedp.CSS(`[data-slug="resident"]`)))
	widths := func() string {
		return must[string](t)(chromedp.Run(p.browser, chromedp.Evaluate[string](`[...document.querySelectorAll(".tabs button")].map(b => b.offsetWidth + ":" + (b.scrollWidth > b.offsetWidth)).join()`)))
	}
	if height := must[int](t)(chromedp.Run(p.browser, chromedp.Evaluate[int](`document.querySelector('[data-slug="worker"] textarea').clientHeight`))); height < 20 {
		t.Errorf("a phone that was out of sight has a field of %d px to write in", height)
	}
	before := widths()
	p.call("sendMessage", `{"chat_id":7101,"text":"紧急"}`)
	p.run(chromedp.WaitVisible(chromedp.CSS(`[data-tab="resident"] .news`)))
	if after := widths(); after != before || strings.Contains(after, "true") {
		t.Errorf("the tabs are %s, and %s with news", before, after)
	}
	if wide := must[int](t)(chromedp.Run(p.browser, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))); wide > 360 {
		t.Errorf("the page is %d pixels wide", wide)
	}
}

// TestPhonesNewsBelow: who reads further up sees that something has come, and gets there by a tap.
func TestPhonesNewsBelow(t *testing.T) {
	p := newPages(t)
	for range 12 {
		p.worker.Send(p.bot, strings.Repeat("长话 ", 40))
	}
	p.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(p.address+"/phones/worker/"))
	p.see("worker", "长话")
	p.run(chromedp.Evaluate[chromedp.Void](`(c => { c.scrollTop = 0; c.dispatchEvent(new Event("scroll")); })(document.querySelector(".chat"))`), chromedp.WaitNotVisible(chromedp.CSS(".down")))
	p.call("sendMessage", `{"chat_id":7001,"text":"紧急"}`)
	p.run(chromedp.WaitVisible(chromedp.CSS(".down")))
	p.shoot("news-360")
	p.run(p.click(".down"), chromedp.WaitNotVisible(chromedp.CSS(".down")))
	low := must[bool](t)(chromedp.Run(p.browser, chromedp.Evaluate[bool](`(c => c.scrollHeight - c.scrollTop - c.clientHeight < 2)(document.querySelector(".chat"))`)))
	if !low {
		t.Error("the newest message isn't in view")
	}
}

func TestPhonesRefusals(t *testing.T) {
	s := newStage(t, Options{})
	for _, o := range []PhonesOptions{{}, {Bot: s.bot}, {Bot: s.bot, Phones: []Phone{{Slug: "a"}}}, {Bot: s.bot, Phones: []Phone{{Slug: "static", Users: []*User{s.user}}}}} {
		if _, err := s.sim.Phones(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	handler := must[http.Handler](t)(s.sim.Phones(PhonesOptions{Bot: s.bot, Phones: []Phone{{Slug: "a", Users: []*User{s.user}}}}))
	for _, c := range []struct {
		method, path, form, site string
		want                     int
	}{
		{"GET", "/phones/b", "", "", 404},
		{"GET", "/phones/a/1/events", "", "", 404},
		{"GET", "/phones/a/7001/files/x", "", "", 404},
		{"POST", "/phones/a/7001/dance", "", "", 404},
		{"POST", "/phones/a/7001/send", "text= ", "", 400},
		{"POST", "/phones/a/7001/send", "text=x&reply_to=99", "", 400},
		{"POST", "/phones/a/7001/send", "text=x", "cross-site", 403},
		{"POST", "/phones/a/7001/edit", "text=x&message_id=-1", "", 400},
		{"POST", "/phones/a/7001/press", "data=x&message_id=1", "", 400},
		{"POST", "/phones/a/7001/location", "lat=91&lon=NaN", "", 400},
		{"POST", "/phones/a/7001/file", "", "", 400},
		{"POST", "/phones/a/7001/send", "text=x", "", 204},
	} {
		body := strings.ReplaceAll(multipartOf(c.form), "\n", "\r\n")
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.Header.Set("Sec-Fetch-Site", c.site)
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.path, c.form, w.Code, w.Body, c.want)
		}
	}
}

// multipartOf makes a multipart form of an urlencoded one.
func multipartOf(form string) string {
	var b strings.Builder
	for field := range strings.SplitSeq(form, "&") {
		if name, value, found := strings.Cut(field, "="); found {
			b.WriteString("--b\nContent-Disposition: form-data; name=\"" + name + "\"\n\n" + value + "\n")
		}
	}
	return b.String() + "--b--\n"
}

// TestPhonesShowTheBotsPicture: a picture that the bot uploads is shown, with its words below.
func TestPhonesShowTheBotsPicture(t *testing.T) {
	p := newPages(t)
	p.run(chromedp.EmulateViewport(1280, 860), chromedp.Navigate(p.address+"/phones/"))
	must[*models.Message](t)(p.api.SendPhoto(p.ctx, &telegram.SendPhotoParams{ChatID: p.worker.ID(), Caption: "Requests: 3",
		Photo: &models.InputFileUpload{Filename: "onedoor.png", Data: bytes.NewReader(png(t))}}))
	p.see("worker", "Requests: 3")
	loaded := `document.querySelector('[data-slug="worker"] .bubble img')?.naturalWidth === 640`
	if _, err := chromedp.Run(p.browser, chromedp.Poll[bool](loaded, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		t.Errorf("the picture isn't shown: %v", err)
	}
}
