package simulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

const chromium = "/usr/bin/chromium"

// pages is a stage with the phones page, a small bot that answers, and a browser.
type pages struct {
	*stage
	t        *testing.T
	resident *User
	second   *User
	worker   *User
	address  string
	browser  context.Context
}

func newPages(t *testing.T) *pages {
	t.Helper()
	s := newStage(t, Options{})
	p := &pages{stage: s, t: t, worker: s.user,
		resident: s.sim.User(Profile{ID: 7101, FirstName: "陈婆婆", Language: "zh-hans", Phone: "+8613800138000"}),
		second:   s.sim.User(Profile{ID: 7102, FirstName: "Grace Wong", Language: "en"})}
	handler := must[http.Handler](t)(s.sim.Phones(PhonesOptions{Bot: s.bot, Title: "OneDoor demo",
		Phones: []Phone{{Slug: "resident", Title: "居民 Resident", Users: []*User{p.resident, p.second}}, {Slug: "worker", Title: "社工 Worker", Users: []*User{p.worker}}},
		Places: []Place{{Name: "太平镇", Lat: 23.449, Lon: 113.482}, {Name: "良口镇", Lat: 23.716, Lon: 113.728}}}))
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(s.sim.Close) // before the server: it ends the pages' events
	p.address = server.URL
	p.answering()
	p.browser = newBrowser(t)
	return p
}

// newBrowser starts Chromium, and fails where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("the phones page needs a browser to be tested (apt-get install chromium): %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// answering runs a bot that welcomes, asks where one is, makes a card, and answers its buttons.
func (p *pages) answering() {
	p.t.Helper()
	api := must[*telegram.Bot](p.t)(telegram.New(token, telegram.WithServerURL(p.url), telegram.WithNotAsyncHandlers(),
		telegram.WithHTTPClient(3*time.Second, &http.Client{}), telegram.WithErrorsHandler(func(error) {}),
		telegram.WithDefaultHandler(func(ctx context.Context, b *telegram.Bot, u *models.Update) { p.answerUpdate(ctx, b, u) })))
	must[bool](p.t)(api.SetMyName(p.ctx, &telegram.SetMyNameParams{Name: "一门 OneDoor"}))
	must[bool](p.t)(api.SetMyCommands(p.ctx, &telegram.SetMyCommandsParams{Commands: []models.BotCommand{{Command: "new", Description: "Ask for help"}, {Command: "status", Description: "How my request stands"}}}))
	go api.Start(p.ctx)
}

func (p *pages) answerUpdate(ctx context.Context, b *telegram.Bot, u *models.Update) {
	say := func(text string, markup models.ReplyMarkup) {
		_, err := b.SendMessage(ctx, &telegram.SendMessageParams{ChatID: u.Message.Chat.ID, Text: text, ParseMode: models.ParseModeHTML, ReplyMarkup: markup})
		if err != nil {
			p.t.Errorf("the bot can't answer: %v", err)
		}
	}
	switch {
	case u.CallbackQuery != nil:
		m := u.CallbackQuery.Message.Message
		if _, err := b.EditMessageText(ctx, &telegram.EditMessageTextParams{ChatID: m.Chat.ID, MessageID: m.ID, Text: "✅ 已提交：T7K2。最近的社工站会尽快联系您。"}); err != nil {
			p.t.Errorf("the bot can't edit: %v", err)
		}
		b.AnswerCallbackQuery(ctx, &telegram.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID, Text: "已提交", ShowAlert: u.CallbackQuery.Data == "alert"})
	case u.Message == nil:
	case strings.HasPrefix(u.Message.Text, "/start"):
		say("您好！请用自己的话告诉我需要什么帮助。邻村入口：https://t.me/one_door_bot?start=v_taiping\n"+strings.TrimPrefix(u.Message.Text, "/start"), nil)
	case u.Message.Location != nil:
		say("请核对：\n<b>服务</b>　养老助残\n<b>地点</b>　太平镇（约）\n<b>社工站</b>　太平镇社会工作服务站", models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
			{{Text: "确认", CallbackData: "ok"}, {Text: "更改服务", CallbackData: "alert"}}, {{Text: "更改地点", CallbackData: "p"}, {Text: "取消", CallbackData: "c"}}}})
	case u.Message.Text != "":
		say("明白了。您在哪里？", &models.ReplyKeyboardMarkup{ResizeKeyboard: true, OneTimeKeyboard: true, Keyboard: [][]models.KeyboardButton{{{Text: "📍 发送我的位置", RequestLocation: true}}}})
	}
}

// run drives the browser and fails the test when a step doesn't come about.
func (p *pages) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.browser, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// see waits until a phone shows a text.
func (p *pages) see(phone, text string) {
	p.t.Helper()
	script := `document.querySelector('[data-slug="` + phone + `"]').innerText.includes(` + quoteJS(text) + `)`
	if _, err := chromedp.Run(p.browser, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		shown, _ := chromedp.Run(p.browser, chromedp.Text(chromedp.CSS(`[data-slug="`+phone+`"]`)))
		p.t.Fatalf("the %s's phone doesn't show %q: %v\n%s", phone, text, err, shown)
	}
}

func quoteJS(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func (p *pages) click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)
}

// button finds by its label, within a phone.
func (p *pages) button(phone, label string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(`//section[@data-slug="`+phone+`"]//button[normalize-space()="`+label+`"]`, chromedp.NodeVisible)
}

func (p *pages) write(phone, text string) chromedp.Action[chromedp.Void] {
	return chromedp.SendKeys(chromedp.CSS(`[data-slug="`+phone+`"] textarea`), text+kb.Enter)
}

// shoot keeps a picture of the page with the test's artifacts (go test -artifacts).
func (p *pages) shoot(name string) {
	p.t.Helper()
	picture := must[[]byte](p.t)(chromedp.Run(p.browser, chromedp.CaptureScreenshot()))
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
