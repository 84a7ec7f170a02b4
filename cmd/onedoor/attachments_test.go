package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/internal/simulator"
)

const (
	pngHead = "\x89PNG\r\n\x1a\n" // what a picture begins with
	oggHead = "OggS\x00"          // what a voice begins with
)

// kept waits until so many copies are kept.
func (w *world) kept(n int) {
	w.Helper()
	w.eventually(fmt.Sprintf("%d files are kept", n), func() bool {
		return w.count(`SELECT count(*) FROM attachments WHERE state = 'kept'`) == n
	})
}

// copies are the files in the data directory, by name.
func (w *world) copies() map[string]string {
	w.Helper()
	all := map[string]string{}
	dir := filepath.Join(w.config.DataDir, "files")
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		w.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		info, statErr := os.Stat(path)
		if err != nil || statErr != nil || info.Mode().Perm() != 0o600 {
			w.Fatalf("%s has the mode %v (%v, %v)", path, info.Mode(), err, statErr)
		}
		all[strings.TrimPrefix(path, dir+"/")] = string(content)
	}
	return all
}

// uploads counts the calls of a method with which a file was uploaded, and those with which it was sent by its id.
func (w *world) uploads(method string) (uploaded, byID int) {
	for _, c := range w.telegram.Calls() {
		if strings.EqualFold(c.Method, method) && c.Code == 200 {
			if kind := strings.ToLower(strings.TrimPrefix(c.Method, "send")); c.Params[kind] == "" || strings.HasPrefix(c.Params[kind], "attach://") {
				uploaded++
			} else {
				byID++
			}
		}
	}
	return uploaded, byID
}

