package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/simulator"
)

var chaosTime = flag.Duration("chaos", 60*time.Second, "how long TestChaos breaks things")

// enough is how many updates may wait at Telegram before residents hold back with new ones.
const enough = 1000

// settleTime bounds how long everything may take to come to rest once nothing is broken any more.
const settleTime = 2 * time.Minute

// TestChaos lets residents and workers talk with two serve processes, kills these, the database and the calls to
// Telegram meanwhile, and then compares what was sent with what is stored, and what is stored with what arrived.
// See docs/reliability.md.
func TestChaos(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "onedoor")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, webhook := range []bool{false, true} {
		name := map[bool]string{false: "LongPolling", true: "Webhook"}[webhook]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChaos(t, binary, webhook)
			c.run(*chaosTime)
			c.settle()
			c.reconcile()
		})
	}
}

// chaos is two serve processes on a PostgreSQL of their own, and a Telegram around them.
type chaos struct {
	*world
	binary    string
	dataDir   string
	keeps     []*database.DB // hold the server of dataDir
	processes [2]*process
	front     *front // of the webhooks; nil with long polling

	databases sync.Mutex // keeps is changed

	mu      sync.Mutex
	sent    []sentUpdate
	outages struct{ kills, restarts, faults int }
}

// sentUpdate is what somebody sent: words, or none where a button was pressed or a place shared.
type sentUpdate struct {
	id, chat int64
	words    string
	broken   bool // it can't be decoded
}

func newChaos(t *testing.T, binary string, webhook bool) *chaos {
	ctx, cancel := context.WithTimeout(t.Context(), *chaosTime+settleTime+3*time.Minute)
	t.Cleanup(cancel)
	w := &world{TB: t, ctx: ctx, telegram: simulator.New(simulator.Options{WebhookRetry: 200 * time.Millisecond}), token: simulator.Token(4242)}
	c := &chaos{world: w, binary: binary, dataDir: databasetest.DataDir(t)}
	var err error
	if w.bot, err = w.telegram.AddBot(w.token, "onedoor_test_bot"); err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(w.telegram)
	c.startDatabase()
	w.config = config{DatabaseURL: c.keeps[0].URL(), Token: w.token, APIURL: api.URL}
	w.load()
	if webhook {
		c.front = newFront()
		web := httptest.NewServer(c.front)
		w.config.PublicURL, w.config.WebhookSecret = web.URL, "a-secret"
		t.Cleanup(web.Close)
	}
	for i := range c.processes {
		c.processes[i] = &process{chaos: c, name: strconv.Itoa(i), address: freeAddress(t)}
		c.processes[i].start()
	}
	if c.front != nil {
		c.front.backends = []string{c.processes[0].address, c.processes[1].address}
	}
	t.Cleanup(func() {
		w.telegram.Close()
		for _, p := range c.processes {
			p.end(os.Interrupt)
		}
		for _, db := range c.keeps {
			db.Close()
		}
		api.Close()
	})
	return c
}

// startDatabase starts PostgreSQL, with the durability that it has in production.
func (c *chaos) startDatabase() {
	db, err := database.Open(c.ctx, database.Config{DataDir: c.dataDir})
	if err != nil {
		c.Errorf("start the database: %v", err)
		return
	}
	c.databases.Lock()
	defer c.databases.Unlock()
	c.keeps = append(c.keeps, db)
}

// db is the database as the test looks at it.
func (c *chaos) db() *database.DB {
	c.databases.Lock()
	defer c.databases.Unlock()
	return c.keeps[len(c.keeps)-1]
}

// killDatabase ends PostgreSQL as a crash would, and starts it again after a while.
func (c *chaos) killDatabase(away time.Duration) {
	raw, err := os.ReadFile(filepath.Join(c.dataDir, "postgresql", "postmaster.pid"))
	if err != nil {
		c.Errorf("find the database's process: %v", err)
		return
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		c.Errorf("find the database's process: %v", err)
		return
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		c.Errorf("kill the database: %v", err)
	}
	time.Sleep(away)
	c.startDatabase()
}

// process is one `onedoor serve`.
type process struct {
	*chaos
	name, address string
	cmd           *exec.Cmd
	log           *os.File
}

