package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"onedoor/intake"
)

var older = regexp.MustCompile(`href="([^"]*before=[^"]*)#story"`)

// TestLongStoriesStaySmall: the newest are on the page, all others behind links, each once, whatever somebody writes.
func TestLongStoriesStaySmall(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	const many = 500
	_, err := w.db.Exec(`
		INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, kind, text, said_at)
			SELECT r.bot_id, r.chat_id, 1000 + n, 100000 + n, r.id, 'resident', 'text', '№' || n || '.' || repeat('<', CASE WHEN n > 490 THEN 4000 ELSE 0 END),
				now() + interval '1 minute' * n FROM requests r, generate_series(1, $2) n WHERE r.ref = $1`, ref, many)
	w.must(err)
	_, err = w.db.Exec(`
		INSERT INTO events (request_id, at, kind, actor, data) SELECT request_id, said_at, 'said', 'resident', jsonb_build_object('message', id)
			FROM messages WHERE update_id > 100000 ORDER BY id`)
	w.must(err)
	_, err = w.db.Exec(`UPDATE requests SET text = repeat('<', 100000) WHERE ref = $1`, ref)
	w.must(err)
	loaded := 0
	for _, name := range []string{"static/admin.css", "static/live.js", "static/icon.svg"} {
		file, err := os.Stat(name)
		w.must(err)
		loaded += int(file.Size())
	}
	b := w.as("mei", "supervisor", taiping)
	pages, seen := 0, map[string]bool{}
	for next := path; next != "" && pages < 20; pages++ {
		a := b.get(next).is(http.StatusOK)
		if weight := len(a.body) + loaded; weight > 100_000 {
			t.Errorf("page %d weighs %d bytes", pages, weight)
		}
		words := regexp.MustCompile(`№\d+\.`).FindAllString(a.body, -1)
		if len(words) > 200 {
			t.Errorf("page %d has %d entries", pages, len(words))
		}
		for _, one := range words {
			if seen[one] {
				t.Errorf("%s is there twice", one)
			}
			seen[one] = true
		}
		next = ""
		if found := older.FindStringSubmatch(a.body); found != nil {
			next = strings.ReplaceAll(found[1], "&#43;", "+")
		}
	}
	if len(seen) != many || pages < 4 {
		t.Errorf("%d pages have %d of %d entries", pages, len(seen), many)
	}
	b.get(path+"?before=2001-01-01T00:00:00Z").is(http.StatusOK, "Timeline")
	b.get(path+"?before=%00'x").is(http.StatusOK, "№500.")
}

// TestStoryTellsWhatWasTold: to whom, and whether it arrived; whoever can't be reached stands beside the answer, too.
func TestStoryTellsWhatWasTold(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	_, err := w.db.Exec(`UPDATE notices SET state = 'sent', sent_at = created_at, message_id = id WHERE chat_id IN ($1, $2)`, firstChat, secondChat)
	w.must(err)
	w.press(firstChat, intake.ActClaim, ref, "")
	w.press(firstChat, intake.ActColleagues, ref, "0")
	w.press(firstChat, intake.ActAsk, ref, second)
	b := w.as("mei", "supervisor", taiping)
	page := b.get(path).is(http.StatusOK, "<time datetime=").text()
	for _, line := range []string{"丘子轩, ", ": the request · arrived", "resident: who has it now · not yet arrived", "Referred worker 丘子轩 asked to take it on · ", "asked to take it on · not yet"} {
		if !strings.Contains(page, line) {
			t.Errorf("the story lacks %q: %s", line, page)
		}
	}
	if strings.Contains(page, second) || strings.Contains(page, first) {
		t.Errorf("the story has codes: %s", page)
	}
	w.must(w.intake.Unreachable(t.Context(), testBot, 1))
	b.get(path).is(http.StatusOK, "The resident has blocked the bot")
}

// TestDiscreetPages: what nobody else may know stays out of what can be sent, and a contact of who stays unnamed is shown to nobody.
func TestDiscreetPages(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	w.act(7, intake.Said{Text: "我老公又打我，从化太平镇，救命"})
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = 7`))
	w.press(7, intake.ActUnnamed, ref, "")
	w.act(7, intake.Sent{Kind: intake.KindContact, Text: "+8613800138000 Li", Own: true})
	_, err := w.db.Exec(`INSERT INTO canned_replies (language, title, text) SELECT language, 'telling', 'I am at {station}' FROM chats WHERE id = 7`)
	w.must(err)
	path := "/admin/requests/" + ref
	b := w.as("mei", "administrator", "")
	b.get(path).is(http.StatusOK, "Somebody else may read", "They want to stay unnamed").lacks("13800138000", "I am at", ">7<")
	b.post(path+"/answer", "text", "您安全吗？").leadsTo(path)
	var args string
	w.must(w.db.Get(&args, `SELECT args::text FROM notices WHERE kind = 'worker_said'`))
	if strings.Contains(args, "mei") || !strings.Contains(fmt.Sprint(args), "message") {
		t.Errorf("the resident's notice says %s", args)
	}
}
