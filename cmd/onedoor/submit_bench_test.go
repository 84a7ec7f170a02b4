package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

const (
	submitClients = 8
	submitEach    = 1500       // requests that each of them submits
	submitFirst   = 50_000_000 // the number of the first of the residents, and of all that is theirs
	submitSecret  = "bench"
)

// BenchmarkSubmit measures how many residents' updates that submit a request (the press of Confirm) the real program
// takes through its webhook to committed rows, with notices ready to send, on a durable PostgreSQL and with 8 clients.
// Beside it, on the same server in the same run, is the rate that pgbench -M prepared reaches with the same statements:
// those that the server has logged for one such update, with that resident's number in the place of another's.
func BenchmarkSubmit(b *testing.B) {
	s := newSubmission(b, "0.001") // what is measured ends with a notice that is ready to be sent
	s.populate()
	script, values := s.record(submitFirst)
	for b.Loop() {
		ours := s.submitAll()
		theirs := s.pgbench(script, values)
		s.check()
		b.ReportMetric(ours, "updates/s")
		b.ReportMetric(theirs, "pgbench/s")
		b.ReportMetric(ours/theirs, "ratio")
	}
	b.ReportMetric(0, "ns/op")
}

// submission is a running program, with residents who have all but confirmed.
type submission struct {
	*testing.B
	db      *database.DB
	config  config
	address string
	process *os.Process
	next    int    // resident
	action  string // the button that they press
}

// newSubmission starts the program, which may send so many messages a second.
func newSubmission(b *testing.B, perSecond string) *submission {
	s := &submission{B: b, next: submitFirst, action: "confirm"}
	api := httptest.NewServer(http.HandlerFunc(silentTelegram))
	b.Cleanup(api.Close)
	s.config = config{DataDir: databasetest.DataDir(b), Token: "9:bench", APIURL: api.URL}
	(&world{TB: b, ctx: b.Context(), config: s.config}).load()
	s.serve(buildBinary(b), perSecond)
	var err error
	if s.db, err = s.config.open(b.Context(), logger(io.Discard)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.db.Close() })
	return s
}

// silentTelegram says yes to everything and does nothing: the simulator's own work is no part of what is measured.
func silentTelegram(w http.ResponseWriter, r *http.Request) {
	switch path.Base(r.URL.Path) {
	case "getMe":
		fmt.Fprint(w, `{"ok":true,"result":{"id":9,"is_bot":true,"first_name":"bench","username":"bench_bot"}}`)
	case "sendMessage", "editMessageText":
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}`)
	default:
		fmt.Fprint(w, `{"ok":true,"result":true}`)
	}
}

func (s *submission) serve(binary, perSecond string) {
	s.address = freeAddress(s)
	cmd := exec.Command(binary, "serve", "--onedoor-data-dir", s.config.DataDir, "--telegram-bot-token", s.config.Token,
		"--telegram-api-url", s.config.APIURL, "--onedoor-listen", s.address, "--telegram-per-second", perSecond, "--telegram-chat-per-second", "1000",
		"--telegram-webhook-secret", submitSecret, "--onedoor-public-url", "https://onedoor.example")
	cmd.Stderr = s.Output()
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.process = cmd.Process
	s.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	(&world{TB: s, ctx: s.Context()}).eventually("it is ready", func() bool { return ready(s.address) })
}

// caller is one connection of Telegram's to the webhook. It does next to nothing, as pgbench: what it takes isn't ours.
type caller struct {
	*submission
	net.Conn
	answers *bufio.Reader
}

func (s *submission) caller() *caller {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.Fatal(err)
	}
	return &caller{s, conn, bufio.NewReader(conn)}
}

// post sends an update as Telegram does, and reads the answer.
func (c *caller) post(update string) {
	_, err := fmt.Fprintf(c.Conn, "POST /telegram/webhook HTTP/1.1\r\nHost: bench\r\nX-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %d\r\n\r\n%s",
		submitSecret, len(update), update)
	if err != nil {
		c.Fatal(err)
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	if _, err = io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		c.Fatalf("the webhook answers %s, %v", response.Status, err)
	}
}

func (c *caller) say(person, update int, words string) {
	c.post(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},
		"from":{"id":%d,"first_name":"M","language_code":"zh-hans"},"text":%q}}`, update, person, person, words))
}