func (p *process) start() {
	var err error
	if p.log == nil {
		if p.log, err = os.Create(filepath.Join(p.TempDir(), "serve-"+p.name+".log")); err != nil {
			p.Fatal(err)
		}
	}
	p.cmd = exec.Command(p.binary, "serve")
	p.cmd.Env = append(os.Environ(), "DATABASE_URL="+p.config.DatabaseURL, "ONEDOOR_LISTEN="+p.address,
		"TELEGRAM_BOT_TOKEN="+p.token, "TELEGRAM_API_URL="+p.config.APIURL, "TELEGRAM_PER_SECOND=1000",
		"TELEGRAM_CHAT_PER_SECOND=100", "ONEDOOR_MESSAGES_PER_MINUTE=600", "ONEDOOR_REQUESTS_PER_DAY=100000", // its residents are in haste
		"ONEDOOR_PUBLIC_URL="+p.config.PublicURL, "TELEGRAM_WEBHOOK_SECRET="+p.config.WebhookSecret)
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		p.Errorf("start serve: %v", err)
	}
}

// end ends the process in the given way and waits until it has ended.
func (p *process) end(signal os.Signal) {
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.Errorf("serve had ended by itself; it said:\n%s", p.said())
	}
	_ = p.cmd.Wait() // killed is an error too
}

// said is the end of what the process wrote.
func (p *process) said() string {
	raw, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-4000):])
}

// front stands before the webhooks of both processes, as a load balancer does: it sends each delivery to one of
// them, now and then to both at the same time, and now and then an old one again.
type front struct {
	backends []string
	mu       sync.Mutex
	old      [][]byte
}

func newFront() *front { return &front{} }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	first := rand.IntN(2)
	if rand.IntN(10) == 0 {
		go f.post(r.Header, 1-first, body)
	}
	if old := f.keep(body); old != nil {
		go f.post(r.Header, rand.IntN(2), old)
	}
	status := f.post(r.Header, first, body)
	if status == http.StatusBadGateway {
		status = f.post(r.Header, 1-first, body)
	}
	w.WriteHeader(status)
}

// keep remembers a delivery, and returns an earlier one now and then.
func (f *front) keep(body []byte) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.old = append(f.old, body)
	if rand.IntN(10) > 0 {
		return nil
	}
	return f.old[rand.IntN(len(f.old))]
}

func (f *front) post(header http.Header, backend int, body []byte) int {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+f.backends[backend]+"/telegram/webhook", strings.NewReader(string(body)))
	if err != nil {
		return http.StatusBadGateway
	}
	r.Header = header.Clone()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return http.StatusBadGateway
	}
	response.Body.Close()
	return response.StatusCode
}

// run lets people talk and things break for so long.
func (c *chaos) run(long time.Duration) {
	team := c.team()
	ctx, cancel := context.WithTimeout(c.ctx, long)
	defer cancel()
	var group sync.WaitGroup
	for i := range 24 {
		p := c.person(int64(1000+i), fmt.Sprintf("resident %d", i), "zh-hans")
		group.Go(func() { c.beResident(ctx, p) })
	}
	for _, p := range team {
		group.Go(func() { c.beWorker(ctx, p) })
	}
	group.Go(func() { c.breakCalls(ctx) })
	group.Go(func() { c.breakProcesses(ctx) })
	group.Wait()
}

// team are the workers of one station, joined.
func (c *chaos) team() []*person {
	c.Helper()
	var all []*person
	for i := range 4 {
		p := c.worker(int64(901+i), fmt.Sprintf("w-440117-2-%d", i+1))
		p.send("/language")
		all = append(all, p)
	}
	return all
}

func (c *chaos) note(u sentUpdate) {
	if u.id == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, u)
}

// say sends words that nobody else says.
func (c *chaos) say(p *person, words string) {
	words = fmt.Sprintf("%s %d-%d", words, p.ID(), rand.Int64())
	c.note(sentUpdate{id: p.send(words), chat: p.ID(), words: words})
}

// tap presses a button of one of the latest messages that has one of these labels, if there is one.
func (c *chaos) tap(p *person, labels ...string) string {
	chat := p.Chat(c.bot)
	for i := len(chat) - 1; i >= max(0, len(chat)-30); i-- {
		for _, at := range rand.Perm(len(labels)) {
			if _, there := chat[i].Button(labels[at]); there && rand.IntN(4) > 0 {
				if q, err := p.Press(chat[i], labels[at]); err == nil {
					c.note(sentUpdate{id: q.Update, chat: p.ID()})
					return labels[at]
				}
			}
		}
	}
	return ""
}

func rest(ctx context.Context, least time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(least + rand.N(least)):
	}
}

