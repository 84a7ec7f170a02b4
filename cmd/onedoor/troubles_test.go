package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"onedoor/internal/simulator"
)

// supervisor is somebody in the web admin.
type supervisor struct {
	http.Client
	w *world
}

// supervisor makes an account that sees everything, and logs in.
func (w *world) supervisor() *supervisor {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	s := &supervisor{http.Client{Jar: jar, Timeout: patience}, w}
	password := strings.TrimSpace(w.run("admin", "create", "mei"))
	s.post("/admin/login", "name", "mei", "password", password)
	s.post("/admin/password", "password", "correct horse battery", "again", "correct horse battery")
	s.post("/admin/language", "language", "en", "back", "/admin/")
	return s
}

func (s *supervisor) answer(response *http.Response, err error) string {
	s.w.Helper()
	if err != nil {
		s.w.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.w.Fatalf("%s answers %s (%v)", response.Request.URL, response.Status, err)
	}
	return string(body)
}

func (s *supervisor) get(path string) string {
	s.w.Helper()
	return s.answer(s.Get("http://" + s.w.server.address + path))
}

func (s *supervisor) post(path string, pairs ...string) string {
	s.w.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return s.answer(s.PostForm("http://"+s.w.server.address+path, values))
}

// troubles waits until the page says all of the words.
func (s *supervisor) troubles(words ...string) {
	s.w.Helper()
	page := ""
	s.w.eventually(fmt.Sprintf("the troubles say %q", words), func() bool {
		page = s.get("/admin/troubles")
		for _, word := range words {
			if !strings.Contains(page, word) {
				return false
			}
		}
		return true
	})
}

func (s *supervisor) noTroubles() {
	s.w.Helper()
	s.troubles("No troubles")
}

// only waits for a trouble that is not closed, and is its number.
func (w *world) only() int {
	w.Helper()
	w.eventually("there is a trouble", func() bool { return w.count(`SELECT count(*) FROM troubles WHERE state <> 'closed'`) > 0 })
	return w.count(`SELECT id FROM troubles WHERE state <> 'closed'`)
}

func (s *supervisor) again(id int) { s.w.Helper(); s.post(fmt.Sprintf("/admin/troubles/%d/again", id)) }
func (s *supervisor) close(id int) { s.w.Helper(); s.post(fmt.Sprintf("/admin/troubles/%d/close", id)) }

// poison makes the database refuse events of a kind, until the remedy is called.
func (w *world) poison(kind string) (remedy func()) {
	w.Helper()
	return w.onEvent(kind, `RAISE EXCEPTION 'poison'`)
}

