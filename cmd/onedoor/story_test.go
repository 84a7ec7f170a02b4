package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/internal/simulator"
	"onedoor/prompts"
)

// patience is how long a test waits for what must come; it is never a measure of speed.
const patience = 20 * time.Second

// world is a running OneDoor on a database of its own with the sample data, and a Telegram around it.
type world struct {
	testing.TB
	ctx      context.Context
	telegram *simulator.Simulator
	bot      *simulator.Bot
	token    string
	config   config
	server   *server
	stop     func() // ends it
}

// All worlds share the taxonomy and a classifier that is trained once, and a heap that is theirs together.
func init() {
	loadTaxonomy = sync.OnceValues(prompts.Load)
	saveMemory = func() {}
	var once sync.Once
	var trained *prompts.Offline
	newOffline = func(t *prompts.Taxonomy) *prompts.Offline {
		once.Do(func() { trained = prompts.NewOffline(t) })
		return trained.Fork()
	}
}

// newWorld starts the real program; change may alter its configuration first.
func newWorld(t testing.TB, change func(*config)) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	w := &world{TB: t, ctx: ctx, telegram: simulator.New(simulator.Options{}), token: simulator.Token(4242)}
	var err error
	if w.bot, err = w.telegram.AddBot(w.token, "onedoor_test_bot"); err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(w.telegram)
	w.config = config{DatabaseURL: databasetest.URL(t), DataDir: t.TempDir(), Listen: "127.0.0.1:0", Token: w.token, APIURL: api.URL,
		PerSecond: 1000, ChatPerSecond: 100, GroupPerMin: 6000, OpenAILimit: time.Second, noUndo: true}
	if change != nil {
		change(&w.config)
	}
	w.load()

	started, ended := make(chan *server, 1), make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	w.stop = stop
	go func() {
		ended <- serve(running, &w.config, slog.New(slog.NewTextHandler(t.Output(), nil)), func(_ context.Context, s *server) error {
			started <- s
			return nil
		})
	}()
	t.Cleanup(func() {
		w.telegram.Close()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve ended with %v", err)
		}
		api.Close()
		cancel()
	})
	select {
	case w.server = <-started:
	case err := <-ended:
		ended <- nil
		t.Fatalf("serve did not start: %v", err)
	}
	w.waitReady()
	return w
}

// load fills the database with the sample data.
func (w *world) load() {
	w.Helper()
	d, err := w.config.openDomain(w.ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		w.Fatal(err)
	}
	defer d.close()
	if err := sample.Load(w.ctx, d.db, d.known); err != nil {
		w.Fatal(err)
	}
}

func (w *world) waitReady() {
	w.Helper()
	w.eventually("it is ready", func() bool { return ready(w.server.address) })
}

// ready tells whether the process that listens there is.
func ready(address string) bool {
	response, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// eventually waits until something is so.
func (w *world) eventually(what string, is func() bool) {
	w.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("waited in vain until %s", what)
		}
	}
}

// rests waits until nothing is under way any more: all is received, nothing is due, and all is sent.
func (w *world) rests() {
	w.Helper()
	w.eventually("it rests", func() bool {
		return w.bot.Pending() == 0 && w.count(`SELECT count(*) FROM requests WHERE next_action_at <= now()`) == 0 &&
			w.count(`SELECT count(*) FROM notices n JOIN chats c ON c.bot_id = n.bot_id AND c.id = n.chat_id
				WHERE n.state = 'waiting' AND c.unreachable_at IS NULL AND (c.quiet_at IS NULL OR c.quiet_at = n.created_at)`) == 0
	})
}

// clock makes due now what all requests wait for, and waits until it is done.
func (w *world) clock() {
	w.Helper()
	w.rests()
	w.exec(`UPDATE requests SET next_action_at = now() - interval '1 second' WHERE next_action_at IS NOT NULL`)
	w.rests()
}

// tooLate has the time to claim pass, first one half and then the other.
func (w *world) tooLate() {
	w.Helper()
	w.clock()
	w.clock()
}

// longAgo makes all that has happened so far a quarter of an hour older.
func (w *world) longAgo() {
	w.Helper()
	w.exec(`ALTER TABLE events DISABLE TRIGGER events_append_only;
		UPDATE events SET at = at - interval '15 minutes'; ALTER TABLE events ENABLE TRIGGER events_append_only`)
}