// beResident asks for help again and again: says what is the matter, where, confirms, and adds something.
func (c *chaos) beResident(ctx context.Context, p *person) {
	c.note(sentUpdate{id: p.Location(c.bot, 23.449, 113.482), chat: p.ID()})
	for ctx.Err() == nil {
		if c.bot.Pending() > enough {
			rest(ctx, time.Second)
			continue
		}
		c.note(sentUpdate{id: p.send("/new"), chat: p.ID()})
		c.say(p, "老板拖欠我三个月工资不给")
		for tries := 0; tries < 20 && ctx.Err() == nil; tries++ {
			rest(ctx, 200*time.Millisecond)
			if c.tap(p, "确认") != "" {
				break
			}
		}
		for range rand.IntN(3) {
			rest(ctx, 100*time.Millisecond)
			c.say(p, "我还想说")
		}
		rest(ctx, 200*time.Millisecond)
	}
}

// beWorker claims what comes, answers and resolves it, always in competition with the others.
func (c *chaos) beWorker(ctx context.Context, p *person) {
	for ctx.Err() == nil {
		rest(ctx, 50*time.Millisecond)
		if c.tap(p, "Claim", "Reply", "Resolve", "Solved") == "Reply" {
			rest(ctx, 100*time.Millisecond)
			c.say(p, "您好，我是社工")
		}
	}
}

// breakCalls makes calls to Telegram fail in all the ways they do, and lets updates come twice or broken.
func (c *chaos) breakCalls(ctx context.Context) {
	faults := []simulator.Fault{
		{Method: "sendMessage", Error: simulator.TooManyRequests(1)},
		{Method: "getUpdates", Error: simulator.TooManyRequests(1)},
		{Times: 3, Error: &simulator.Error{Code: 500, Description: "Internal Server Error"}},
		{Times: 2, HTML: "<html><body>502 Bad Gateway</body></html>"},
		{Method: "sendMessage", Taken: true},
		{Method: "editMessageText", Taken: true},
		{Method: "sendMessage", Taken: true, HTML: "<html>504</html>"},
		{Method: "sendMessage", Taken: true, Hang: true},
		{Method: "answerCallbackQuery", Hang: true},
		{Method: "getUpdates"},
	}
	for n := 0; ctx.Err() == nil; n++ {
		rest(ctx, 150*time.Millisecond)
		c.telegram.Heal() // one fault at a time: faults that pile up are an outage
		c.telegram.Fail(faults[rand.IntN(len(faults))])
		c.outages.faults++
		switch n % 4 {
		case 0:
			c.breakUpdate()
		case 1:
			c.repeatUpdate()
		}
	}
}

// breakUpdate sends an update that can't be decoded.
func (c *chaos) breakUpdate() {
	chat := 1000 + rand.Int64N(24)
	body := fmt.Sprintf(`{"message":{"message_id":"what?","date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d},"text":"broken"}}`, chat, chat)
	id, err := c.telegram.Raw(c.bot, body)
	if err != nil {
		c.Errorf("send a broken update: %v", err)
	}
	c.note(sentUpdate{id: id, chat: chat, broken: true})
}