// onEvent has the database do something whenever an event of the kind is written, until the remedy.
func (w *world) onEvent(kind, do string) (remedy func()) {
	w.Helper()
	w.exec(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ` + do + `; RETURN NEW; END $$`)
	w.exec(`CREATE TRIGGER poison BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.kind = '` + kind + `') EXECUTE FUNCTION poison()`)
	return func() { w.exec(`DROP TRIGGER poison ON events; DROP FUNCTION poison`) }
}

func (w *world) exec(statement string) {
	w.Helper()
	if _, err := w.server.db.Exec(statement); err != nil {
		w.Fatal(err)
	}
}

// metrics checks that /metrics has the lines.
func (w *world) metrics(lines ...string) {
	w.Helper()
	s := &supervisor{w: w}
	all := s.get("/metrics")
	for _, line := range lines {
		if !strings.Contains(all, line+"\n") {
			w.Errorf("/metrics lacks %q", line)
		}
	}
}

// deeds are what became of the troubles, and by whose decision.
func (w *world) deeds() string {
	w.Helper()
	var all []string
	if err := w.server.db.Select(&all, `SELECT concat_ws(' ', kind, nullif(account, '')) FROM trouble_events ORDER BY id`); err != nil {
		w.Fatal(err)
	}
	return strings.Join(all, ", ")
}

// deliver brings an update by webhook, as Telegram would.
func (w *world) deliver(update string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.ctx, http.MethodPost, "http://"+w.server.address+"/telegram/webhook", bytes.NewBufferString(update))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", w.config.WebhookSecret)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		w.Fatalf("the webhook answers %s to %s", response.Status, update)
	}
}

func byWebhook(t *testing.T) func(*config) {
	return func(c *config) {
		c.Listen = freeAddress(t)
		c.WebhookSecret, c.PublicURL = "a-secret", "http://"+c.Listen
	}
}

// unreadable is an update of a kind that nobody knows yet, with words.
const unreadable = `{"update_id":%d,"message":{"message_id":777,"date":1,"chat":{"id":1,"type":"private"},
	"from":{"id":1,"is_bot":false,"first_name":"M","language_code":"en"},"forward_origin":{"type":"from the moon"},"text":%q}}`

// TestUnreadable: its words are in front of a supervisor, its person knows, and nobody else notices.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, byWebhook(t))
	mei := w.supervisor()
	mei.noTroubles()
	resident := w.person(1, "May", "en")
	resident.send("/start")
	resident.see("This is OneDoor")
	for range 2 { // Telegram repeats what it isn't sure of
		w.deliver(fmt.Sprintf(unreadable, 900001, "my father <script>alert(1)</script> needs a wheelchair"))
	}
	resident.see("Something went wrong on our side")
	id := w.only()
	mei.troubles("A message that came in", "Telegram sent something that OneDoor can", "from the moon", "@onedoor_test_bot, chat 1", "&lt;script&gt;", "set aside")
	w.metrics(`onedoor_troubles{kind="update"} 1`, `onedoor_troubles{kind="notice"} 0`)
	request := w.records()[0]
	if request["state"] != "open" || request["text"] != "my father <script>alert(1)</script> needs a wheelchair" || request["station"] != nil {
		t.Errorf("the words have become %v", request)
	}
	if board := mei.get("/admin/"); !strings.Contains(board, request["ref"].(string)) || !strings.Contains(board, "trouble") {
		t.Error("the request is not in triage")
	}
	other := w.person(2, "Li", "en")
	other.send("/help")
	other.see("Write or say what you need")

	mei.again(id)
	mei.troubles("Failed again: 1", "Try again</button>")
	mei.close(id)
	mei.noTroubles()
	if got := w.deeds(); got != "set_aside, again mei, failed, closed mei" {
		t.Errorf("recorded: %s", got)
	}
	if n := w.count(`SELECT count(*) FROM messages`); n != 1 {
		t.Errorf("%d messages are kept, want one", n)
	}
}

// TestUnreadableDanger: words of danger are an emergency, whatever is around them.
func TestUnreadableDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, byWebhook(t))
	resident := w.person(1, "May", "en")
	resident.send("/start")
	resident.see("This is OneDoor")
	w.deliver(fmt.Sprintf(unreadable, 900001, "help, my house is on fire"))
	resident.see("119")
	resident.see("Something went wrong on our side")
	if r := w.records()[0]; r["urgency"] != "emergency" || r["state"] != "open" {
		t.Errorf("it has become %v", r)
	}
	if n := w.count(`SELECT count(*) FROM troubles WHERE request_id IS NOT NULL`); n != 1 {
		t.Error("the trouble doesn't say which request has its words")
	}
}

// TestPoison: what the domain can't handle waits for a person, and is handled once, when it can be.
func TestPoison(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	remedy := w.poison("understood")
	resident.send("I need a wheelchair for my father, Taiping Town, Conghua")
	other := w.person(2, "Li", "en")
	other.send("/help")
	other.see("Write or say what you need")
	resident.see("Something went wrong on our side")
	id := w.only()
	mei.troubles("OneDoor could read it, but failed to handle it", "poison", "wheelchair")
	if r := w.records(); len(r) != 1 || r[0]["state"] != "open" || r[0]["text"] != "I need a wheelchair for my father, Taiping Town, Conghua" {
		t.Errorf("the words have become %v", r)
	}
	mei.again(id)
	mei.troubles("Failed again: 1", "Try again</button>")
	remedy()
	mei.again(id)
	mei.noTroubles()
	worker.seeButton("Claim")
	resident.see("Your request has number")
	if r := w.records(); len(r) != 1 || r[0]["category"] != "elderly_disabled_care" || r[0]["station"] != "st-440117-2" {
		t.Errorf("tried again, it has become %v", r)
	}
	if got := w.deeds(); got != "set_aside, again mei, failed, again mei, solved" {
		t.Errorf("recorded: %s", got)
	}
	w.metrics(`onedoor_updates_total{outcome="set_aside"} 1`, `onedoor_troubles{kind="update"} 0`)
}

// TestSlowPoison: an update that never ends while the database is well is no reason to wait for ever.
func TestSlowPoison(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	defer w.onEvent("understood", `PERFORM pg_sleep(30)`)()
	resident.send("I need a wheelchair for my father")
	for w.ctx.Err() == nil && w.count(`SELECT count(*) FROM troubles`) == 0 {
		time.Sleep(100 * time.Millisecond)
	}
	resident.see("Something went wrong on our side")
	if r := w.records(); len(r) != 1 || r[0]["state"] != "open" || r[0]["text"] != "I need a wheelchair for my father" {
		t.Errorf("the words have become %v", r)
	}
}

// TestPoisonousPress: what a resident had begun is with a supervisor, though nothing was said.
func TestPoisonousPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father, Taiping Town, Conghua")
	resident.seeButton("Confirm")
	defer w.poison("routed")()
	resident.press("Confirm")
	resident.see("Something went wrong on our side")
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND triage = 'trouble' AND category = 'elderly_disabled_care'`); n != 1 {
		t.Errorf("what was begun has become %v", w.records())
	}
}