// press presses the button of somebody's card. All that is theirs has their number.
func (c *caller) press(n int) {
	c.post(fmt.Sprintf(`{"update_id":%[1]d,"callback_query":{"id":"%[1]d","chat_instance":"1","data":"%[2]s:%[1]d:",
		"from":{"id":%[1]d,"first_name":"M","language_code":"zh-hans"},
		"message":{"message_id":2,"date":1,"chat":{"id":%[1]d,"type":"private"},"text":"?"}}}`, n, c.action))
}

func (s *submission) exec(statement string, args ...any) {
	s.Helper()
	if _, err := s.db.ExecContext(s.Context(), statement, args...); err != nil {
		s.Fatal(err)
	}
}

// join lets one worker join, whose chat is 2.
func (s *submission) join(telegram *caller) {
	link := new(bytes.Buffer)
	args := []string{"invite", "w-440117-2-1", "--onedoor-data-dir", s.config.DataDir, "--telegram-bot-token", s.config.Token, "--telegram-api-url", s.config.APIURL}
	if code := run(s.Context(), args, streams{strings.NewReader(""), link, link}); code != exitDone {
		s.Fatal(link)
	}
	_, start, _ := strings.Cut(strings.TrimSpace(link.String()), "?start=")
	telegram.say(2, 1, "/start "+start)
	var joined int
	if err := s.db.Get(&joined, `SELECT count(*) FROM workers WHERE chat_id = 2`); err != nil || joined != 1 {
		s.Fatalf("%d workers have joined (%v)", joined, err)
	}
}

// populate lets one worker join and one resident begin a request, and makes as many like that one as are needed.
func (s *submission) populate() {
	telegram := s.caller()
	defer telegram.Close()
	s.join(telegram)
	telegram.say(1, 2, "我妈妈走不动了，家里没人照顾，在从化区太平镇")
	s.exec(`UPDATE notices SET state = 'sent', sent_at = now(), message_id = 2`)
	others := fmt.Sprintf(`generate_series(%d, %d) AS n`, submitFirst, submitFirst+2*submitClients*submitEach)
	for _, like := range []string{ // the first one's rows, with the new one's number, and other words: nobody reports the same
		`chats SELECT (jsonb_populate_record(c, jsonb_build_object('id', n))).* FROM chats c, ` + others + ` WHERE id = 1`,
		`requests OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(r, jsonb_build_object('id', n, 'ref', n::text, 'chat_id', n, 'text', md5(n::text)))).* FROM requests r, ` + others,
		`messages OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(m, jsonb_build_object('id', n, 'update_id', n, 'chat_id', n, 'request_id', n))).* FROM messages m, ` + others + ` WHERE chat_id = 1`,
		`events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, jsonb_build_object('id', nextval(pg_get_serial_sequence('events', 'id')), 'request_id', n))).* FROM events e, ` + others,
		`notices OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(t, jsonb_build_object('id', n, 'chat_id', n, 'request_id', n))).* FROM notices t, ` + others + ` WHERE kind = 'understood'`,
	} {
		s.exec(`INSERT INTO ` + like)
	}
	s.exec(`VACUUM ANALYZE`)
}

// record has the server log the statements of one resident's update, and makes a script for pgbench of them: :n is the
// resident's number, and every other value is given to pgbench by its name.
func (s *submission) record(n int) (script string, values []string) {
	s.exec(`ALTER ROLE CURRENT_USER SET log_statement = 'all'; ALTER ROLE CURRENT_USER SET log_error_verbosity = 'default'`)
	s.reconnect()
	telegram := s.caller()
	defer telegram.Close()
	telegram.press(n)
	s.exec(`ALTER ROLE CURRENT_USER RESET ALL`)
	s.reconnect()
	s.next++
	log, err := os.ReadFile(filepath.Join(s.config.DataDir, "postgresql.log"))
	if err != nil {
		s.Fatal(err)
	}
	number := strconv.Itoa(n)
	for i, entry := range transaction(s, string(log)) {
		text := regexp.MustCompile(`\$(\d+)`).ReplaceAllStringFunc(entry.statement, func(parameter string) string {
			value, known := entry.values[parameter]
			name := fmt.Sprintf("s%d_%s", i, parameter[1:])
			switch {
			case !known:
				return "NULL"
			case value == "":
				return "''"
			case value == number:
				return ":n"
			case strings.Contains(value, number):
				values = append(values, "-D", name+"="+value)
				return fmt.Sprintf("CAST(replace(:%s, '%s', CAST(:n AS text)) AS jsonb)", name, number)
			}
			values = append(values, "-D", name+"="+value)
			return ":" + name
		})
		script += text + ";\n"
	}
	return fmt.Sprintf("\\set k :k + 1\n\\set n :first + :client_id * %d + :k\n", submitEach) + script, values
}