// repeatUpdate sends an update again that was handled, with other words to tell if it has an effect.
func (c *chaos) repeatUpdate() {
	c.mu.Lock()
	old := c.sent[rand.IntN(len(c.sent))]
	c.mu.Unlock()
	if n, err := c.count(`SELECT count(*) FROM updates WHERE id = $1`, old.id); err != nil || n == 0 {
		return // not handled yet, or the database is away
	}
	body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"x"},"text":"repeated"}}`,
		old.id, 1_000_000+old.id, old.chat, old.chat)
	if _, err := c.telegram.Raw(c.bot, body); err != nil {
		c.Errorf("repeat an update: %v", err)
	}
}

// breakProcesses kills serve processes and the database, one thing at a time.
func (c *chaos) breakProcesses(ctx context.Context) {
	for n := 1; ; n++ {
		rest(ctx, 2*time.Second)
		if ctx.Err() != nil {
			return
		}
		switch {
		case n%20 == 0: // longer than any patience of ours
			c.killDatabase(min(time.Minute, *chaosTime/8))
			c.outages.restarts++
		case n%5 == 0:
			c.killDatabase(rand.N(3 * time.Second))
			c.outages.restarts++
		default:
			p := c.processes[rand.IntN(2)]
			p.end(os.Kill)
			rest(ctx, 300*time.Millisecond)
			p.start()
			c.outages.kills++
		}
	}
}

// settle waits until nothing is under way any more.
func (c *chaos) settle() {
	c.telegram.Heal()
	deadline := time.Now().Add(settleTime)
	for {
		left, err := c.count(`SELECT count(*) FROM notices n JOIN chats c ON c.bot_id = n.bot_id AND c.id = n.chat_id
			WHERE n.state = 'waiting' AND c.unreachable_at IS NULL`)
		up := ready(c.processes[0].address) && ready(c.processes[1].address) // the last to be killed is back
		if err == nil && left == 0 && c.bot.Pending() == 0 && up {
			return
		}
		if time.Now().After(deadline) {
			c.Errorf("%d updates and %d notices are still waiting (%v), both processes are ready: %t; serve says:\n%s\n%s", c.bot.Pending(), left, err, up,
				c.processes[0].said(), c.processes[1].said())
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *chaos) count(query string, args ...any) (n int, err error) {
	err = c.db().GetContext(c.ctx, &n, query, args...)
	return n, err
}

func (c *chaos) mustCount(query string, args ...any) int {
	c.Helper()
	n, err := c.count(query, args...)
	if err != nil {
		c.Fatal(err)
	}
	return n
}

// toll is what went wrong.
type toll struct {
	sent, lost, doubled                        int
	requests, requestsLost, requestsDoubled    int
	claims, claimsDoubled                      int
	notices, noticesLost, repeated, outOfOrder int
	setAside, kills, restarts, faults          int
	goroutines, connections                    int
}

func (l toll) String() string {
	return fmt.Sprintf("updates: %d sent, %d lost, %d doubled; requests: %d, %d lost, %d doubled; claims: %d, %d doubled; "+
		"notices: %d sent, %d lost, %d repeated, %d out of order (%d broken updates set aside; %d kills, %d database crashes, %d faults; after it %d goroutines, %d connections)",
		l.sent, l.lost, l.doubled, l.requests, l.requestsLost, l.requestsDoubled, l.claims, l.claimsDoubled,
		l.notices, l.noticesLost, l.repeated, l.outOfOrder, l.setAside, l.kills, l.restarts, l.faults, l.goroutines, l.connections)
}

// reconcile compares all that was sent with the database, and the database with what Telegram has taken.
func (c *chaos) reconcile() {
	l := toll{kills: c.outages.kills, restarts: c.outages.restarts, faults: c.outages.faults}
	c.reconcileUpdates(&l)
	c.reconcileRequests(&l)
	c.reconcileNotices(&l)
	c.lookForLeaks(&l)
	c.Logf("%s: %s", c.Name(), l)
	fmt.Fprintf(os.Stderr, "chaos, %s: %s\n", c.Name(), l)
	if l.lost+l.doubled+l.requestsLost+l.requestsDoubled+l.claimsDoubled+l.noticesLost+l.outOfOrder > 0 {
		c.Errorf("something was lost, doubled or out of order")
	}
	if l.sent < 100 || l.requests == 0 || l.claims == 0 || l.notices == 0 {
		c.Errorf("too little has happened to prove anything")
	}
}

// reconcileUpdates looks for each update's one effect.
func (c *chaos) reconcileUpdates(l *toll) {
	db := c.db()
	seen := map[int64]int{}
	c.collect(db, seen, `SELECT id, 1 FROM updates`)
	aside := map[int64]int{}
	c.collect(db, aside, `SELECT update_id, count(*) FROM troubles WHERE update_id IS NOT NULL GROUP BY 1`)
	kept := map[int64]int{}
	c.collect(db, kept, `SELECT update_id, count(*) FROM messages GROUP BY 1`)
	for _, u := range c.sent {
		l.sent++
		switch {
		case u.broken && aside[u.id] == 1:
			l.setAside++
		case u.broken, aside[u.id] > 0, seen[u.id] == 0, u.words != "" && kept[u.id] == 0:
			l.lost++
			c.Logf("lost: update %d of chat %d, %q (seen %d, set aside %d)", u.id, u.chat, u.words, seen[u.id], aside[u.id])
		case kept[u.id] > 1:
			l.doubled++
			c.Logf("doubled: update %d of chat %d", u.id, u.chat)
		}
		if u.words != "" {
			exact := c.mustCount(`SELECT count(*) FROM messages WHERE chat_id = $1 AND text = $2`, u.chat, u.words)
			if exact > 1 {
				l.doubled++
				c.Logf("doubled: %q of chat %d", u.words, u.chat)
			}
		}
	}
	l.doubled += c.mustCount(`SELECT count(*) FROM messages WHERE text = 'repeated'`)
}

func (c *chaos) collect(db *database.DB, into map[int64]int, query string) {
	c.Helper()
	rows, err := db.QueryContext(c.ctx, query)
	if err != nil {
		c.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			c.Fatal(err)
		}
		into[id] = n
	}
	if err := rows.Err(); err != nil {
		c.Fatal(err)
	}
}

// reconcileRequests looks for words without a request, and for requests that something happened to twice.
func (c *chaos) reconcileRequests(l *toll) {
	l.requests = c.mustCount(`SELECT count(*) FROM requests WHERE submitted_at IS NOT NULL`)
	l.requestsLost = c.mustCount(`SELECT count(*) FROM messages WHERE author = 'resident' AND request_id IS NULL AND kind = 'text'`)
	l.requestsDoubled = c.mustCount(`SELECT count(*) FROM (SELECT update_id FROM requests WHERE update_id IS NOT NULL
		GROUP BY update_id HAVING count(*) > 1) AS twice`) +
		c.mustCount(`SELECT count(*) FROM (SELECT request_id FROM events WHERE kind = 'submitted' GROUP BY request_id HAVING count(*) > 1) AS twice`)
	l.claims = c.mustCount(`SELECT count(*) FROM events WHERE kind = 'claimed'`)
	l.claimsDoubled = c.mustCount(`SELECT count(*) FROM (SELECT request_id FROM events GROUP BY request_id
		HAVING count(*) FILTER (WHERE kind = 'claimed') > 1 + count(*) FILTER (WHERE kind IN ('released', 'reopened', 'transferred'))) AS twice`)
}

// reconcileNotices compares the notices that are marked as sent with the messages in the phones. Telegram numbers
// the messages of a chat in the order in which they came.
func (c *chaos) reconcileNotices(l *toll) {
	var sent []struct {
		ID       int64  `db:"id"`
		Chat     int64  `db:"chat_id"`
		Priority int    `db:"priority"`
		Request  *int64 `db:"request_id"`
		Message  *int64 `db:"message_id"`
	}
	if err := c.db().SelectContext(c.ctx, &sent, `SELECT id, chat_id, priority, request_id, message_id FROM notices
		WHERE state = 'sent' AND edits IS NULL AND coalesce(args ->> 'menu', '') <> 'gone' ORDER BY id`); err != nil { // those are deleted
		c.Fatal(err)
	}
	arrived := c.arrived()
	type line struct {
		chat, request int64
		priority      int
	}
	last := map[line]int64{}
	for _, n := range sent {
		l.notices++
		if n.Message == nil || !arrived[n.Chat][*n.Message] {
			l.noticesLost++
			continue
		}
		delete(arrived[n.Chat], *n.Message)
		of := line{chat: n.Chat, priority: n.Priority}
		if n.Request != nil {
			of.request = *n.Request
		}
		if *n.Message < last[of] {
			l.outOfOrder++
		}
		last[of] = *n.Message
	}
	for _, messages := range arrived {
		l.repeated += len(messages)
	}
	l.noticesLost += c.mustCount(`SELECT count(*) FROM notices WHERE state IN ('waiting', 'failed')`)
}

// lookForLeaks compares what both processes hold at rest with what they need: a hundred goroutines, and a pool of
// 24 connections with a few beside it.
func (c *chaos) lookForLeaks(l *toll) {
	for _, p := range c.processes {
		response, err := http.Get("http://" + p.address + "/metrics")
		if err != nil {
			c.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			c.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "\ngo_goroutines ")
		line, _, _ := strings.Cut(rest, "\n")
		n, err := strconv.Atoi(line)
		if err != nil {
			c.Fatalf("how many goroutines? %v", err)
		}
		l.goroutines += n
	}
	l.connections = c.mustCount(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`)
	if l.goroutines > 2*200 || l.connections > 2*30+leastOwn*len(c.keeps) {
		c.Errorf("%d goroutines and %d connections are left: something leaks", l.goroutines, l.connections)
	}
}

// leastOwn is how many connections of each of the test's own pools may be idle.
const leastOwn = 4

// arrived are the bot's messages in each phone.
func (c *chaos) arrived() map[int64]map[int64]bool {
	all := map[int64]map[int64]bool{}
	for id := int64(901); id < 1024; id++ {
		if id > 904 && id < 1000 {
			continue
		}
		all[id] = map[int64]bool{}
		for _, m := range c.telegram.User(simulator.Profile{ID: id}).Chat(c.bot) {
			if m.FromBot() {
				all[id][int64(m.ID)] = true
			}
		}
	}
	return all
}