// TestPoisonEverywhere: where nothing of an update can be kept but itself, it is, and its person knows.
func TestPoisonEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	remedy := w.poison("drafted")
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father")
	resident.see("Something went wrong on our side")
	if n := w.count(`SELECT count(*) FROM troubles WHERE raw LIKE '%wheelchair%'`); n != 1 {
		t.Error("the update is not kept")
	}
	remedy()
	w.supervisor().again(w.only())
	resident.see("Where")
	if r := w.records(); len(r) != 1 || r[0]["state"] != "draft" {
		t.Errorf("tried again, it has become %v", r)
	}
}

// TestRefusedNotice: what Telegram will not take holds up nothing, and goes when it can.
func TestRefusedNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident := w.person(1, "May", "en")
	refuse := func() {
		w.telegram.Fail(simulator.Fault{Method: "sendMessage", Chat: 1, Error: &simulator.Error{Code: 400, Description: "Bad Request: <b>no</b>"}})
	}
	refuse()
	resident.send("/start")
	id := w.only()
	mei.troubles("A message to be sent", "Telegram refuses to deliver it", "&lt;b&gt;no&lt;/b&gt;", `&#34;kind&#34;: &#34;welcome&#34;`, "chat 1")
	w.metrics(`onedoor_troubles{kind="notice"} 1`, `onedoor_notices_total{outcome="set_aside"} 1`)
	resident.send("/help")
	resident.see("Write or say what you need")
	refuse()
	mei.again(id)
	mei.troubles("Failed again: 1", "Try again</button>")
	mei.again(id)
	resident.see("This is OneDoor")
	mei.noTroubles()
	if got := w.deeds(); got != "set_aside, again mei, failed, again mei, solved" {
		t.Errorf("recorded: %s", got)
	}
}