// reconnect ends the program's connections, so that new ones have new settings; the program makes them by itself.
func (s *submission) reconnect() {
	s.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`)
	(&world{TB: s, ctx: s.Context()}).eventually("it is ready", func() bool { return ready(s.address) })
}

// logged is one statement in the server's log, with its parameters; those that are missing are NULL.
type logged struct {
	statement string
	values    map[string]string
}

var (
	logEntry = regexp.MustCompile(`(?m)^[0-9-]+ [0-9:.]+ UTC \[(\d+)\] (\w+):  `)
	logValue = regexp.MustCompile(`(\$\d+) = (?:'((?:[^']|'')*)'|NULL)`)
)

// transaction is the one in the log that has taken an update, from BEGIN to COMMIT.
func transaction(b testing.TB, log string) []logged {
	b.Helper()
	byBackend := map[string][]logged{}
	at := logEntry.FindAllStringSubmatchIndex(log, -1)
	for i, m := range at {
		end := len(log)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		backend, kind, text := log[m[2]:m[3]], log[m[4]:m[5]], strings.TrimSpace(strings.ReplaceAll(log[m[1]:end], "\n\t", "\n"))
		all := byBackend[backend]
		if kind == "DETAIL" && len(all) > 0 {
			for _, v := range logValue.FindAllStringSubmatch(text, -1) {
				if !strings.HasSuffix(v[0], "= NULL") {
					all[len(all)-1].values[v[1]] = strings.ReplaceAll(v[2], "''", "'")
				}
			}
			continue
		}
		how, statement, found := strings.Cut(text, ": ")
		if !found || how != "statement" && !strings.HasPrefix(how, "execute") {
			continue
		}
		if strings.HasPrefix(statement, "BEGIN") {
			all = nil
		}
		all = append(all, logged{statement, map[string]string{}})
		byBackend[backend] = all
		if statement == "COMMIT" && len(all) > 1 && strings.Contains(all[1].statement, "INSERT INTO updates") {
			return all
		}
	}
	b.Fatalf("the log has no transaction of an update:\n%s", log)
	return nil
}

// submitAll has each client submit its residents' requests, and returns how many a second that were.
func (s *submission) submitAll() float64 {
	began := time.Now()
	var group sync.WaitGroup
	for client := range submitClients {
		group.Go(func() {
			telegram := s.caller()
			defer telegram.Close()
			for i := range submitEach {
				telegram.press(s.next + client*submitEach + i)
			}
		})
	}
	group.Wait()
	rate := float64(submitClients*submitEach) / time.Since(began).Seconds()
	s.next += submitClients * submitEach
	return rate
}

// pgbenchProgram is where PostgreSQL's pgbench is.
func pgbenchProgram(b testing.TB) string {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		b.Fatal("the benchmark needs pgbench, which comes with PostgreSQL")
	}
	return found[len(found)-1]
}

var tps = regexp.MustCompile(`tps = ([0-9.]+) \(without initial connection time\)`)

// pgbench runs the script for as many residents, and returns how many a second those were.
func (s *submission) pgbench(script string, values []string) float64 {
	file := filepath.Join(s.TempDir(), "submit.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"-n", "-M", "prepared", "-c", strconv.Itoa(submitClients), "-j", "2", "-t", strconv.Itoa(submitEach), "-f", file,
		"-D", "k=-1", "-D", "first=" + strconv.Itoa(s.next)}, values...)
	out, err := exec.CommandContext(ctx, pgbenchProgram(s), append(args, s.db.URL())...).CombinedOutput()
	found := tps.FindSubmatch(out)
	if err != nil || found == nil {
		s.Fatalf("pgbench: %v\n%s\n%s", err, out, script)
	}
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		s.Fatal(err)
	}
	s.next += submitClients * submitEach
	return rate
}

// check finds out whether both have done the whole work.
func (s *submission) check() {
	for _, table := range []string{`requests WHERE state = 'open' AND id`, `updates WHERE id`, `events WHERE kind = 'routed' AND request_id`,
		`notices WHERE kind = 'card' AND edits IS NULL AND request_id`, `notices WHERE kind = 'submitted' AND request_id`} {
		var n int
		if err := s.db.Get(&n, `SELECT count(*) FROM `+table+` >= $1`, submitFirst); err != nil || n != s.next-submitFirst {
			s.Fatalf("%d rows of %s (%v), want %d", n, table, err, s.next-submitFirst)
		}
	}
}