// shutsOut has Telegram refuse, from now on, what is sent to somebody, as if they had deleted their account.
func (w *world) shutsOut(id int64) {
	w.Helper()
	w.telegram.Fail(simulator.Fault{Chat: id, Times: -1, Error: &simulator.Error{Code: 403, Description: "Forbidden: user is deactivated"}})
}

// run runs a command of the program against the world's database, and returns what it prints.
func (w *world) run(args ...string) string {
	w.Helper()
	var out, errs bytes.Buffer
	args = append(args, "--database-url", w.config.DatabaseURL, "--telegram-bot-token", w.token, "--telegram-api-url", w.config.APIURL)
	if code := run(w.ctx, args, streams{strings.NewReader(""), &out, &errs}); code != exitDone {
		w.Fatalf("onedoor %s: exit code %d: %s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}

// person is somebody with a phone.
type person struct {
	*simulator.User
	name string
	w    *world
}

func (w *world) person(id int64, name, language string) *person {
	return &person{w.telegram.User(simulator.Profile{ID: id, FirstName: name, Language: language}), name, w}
}

// worker is a worker who has joined by their link, which routing knows.
func (w *world) worker(id int64, code string) *person {
	w.Helper()
	_, start, found := strings.Cut(strings.TrimSpace(w.run("invite", code)), "?start=")
	if !found {
		w.Fatalf("invite printed no link")
	}
	p := w.person(id, code, "en")
	p.send("/start " + start)
	p.see("on duty")
	if w.server != nil { // else it is in a process of its own
		w.eventually("routing knows of it", func() bool { return w.routed(code) })
	}
	return p
}

// routed tells whether routing counts on as many workers of a worker's station as are on duty.
func (w *world) routed(worker string) bool {
	w.Helper()
	var at struct {
		Station string `db:"station"`
		OnDuty  int    `db:"on_duty"`
	}
	if err := w.server.db.Get(&at, `SELECT station, count(*) FILTER (WHERE on_duty) AS on_duty FROM workers
		WHERE station = (SELECT station FROM workers WHERE code = $1) GROUP BY station`, worker); err != nil {
		w.Fatal(err)
	}
	s, ok := w.server.intake.Router.Station(at.Station)
	return ok && s.OnDuty == at.OnDuty
}

// Reply answers a message as a person does, who reads it first: by then the bot has kept which of its notices it is.
func (p *person) Reply(to simulator.Message, text string) int64 {
	p.w.Helper()
	if p.w.server != nil {
		kept := fmt.Sprintf(`SELECT count(*) FROM notices WHERE chat_id = %d AND message_id = %d`, p.ID(), to.ID)
		for deadline := time.Now().Add(time.Second); p.w.count(kept) == 0 && time.Now().Before(deadline); { // what isn't the bot's is no notice
			time.Sleep(10 * time.Millisecond)
		}
	}
	return p.User.Reply(to, text)
}

func (p *person) send(text string) int64 { return p.Send(p.w.bot, text) }

func (p *person) see(words string) simulator.Message {
	p.w.Helper()
	ctx, cancel := context.WithTimeout(p.w.ctx, patience)
	defer cancel()
	m, err := p.WaitText(ctx, p.w.bot, words)
	if err != nil {
		p.w.Fatalf("%s waits for %q: %v", p.name, words, err)
	}
	return m
}

func (p *person) seeButton(label string) simulator.Message {
	p.w.Helper()
	ctx, cancel := context.WithTimeout(p.w.ctx, patience)
	defer cancel()
	m, err := p.WaitButton(ctx, p.w.bot, label)
	if err != nil {
		p.w.Fatalf("%s waits for the button %q: %v", p.name, label, err)
	}
	return m
}

// press waits for a message with the button, and presses it.
func (p *person) press(label string) int64 {
	p.w.Helper()
	query, err := p.Press(p.seeButton(label), label)
	if err != nil {
		p.w.Fatal(err)
	}
	return query.Update
}

// more presses a button of what a card's worker does more rarely, opening that where it isn't open.
func (p *person) more(label string) {
	p.w.Helper()
	if p.withButton(label) == 0 {
		p.press("More…")
	}
	p.press(label)
}

// records are the requests as `onedoor requests` prints them.
func (w *world) records() []map[string]any {
	w.Helper()
	var all []map[string]any
	for line := range strings.Lines(w.run("requests")) {
		var r map[string]any
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			w.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// tellStory is the main job from end to end, in one of the bot's languages: an old woman's sentence, two workers, one answer.
func tellStory(w *world, c tongue) {
	first := w.worker(901, "w-440117-2-1")
	second := w.worker(902, "w-440117-2-2")
	resident := w.person(1, c.name, c.tag)

	resident.send(c.need)
	resident.see(c.where)
	resident.Location(w.bot, 23.449, 113.482) // 太平镇
	card := resident.seeButton(c.confirm)
	if !strings.Contains(card.Text, c.service) || !strings.Contains(card.Text, c.station) {
		w.Fatalf("the card is wrong: %s", card.Text)
	}
	submitted := resident.press(c.confirm)
	resident.see(c.number)

	first.seeButton("Claim")
	second.seeButton("Claim")
	var group sync.WaitGroup
	for _, p := range []*person{first, second} {
		group.Go(func() { p.press("Claim") })
	}
	group.Wait()
	resident.see(c.claimed)
	winner, loser := first, second
	if w.records()[0]["worker"] == "w-440117-2-2" {
		winner, loser = second, first
	}
	winner.seeButton("Resolve")
	loser.see("has it")

	winner.press("Reply")
	winner.see("your words go to the resident")
	winner.send("您好，我明天上午去看您妈妈")
	resident.see("我明天上午去看您妈妈")
	resident.send(c.thanks)
	winner.see(c.thanks)
	winner.press("Resolve")
	winner.press("Solved")
	resident.see(c.resolved)
	resident.readsWithoutScrolling()

	w.checkRecord(submitted)
}

// checkRecord compares what the commands print with the event log.
func (w *world) checkRecord(submitted int64) {
	records := w.records()
	if len(records) != 1 {
		w.Fatalf("%d requests, want one", len(records))
	}
	r := records[0]
	if r["category"] != "elderly_disabled_care" || r["state"] != "resolved" || r["station"] != "st-440117-2" || r["update_id"] != float64(submitted) {
		w.Errorf("the record is wrong: %v", r)
	}
	var times struct{ Claim, Answer, Resolve float64 }
	err := w.server.db.Get(&times, `
		SELECT extract(epoch FROM min(at) FILTER (WHERE kind = 'claimed') - min(at) FILTER (WHERE kind = 'submitted')) AS claim,
			extract(epoch FROM min(at) FILTER (WHERE kind = 'answered') - min(at) FILTER (WHERE kind = 'submitted')) AS answer,
			extract(epoch FROM min(at) FILTER (WHERE kind = 'resolved') - min(at) FILTER (WHERE kind = 'submitted')) AS resolve
		FROM events`)
	if err != nil {
		w.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(w.run("report"))).ReadAll()
	if err != nil || len(rows) != 2 {
		w.Fatalf("report: %v, %v", rows, err)
	}
	whole := func(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 0, 64) }
	want := []string{"st-440117-2", "1", "1", whole(times.Claim), whole(times.Claim), "1.000", "1", whole(times.Answer), whole(times.Answer), "1.000",
		"1", whole(times.Resolve), whole(times.Resolve), "1.000"}
	if got := strings.Join(rows[1][:len(want)], ","); got != strings.Join(want, ",") {
		w.Errorf("report says %s, the event log %s", got, strings.Join(want, ","))
	}
}

func TestStoryByWebhook(t *testing.T) {
	t.Parallel()
	tellStory(newWorld(t, func(c *config) {
		c.Listen = freeAddress(t)
		c.WebhookSecret, c.PublicURL = "a-secret", "http://"+c.Listen
	}), cantonese)
}

// freeAddress is an address that nobody listens on.
func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestStoryByLongPolling(t *testing.T) {
	t.Parallel()
	for _, c := range tongues {
		t.Run(c.tag, func(t *testing.T) {
			t.Parallel()
			tellStory(newWorld(t, nil), c)
		})
	}
}
