package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/internal/simulator"
)

// TestStrangeUpdates: whatever Telegram can bring gets a friendly answer or is passed over; nothing falls over, and
// whoever comes after isn't held up.
func TestStrangeUpdates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	from := `"date":1,"from":{"id":7,"first_name":"May","language_code":"en"},"chat":{"id":7,"type":"private"}`
	for i, body := range []string{
		`{"message":{"message_id":1,` + from + `,"sticker":{"file_id":"s","file_unique_id":"u","type":"regular","width":1,"height":1}}}`,
		`{"message":{"message_id":2,` + from + `,"dice":{"emoji":"🎲","value":3}}}`,
		`{"message":{"message_id":3,` + from + `,"poll":{"id":"1","question":"is the old well safe","options":[{"text":"no, it is not"}]}}}`,
		`{"message":{"message_id":20,` + from + `,"pinned_message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"}}}}`,
		`{"message":{"message_id":21,` + from + `,"message_auto_delete_timer_changed":{"message_auto_delete_time":86400}}}`,
		`{"message":{"message_id":4,` + from + `,"forward_origin":{"type":"hidden_user","sender_user_name":"x","date":1},"text":"forwarded"}}`,
		`{"message":{"message_id":5,` + from + `,"story":{"chat":{"id":1,"type":"private"},"id":1}}}`,
		`{"message":{"message_id":6,` + from + `,"contact":{"phone_number":"","first_name":""}}}`,
		`{"message":{"message_id":7,` + from + `,"venue":{"location":{"latitude":23.4,"longitude":113.4},"title":"Taiping clinic","address":"y"},"location":{"latitude":23.4,"longitude":113.4}}}`,
		`{"message":{"message_id":8,` + from + `,"text":"` + strings.Repeat("😀", 2048) + `"}}`,
		`{"message":{"message_id":9,` + from + `,"text":"a\u0000b\u202e\ud800c"}}`,
		`{"message":{"message_id":10,` + from + `,"new_chat_members":[{"id":9,"first_name":""}]}}`,
		`{"message":{"message_id":11,"date":1,"chat":{"id":7,"type":"private"},"text":"nobody said this"}}`,
		`{"message":{"message_id":12,"date":1,"from":{"id":8,"is_bot":true,"first_name":"other"},"chat":{"id":8,"type":"private"},"text":"beep"}}`,
		`{"message":{"message_id":13,"date":1,"from":{"id":9,"first_name":""},"chat":{"id":9,"type":"private"},"text":"a deleted account"}}`,
		`{"message":{"message_id":14,"date":1,"from":{"id":7,"first_name":"May"},"chat":{"id":-100,"type":"supergroup"},"text":"in a group"}}`,
		`{"channel_post":{"message_id":15,"date":1,"chat":{"id":-101,"type":"channel"},"text":"in a channel"}}`,
		`{"edited_message":{"message_id":99,"edit_date":2,` + from + `,"text":"an edit of what never was"}}`,
		`{"callback_query":{"id":"1","from":{"id":7,"first_name":"May"},"chat_instance":"x"}}`,
		`{"callback_query":{"id":"2","from":{"id":7,"first_name":"May"},"chat_instance":"x","data":"claim:` + strings.Repeat("X", 60) + `:"}}`,
		`{"callback_query":{"id":"3","from":{"id":7,"first_name":"May"},"chat_instance":"x","data":"confirm::","message":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"}}}}`,
		`{"my_chat_member":{"chat":{"id":7,"type":"private"},"from":{"id":7,"first_name":"May"},"date":1,"old_chat_member":{"status":"member","user":{"id":1,"is_bot":true,"first_name":"b"}},"new_chat_member":{"status":"kicked","user":{"id":1,"is_bot":true,"first_name":"b"},"until_date":0}}}`,
		`{"something_new":{"id":1}}`,
	} {
		if _, err := w.telegram.Raw(w.bot, strings.Replace(body, "{", fmt.Sprintf(`{"update_id":%d,`, 400_000_000+i), 1)); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
	}
	other := w.person(2, "Lin", "en")
	other.send("I need a wheelchair for my father")
	other.see("send your location")
	w.eventually("everything is confirmed", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d of them made trouble", n)
	}
	for _, words := range []string{"is the old well safe\nno, it is not", "Taiping clinic y"} {
		if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE '%` + words + `'`); n != 1 {
			t.Errorf("%q is kept %d times", words, n)
		}
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE message_id IN (10, 20, 21)`); n != 0 {
		t.Errorf("%d of Telegram's own messages were taken for a resident's", n)
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE chat_id NOT IN (2, 7, 9)`); n != 0 {
		t.Errorf("%d words of bots, groups or nobody were taken for a resident's", n)
	}
}

// TestGroupMoves: what is to be told to a group follows it when it becomes a supergroup.
func TestGroupMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.telegram.Fail(simulator.Fault{Chat: -55, Error: &simulator.Error{Code: 400, MigrateTo: -100055,
		Description: "Bad Request: group chat was upgraded to a supergroup chat"}})
	_, err := w.server.db.Exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT id, -55, 'en', now() FROM bots`)
	if err == nil {
		_, err = w.server.db.Exec(`INSERT INTO notices (bot_id, chat_id, kind, created_at, next_try_at) SELECT id, -55, 'help', now(), now() FROM bots`)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.eventually("the notice has moved", func() bool { return w.count(`SELECT count(*) FROM notices WHERE chat_id = -100055`) == 1 })
}

// TestCleanStop: a process that is told to stop while sends hang ends by itself, and well.
func TestCleanStop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	binary := filepath.Join(t.TempDir(), "onedoor")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	c := newStopped(w, binary)
	c.telegram.Fail(simulator.Fault{Method: "sendMessage", Times: 3, Hang: true})
	for i := range 3 {
		c.telegram.User(simulator.Profile{ID: int64(20 + i), FirstName: "x", Language: "en"}).Send(c.bot, "/help")
	}
	w.eventually("the sends hang", func() bool {
		return w.count(`SELECT count(*) FROM notices WHERE state = 'waiting'`) >= 3
	})
	time.Sleep(100 * time.Millisecond) // so that they are under way
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(patience):
		t.Error("it does not stop")
		_ = c.cmd.Process.Kill()
	}
}

// stopped is a process of another bot on the world's database.
type stopped struct {
	telegram *simulator.Simulator
	bot      *simulator.Bot
	cmd      *exec.Cmd
}

func newStopped(w *world, binary string) *stopped {
	w.Helper()
	token := simulator.Token(4343)
	bot, err := w.telegram.AddBot(token, "onedoor_other_bot")
	if err != nil {
		w.Fatal(err)
	}
	address := freeAddress(w)
	cmd := exec.Command(binary, "serve")
	cmd.Env = append(os.Environ(), "DATABASE_URL="+w.config.DatabaseURL, "ONEDOOR_LISTEN="+address, "TELEGRAM_BOT_TOKEN="+token,
		"TELEGRAM_API_URL="+w.config.APIURL)
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = cmd.Process.Kill() })
	w.eventually("the other process is ready", func() bool { return ready(address) })
	return &stopped{w.telegram, bot, cmd}
}