// TestFilesAreKept: a picture, an album of ten, a voice and a file that is not what it is called reach the worker, and a copy
// of each is kept, known by its content.
func TestFilesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.Photo(w.bot, []byte(pngHead+"alone"), "his old chair")
	var album [][]byte
	for i := range 10 {
		album = append(album, fmt.Appendf(nil, "%spicture %d", pngHead, i))
	}
	resident.Album(w.bot, "his room", album...)
	resident.Voice(w.bot, []byte(oggHead+"hello"), 3)
	resident.Document(w.bot, "..\\..\x00/holiday\u202egpj.jpg", []byte("<html><script>alert(1)</script>"), "")
	w.eventually("the worker has all of it", func() bool {
		voices, documents := 0, 0
		for _, m := range worker.Chat(w.bot) {
			if m.FromBot() && m.Voice != nil {
				voices++
			}
			if m.FromBot() && m.Document != nil {
				documents++
			}
		}
		return worker.pictures() == 11 && voices == 1 && documents == 1
	})
	w.kept(13)
	for kind, want := range map[string]int{"image/png": 11, "application/ogg": 1, "text/html; charset=utf-8": 1} {
		if n := w.count(`SELECT count(*) FROM attachments WHERE content_type = '` + kind + `'`); n != want {
			t.Errorf("%d files are %s, want %d", n, kind, want)
		}
	}
	if n := w.count(`SELECT count(*) FROM attachments WHERE name = 'holidaygpj.jpg' AND content_type LIKE 'text/html%' AND sha256 = sha256('<html><script>alert(1)</script>')`); n != 1 {
		t.Error("the file that lies is not known for what it is")
	}
	if copies := w.copies(); len(copies) != 13 {
		t.Errorf("%d files are in the data directory, want 13", len(copies))
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE kind = 'added' AND edits IS NULL`); n != 4 {
		t.Errorf("the resident is told %d times that it was passed on, want 4", n)
	}
}

// TestTwentyMegabytes: the largest file that Telegram gives to a bot is kept. A larger one is passed on all the same, and is
// no trouble.
func TestTwentyMegabytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	largest := append([]byte(oggHead), bytes.Repeat([]byte("a"), 20<<20-len(oggHead))...)
	resident.Voice(w.bot, largest, 600)
	resident.Voice(w.bot, append(largest, 'a'), 600)
	w.kept(1)
	w.eventually("the larger one is known to be too big", func() bool { return w.count(`SELECT count(*) FROM attachments WHERE state = 'too_big'`) == 1 })
	w.eventually("the worker has both", func() bool {
		n := 0
		for _, m := range worker.Chat(w.bot) {
			if m.FromBot() && m.Voice != nil {
				n++
			}
		}
		return n == 2
	})
	if n := w.count(`SELECT count(*) FROM attachments WHERE size = 20971520`) - w.count(`SELECT count(*) FROM troubles`); n != 1 {
		t.Error("the largest is not kept whole, or the larger one is a trouble")
	}
	if copies := w.copies(); len(copies) != 1 {
		t.Errorf("%d files are in the data directory, want one", len(copies))
	}
}

// TestCrashWhileKeeping: what was fetched and not recorded, and what could not be fetched, is kept at the next try, once.
func TestCrashWhileKeeping(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.exec(`CREATE SEQUENCE crashes;
		CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('crashes') = 1 THEN RAISE EXCEPTION 'the power is gone'; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER crash BEFORE UPDATE ON attachments FOR EACH ROW EXECUTE FUNCTION crash()`)
	w.telegram.Fail(simulator.Fault{Method: "getFile", Error: &simulator.Error{Code: 500, Description: "Internal Server Error"}})
	resident, _, _ := claimed(w)
	resident.Photo(w.bot, []byte(pngHead), "")
	w.kept(1)
	if n := w.count(`SELECT last_value FROM crashes`); n != 2 {
		t.Errorf("it was recorded %d times, want one crash before it", n)
	}
	if copies := w.copies(); len(copies) != 1 {
		t.Errorf("the data directory has %q", copies)
	}
}

// TestGoneFile: a file that Telegram has no more is given up, and is no trouble.
func TestGoneFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, _, _ := claimed(w)
	w.telegram.Fail(simulator.Fault{Method: "getFile", Times: -1, Error: &simulator.Error{Code: 400, Description: "Bad Request: wrong file_id or the file is temporarily unavailable"}})
	resident.Photo(w.bot, []byte(pngHead), "")
	deadline := time.Now().Add(time.Minute) // River waits for longer after each try
	for w.count(`SELECT count(*) FROM attachments WHERE state = 'gone'`) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("it is not given up")
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(w.copies())+w.count(`SELECT count(*) FROM troubles`) > 0 {
		t.Error("a file that is gone left something behind")
	}
}

// TestDeletedMessage: what a resident has sent and then deleted reaches who claims their request: from the copy, and where
// that is not on this machine, by Telegram's id of it.
func TestDeletedMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, colleague := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	resident := w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	resident.Photo(w.bot, []byte(pngHead), "his old chair")
	resident.Voice(w.bot, []byte(oggHead), 3)
	resident.Document(w.bot, "form.pdf", []byte("%PDF-1"), "")
	w.kept(3)
	w.rests()
	for _, m := range resident.Chat(w.bot) {
		if !m.FromBot() && m.Text == "" && m.Location == nil {
			resident.Delete(w.bot, m.ID)
		}
	}
	worker.press("Claim")
	w.eventually("the worker has the picture", func() bool { return worker.pictures() == 1 })
	w.rests()
	for _, method := range []string{"sendPhoto", "sendVoice", "sendDocument"} {
		if uploaded, byID := w.uploads(method); uploaded != 1 || byID != 0 {
			t.Errorf("%s: %d were uploaded and %d sent by their id, want one uploaded", method, uploaded, byID)
		}
	}
	if m := worker.see("from the resident\nhis old chair"); len(m.Photo) == 0 || m.ReplyTo == nil {
		t.Errorf("the caption stands at %+v", m.Content)
	}
	if err := os.RemoveAll(filepath.Join(w.config.DataDir, "files")); err != nil {
		t.Fatal(err)
	}
	worker.press("Release")
	w.rests()
	colleague.press("Claim") // whoever has been given it already is not given it again
	w.eventually("the colleague has the picture", func() bool { return colleague.pictures() == 1 })
	w.rests()
	if _, byID := w.uploads("sendVoice"); byID != 1 || colleague.texts("can't be passed on") > 0 {
		t.Errorf("%d voices were sent by their id", byID)
	}
}

// TestErasedFiles: the copies of what is erased are swept away, and no others.
func TestErasedFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, _, _ := claimed(w)
	resident.Photo(w.bot, []byte(pngHead+"erase me"), "")
	resident.Photo(w.bot, []byte(pngHead+"keep me"), "")
	w.kept(2)
	w.exec(`UPDATE messages SET file_id = '' WHERE id = (SELECT min(message_id) FROM attachments)`)
	later := filepath.Join(w.config.DataDir, "files", "4242", "999999-aa")
	if err := os.WriteFile(later, []byte("of a database that was restored since"), 0o600); err != nil {
		t.Fatal(err)
	}
	sweep := func() map[string]string {
		if err := w.server.intake.SweepFiles(w.ctx, w.bot.ID()); err != nil {
			t.Fatal(err)
		}
		return w.copies()
	}
	if copies := sweep(); len(copies) != 3 {
		t.Errorf("what may be about to be recorded is swept: %q", copies)
	}
	for name := range w.copies() {
		long := time.Now().Add(-2 * time.Hour)
		if err := os.Chtimes(filepath.Join(w.config.DataDir, "files", name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	copies := sweep()
	if len(copies) != 2 {
		t.Errorf("swept, there are %q", copies)
	}
	for _, content := range copies {
		if strings.Contains(content, "erase me") {
			t.Error("what was erased is still there")
		}
	}
}

// TestPicturesOfADraft: what comes without words is counted on the card that stands there, and nothing is said again.
func TestPicturesOfADraft(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		p.send(wheelchair)
		p.seeButton(say.button("confirm"))
		w.rests()
		told := w.count(`SELECT count(*) FROM notices WHERE edits IS NULL`)
		p.Photo(w.bot, []byte(pngHead+"one"), "")
		p.Document(w.bot, "paper.pdf", []byte("%PDF-1"), "")
		for range 3 {
			p.ContactOf(w.bot, "Li", "13800138000", 0)
		}
		p.see("📎5")
		p.see(say("contact_other", nil))
		w.rests()
		if n := w.count(`SELECT count(*) FROM notices WHERE edits IS NULL`) - told; n != 1 || p.withButton(say.button("confirm")) != 1 {
			t.Errorf("five things without words made %d messages, want one that says whose number it is", n)
		}
		p.press(say.button("cancel"))
		w.rests()
	})
}
