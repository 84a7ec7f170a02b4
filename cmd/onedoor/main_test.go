package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onedoor/admin"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/simulator"
	"onedoor/prompts"
)

// try runs the program and returns its exit code and what it wrote.
func try(t *testing.T, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(stdin), &stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBadInput: a clear sentence, the right exit code, nothing half-done.
// TestReportDefinitions: what the figures mean is said without a database, in the words of their page.
func TestReportDefinitions(t *testing.T) {
	t.Parallel()
	for _, lang := range admin.Languages() {
		want, err := admin.Definitions(lang)
		code, out, errs := try(t, "", "report", "--definitions", lang)
		if err != nil || code != exitDone || out != want+"\n" || len(want) < 500 {
			t.Errorf("in %s it exits with %d and says %q %q, want %q, %v", lang, code, out, errs, want, err)
		}
	}
	if code, _, errs := try(t, "", "report", "--definitions", "fr"); code != exitUsage || !strings.Contains(errs, "fr") {
		t.Errorf("in French it exits with %d and says %q", code, errs)
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	db := databasetest.URL(t)
	telegram := simulator.New(simulator.Options{})
	api := httptest.NewServer(telegram)
	t.Cleanup(func() { telegram.Close(); api.Close() })
	used, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { used.Close() })
	serve := []string{"serve", "--database-url", db, "--telegram-api-url", api.URL}

	stations := write(t, "stations.csv", "code,name,county_code,lat,lon,datum,phone,categories,hours\n"+
		"a,A,1,23,113,wgs84,,,\nb,,1,123,113,mars,abc,cooking,Xx 9-5\na,A2,1,23,113,,,,\n")
	header := write(t, "workers.csv", "code,name\nw,W\n")
	route := []string{"route", "--database-url", db}
	for name, test := range map[string]struct {
		stdin string
		args  []string
		code  int
		says  []string
	}{
		"no command":       {"", nil, exitUsage, []string{"serve"}},
		"unknown flag":     {"", []string{"serve", "--colour"}, exitUsage, []string{"--colour"}},
		"unknown command":  {"", []string{"dance"}, exitUsage, []string{"dance"}},
		"no token":         {"", serve, exitUsage, []string{"TELEGRAM_BOT_TOKEN is not set", "@BotFather"}},
		"malformed token":  {"", append(serve, "--telegram-bot-token", "hello"), exitUsage, []string{"not a bot token"}},
		"refused token":    {"", append(serve, "--onedoor-listen", "127.0.0.1:0", "--telegram-bot-token", "7:no"), exitFailed, []string{"refuses TELEGRAM_BOT_TOKEN"}},
		"port in use":      {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-listen", used.Addr().String()), exitFailed, []string{"--onedoor-listen"}},
		"bad secret":       {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-public-url", "https://x", "--telegram-webhook-secret", "a b"), exitUsage, []string{"letters, digits"}},
		"no speed":         {"", append(serve, "--telegram-bot-token", "7:no", "--telegram-per-second=-1"), exitUsage, []string{"TELEGRAM_PER_SECOND", "more than 0"}},
		"never slowed":     {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-messages-per-minute=100000"), exitUsage, []string{"ONEDOOR_MESSAGES_PER_MINUTE", "1000"}},
		"claiming nothing": {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-claim-limit=-1"), exitUsage, []string{"ONEDOOR_CLAIM_LIMIT", "at least 1"}},
		"no time of day":   {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-digest-at=25:00"), exitUsage, []string{"ONEDOOR_DIGEST_AT", "08:00"}},
		"not an address":   {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-listen", "nonsense"), exitUsage, []string{"nonsense", "127.0.0.1:8080"}},
		"nothing to eval":  {"", []string{"eval", write(t, "empty.tsv", "")}, exitFailed, []string{"no message"}},
		"route to nowhere": {"lat,lon,category\n0,0,health\n", route, exitFailed, []string{"0, 0"}},
		"tiles of nowhere": {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-tiles=https://tiles.example/"), exitUsage, []string{"ONEDOOR_TILES", "{z}/{x}/{y}.png"}},
		"keeping too long": {"", append(serve, "--telegram-bot-token", "7:no", "--onedoor-keep-days=-1"), exitUsage, []string{"ONEDOOR_KEEP_DAYS", "0 to keep"}},
		"secret alone":     {"", append(serve, "--telegram-bot-token", "7:no", "--telegram-webhook-secret", "s"), exitUsage, []string{"ONEDOOR_PUBLIC_URL"}},
		"database is away": {"", []string{"requests", "--database-url", "postgres://u@127.0.0.1:1/x"}, exitFailed, []string{"127.0.0.1:1"}},
		"not a database":   {"", []string{"requests", "--database-url", "mysql://x"}, exitFailed, []string{"DATABASE_URL"}},
		"bad stations": {"", []string{"import", "stations", stations, "--database-url", db}, exitFailed,
			[]string{"nothing was imported", "line 3", "name is missing", "mars", "cooking", "line 4", `"a" stands in line 2`}},
		"missing column":    {"", []string{"import", "workers", header, "--database-url", db}, exitFailed, []string{`lacks the column "station"`}},
		"no such file":      {"", []string{"import", "workers", "/nowhere.csv", "--database-url", db}, exitUsage, []string{"/nowhere.csv"}},
		"unknown worker":    {"", []string{"invite", "nobody", "--database-url", db, "--telegram-bot-token", "7:no"}, exitFailed, []string{"nobody"}},
		"a zero byte":       {"", []string{"invite", "a\x00", "--database-url", db}, exitUsage, []string{"zero byte"}},
		"a station's zero":  {"", []string{"admin", "create", "b", "--station", "\x00", "--database-url", db}, exitUsage, []string{"zero byte"}},
		"route no header":   {"23,113,health\n", route, exitFailed, []string{"lat,lon,category"}},
		"route bad line":    {"lat,lon,category\n23,113,health\nnorth,113,health\n", route, exitFailed, []string{"line 3", "north"}},
		"route bad key":     {"lat,lon,category\n23,113,cooking\n", route, exitFailed, []string{"cooking"}},
		"account's name":    {"", []string{"admin", "create", "a b", "--database-url", db}, exitFailed, []string{"a b"}},
		"unknown role":      {"", []string{"admin", "create", "a", "--role", "king", "--database-url", db}, exitUsage, []string{"king"}},
		"report by moon":    {"", []string{"report", "--by", "moon", "--database-url", db}, exitUsage, []string{"moon"}},
		"backup where":      {"", []string{"backup", "--database-url", db}, exitUsage, []string{"file"}},
		"backup nowhere":    {"", []string{"backup", "/nowhere/file", "--database-url", db}, exitFailed, []string{"/nowhere"}},
		"restore what":      {"", []string{"restore", "/nowhere/file", "--database-url", db}, exitUsage, []string{"/nowhere/file"}},
		"restore no empty":  {"", []string{"restore", header, "--database-url", db}, exitFailed, []string{"not empty", "--replace"}},
		"restore nonsense":  {"", []string{"restore", header, "--replace", "--database-url", db}, exitFailed, []string{"nothing was changed"}},
		"report backwards":  {"", []string{"report", "--from", "2026-12-01", "--to", "2026-01-01", "--database-url", db}, exitUsage, []string{"--from must be before --to"}},
		"report the future": {"", []string{"report", "--from", "2999-12-01", "--database-url", db}, exitUsage, []string{"not in the future"}},
		"no such day":       {"", []string{"report", "--from", "2026-02-30", "--database-url", db}, exitUsage, []string{"2026-02-30"}},
		"report yesterday":  {"", []string{"report", "--from", "yesterday", "--database-url", db}, exitUsage, []string{"yesterday"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := telegram.AddBot("8:"+name, "other"); err != nil {
				t.Fatal(err)
			}
			code, out, errs := try(t, test.stdin, test.args...)
			if code != test.code {
				t.Errorf("exit code %d, want %d: %s", code, test.code, errs)
			}
			for _, words := range test.says {
				if !strings.Contains(errs, words) {
					t.Errorf("it does not say %q: %s", words, errs)
				}
			}
			if strings.Contains(errs, "panic") || strings.Contains(errs, "goroutine") {
				t.Errorf("it shows its bones: %s", errs)
			}
			if out != "" && name != "route bad line" {
				t.Errorf("stdout has %q", out)
			}
		})
	}
	if code, out, errs := try(t, "lat,lon,category\n23,113,\n", route...); code != exitDone || !strings.Contains(out, `"station":null`) {
		t.Errorf("after a refused import there must be no station: %d %s %s", code, out, errs)
	}
}

func TestClassifyCommand(t *testing.T) {
	t.Parallel()
	code, out, errs := try(t, "我妈妈走不动了\n\nhe will kill me, help\n", "classify", "--offline")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines for three messages: %s", len(lines), out)
	}
	var first, empty, third map[string]any
	for i, into := range []*map[string]any{&first, &empty, &third} {
		if err := json.Unmarshal([]byte(lines[i]), into); err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"text", "category", "categories", "urgency", "crisis", "groups", "confidence", "source"} {
			if _, ok := (*into)[field]; !ok {
				t.Errorf("line %d lacks %s: %s", i+1, field, lines[i])
			}
		}
	}
	if first["category"] != "elderly_disabled_care" || third["crisis"] != "violence" || third["urgency"] != "emergency" || empty["category"] != "" {
		t.Errorf("understood wrongly: %s", out)
	}
}

// TestShowMasked: it shows all that would leave the machine, which is nothing of what identifies people, and of a cry for
// help nothing at all.
func TestShowMasked(t *testing.T) {
	t.Parallel()
	code, out, errs := try(t, "我叫张伟，电话13812345678，工资没发\nhe will kill me, help\n", "classify", "--show-masked")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var lines [2]struct {
		Masked   string
		Question *struct {
			Message  string
			Examples []prompts.Example
		}
	}
	for i, line := range strings.SplitN(strings.TrimSpace(out), "\n", 2) {
		if err := json.Unmarshal([]byte(line), &lines[i]); err != nil {
			t.Fatal(err)
		}
	}
	asked := lines[0].Question
	if asked == nil || asked.Message != "我叫[name]，电话[phone]，工资没发" || lines[0].Masked != asked.Message || len(asked.Examples) == 0 {
		t.Errorf("it would ask %s", out)
	}
	if lines[1].Question != nil {
		t.Errorf("of a cry for help it would ask %+v", lines[1].Question)
	}
}

func TestEvalCommand(t *testing.T) {
	t.Parallel()
	file := write(t, "set.tsv", "elderly_disabled_care\t我妈妈走不动了，家里没人照顾\nfire_safety\t灭火器过期了在哪里换\neducation\t灭火器\n")
	code, out, _ := try(t, "", "eval", file)
	if code != exitDone || !strings.Contains(out, "accuracy\t0.6667") || !strings.Contains(out, "fire_safety") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestNotReadyWithoutTelegram(t *testing.T) {
	t.Parallel()
	c := &config{}
	s := &server{config: c, metrics: newRegistry()}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200, "/admin/": 503, "/nothing": 404} {
		answer := httptest.NewRecorder()
		s.routes().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != want {
			t.Errorf("%s answers %d, want %d", path, answer.Code, want)
		}
	}
}

// TestReadingMakesNothing: a command that only reads makes no database, and says where one may be.
func TestReadingMakesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	where := []string{"--onedoor-data-dir", dir, "--database-url", ""}
	commands := [][]string{{"requests"}, {"report"}, {"route"}, {"invite", "w"}, {"backup", filepath.Join(t.TempDir(), "file")}}
	for _, args := range commands {
		code, out, errs := try(t, "lat,lon,category\n23,113,\n", append(args, where...)...)
		if code != exitFailed || out != "" || !strings.Contains(errs, "there is no database yet in "+dir+"; `onedoor serve`") {
			t.Errorf("%s: exit code %d, %q, %q", args[0], code, out, errs)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading has made the data directory")
	}
	if err := os.MkdirAll(filepath.Join(dir, "demo", "postgresql"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, errs := try(t, "", append([]string{"report"}, where...)...); !strings.Contains(errs, "--onedoor-data-dir "+filepath.Join(dir, "demo")) {
		t.Errorf("it does not name the demo's directory: %s", errs)
	}
}

// TestQuiet: what goes as it should says nothing beside its output, unless asked to.
func TestQuiet(t *testing.T) {
	t.Parallel()
	db := databasetest.URL(t)
	for _, args := range [][]string{{"requests"}, {"report"}, {"admin", "create", "mei"}} {
		if code, _, errs := try(t, "", append(args, "--database-url", db)...); code != exitDone || errs != "" {
			t.Errorf("%s: exit code %d and on stderr %q", args[0], code, errs)
		}
	}
	places := write(t, "places.csv", "code,name,level,parent,lat,lon,datum\n44,广东省,province,,23.1,113.3,\n")
	if code, _, errs := try(t, "", "import", "places", places, "--database-url", db); code != exitDone || errs != "places: 1 added, 0 changed, 0 unchanged\n" {
		t.Errorf("import: exit code %d and on stderr %q", code, errs)
	}
	code, out, errs := try(t, "lat,lon,category\n18.5,115,health\n", "route", "--database-url", db)
	if code != exitDone || !strings.Contains(out, `"station":null`) || !strings.Contains(errs, "line 2: 18.5, 115 is in the sea") {
		t.Errorf("a position in the sea: exit code %d, %q, %q", code, out, errs)
	}
	if code, out, _ := try(t, "", "--version"); code != exitDone || !strings.HasPrefix(out, "onedoor ") {
		t.Errorf("--version: exit code %d and %q", code, out)
	}
	_, out, _ = try(t, "", "report", "--help")
	if own, common := strings.Index(out, "--by"), strings.Index(out, "--telegram-bot-token"); own < 0 || common < own {
		t.Errorf("the command's own flags must come first:\n%s", out)
	}
}

// TestSecretsAreKept: whatever fails, neither the token nor a key nor a password is shown.
func TestSecretsAreKept(t *testing.T) {
	const secret = "sesame0815"
	for name, value := range map[string]string{"TELEGRAM_BOT_TOKEN": "7:" + secret, "OPENAI_API_KEY": secret, "TELEGRAM_WEBHOOK_SECRET": secret,
		"ONEDOOR_PUBLIC_URL": "https://onedoor.example", "OPENAI_BASE_URL": "http://127.0.0.1:1", "OPENAI_MODEL": "m", "ONEDOOR_LISTEN": "127.0.0.1:0"} {
		t.Setenv(name, value)
	}
	used, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer used.Close()
	telegram := simulator.New(simulator.Options{})
	api := httptest.NewServer(telegram)
	defer api.Close()
	defer telegram.Close()
	db := databasetest.URL(t)
	for name, args := range map[string][]string{
		"help":          {"serve", "--help"},
		"unknown flag":  {"serve", "--colour"},
		"refused token": {"serve", "--database-url", db, "--telegram-api-url", api.URL},
		"port in use":   {"serve", "--database-url", db, "--onedoor-listen", used.Addr().String()},
		"no database":   {"requests", "--database-url", "postgres://u:" + secret + "@127.0.0.1:1/x"},
		"bad database":  {"requests", "--database-url", "postgres://u:" + secret + "@127.0.0.1:port/x"},
		"wrong driver":  {"requests", "--database-url", "mysql://u:" + secret + "@127.0.0.1/x"},
		"no Telegram":   {"invite", "w-1", "--database-url", db, "--telegram-api-url", "http://127.0.0.1:1"},
		"no model":      {"classify"},
		"bad token":     {"serve", "--telegram-bot-token", secret, "--database-url", db},
	} {
		code, out, errs := try(t, "我妈妈走不动了\n", args...)
		if strings.Contains(out+errs, secret) {
			t.Errorf("%s (exit code %d) shows a secret: %s%s", name, code, out, errs)
		}
	}
}