// TestPoisonousClock: a request on which the clock can't act keeps no other waiting, and waits for a person.
func TestPoisonousClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	first, second := w.person(1, "May", "en"), w.person(2, "Li", "en")
	for _, p := range []*person{first, second} {
		p.send("I need a wheelchair for my father, Taiping Town, Conghua")
		p.seeButton("Confirm")
	}
	w.exec(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$`)
	w.exec(`CREATE TRIGGER poison BEFORE INSERT ON notices FOR EACH ROW WHEN (NEW.chat_id = 1) EXECUTE FUNCTION poison()`)
	w.exec(`UPDATE requests SET next_action_at = now() - make_interval(hours => CASE chat_id WHEN 1 THEN 2 ELSE 1 END)`)
	second.see("not confirmed")
	id := w.only()
	mei.troubles("A request whose time had come", "poison")
	w.exec(`DROP TRIGGER poison ON notices`)
	mei.again(id)
	first.see("not confirmed")
	mei.noTroubles()
	w.metrics(`onedoor_troubles{kind="job"} 0`)
}

// TestTroublesInTheBrowser: what is unfolded stays so while the page is drawn anew, and nothing in it runs.
func TestTroublesInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, byWebhook(t))
	password := strings.TrimSpace(w.run("admin", "create", "mei"))
	resident := w.person(1, "May", "en")
	resident.send("/start")
	resident.see("This is OneDoor")
	w.deliver(fmt.Sprintf(unreadable, 900001, `</pre><script>document.title = "owned"</script>`))
	b := newBrowser(t)
	b.do(chromedp.Navigate("http://"+w.server.address+"/admin/troubles"), chromedp.WaitVisible(`input[name=name]`),
		chromedp.SendKeys(`input[name=name]`, "mei"), chromedp.SendKeys(`input[name=password]`, password), chromedp.Click(`button.main`),
		chromedp.WaitVisible(`input[name=again]`), chromedp.SendKeys(`input[name=password]`, "a long password"),
		chromedp.SendKeys(`input[name=again]`, "a long password"), chromedp.Click(`button.main`),
		chromedp.WaitVisible(`//h1[text()="What waits"]`), chromedp.Click(`nav a[href="/admin/troubles"]`), chromedp.WaitVisible(`.trouble`),
		chromedp.Click(`details[id^=raw] summary`), chromedp.WaitVisible(`//details[@open]//pre[contains(., "owned")]`))
	w.deliver(fmt.Sprintf(unreadable, 900002, "my roof leaks"))
	b.do(chromedp.WaitVisible(`//*[@id="troubles"][text()="2"]`), chromedp.WaitVisible(`//details[@open]//pre[contains(., "owned")]`))
	b.picture("troubles")
	b.do(chromedp.WaitNotPresent(`//title[text()="owned"]`))
}

// TestReplyTriedAgain: a worker's reply that is tried again goes to whom it was written, though the worker writes to
// somebody else by then; and what that one reads is only what is written to them.
func TestReplyTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	worker, residents, refs := w.twoRequests()
	at := worker.Chat(w.bot)[0]
	worker.PressData(at, "reply:"+refs[0]+":")
	worker.see("→ " + refs[0])
	remedy := w.poison("answered")
	worker.send("your test result is positive")
	worker.see("Something went wrong on our side")
	id := w.only()
	remedy()
	worker.PressData(at, "reply:"+refs[1]+":")
	worker.see("→ " + refs[1])
	mei.again(id)
	residents[0].see("positive")
	worker.send("I come on Monday")
	worker.see("That went to nobody")
	w.rests()
	if residents[1].texts("positive") > 0 || residents[0].texts("Monday") > 0 {
		t.Error("what was written to one resident is sent to another")
	}
	if got := w.deeds(); got != "set_aside, again mei, solved" {
		t.Errorf("recorded: %s", got)
	}
}

// TestReplyOfNoWorkerTriedAgain: a reply of somebody who is a worker no longer is not taken for a resident's words.
func TestReplyOfNoWorkerTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	_, worker, _ := claimed(w)
	worker.press("Reply")
	worker.see("your words go to the resident")
	remedy := w.poison("answered")
	worker.send("your test result is positive")
	worker.see("Something went wrong on our side")
	id := w.only()
	remedy()
	w.exec(`UPDATE workers SET active = false, on_duty = false`)
	mei.again(id)
	mei.troubles("Failed again: 1", "whose chat it is no longer")
	if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE '%positive%'`); n != 0 {
		t.Errorf("the words have become %d messages", n)
	}
}
