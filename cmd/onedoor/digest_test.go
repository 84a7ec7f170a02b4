package main

import (
	"context"
	"fmt"
	"image/png"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onedoor/internal/simulator"
)

// tenInTheMorning has it be between ten and eleven at all stations.
func (w *world) tenInTheMorning() {
	w.Helper()
	ahead := 10 - time.Now().UTC().Hour() // of UTC; zones of this kind are named the other way round
	w.exec(`UPDATE stations SET time_zone = '` + fmt.Sprintf("Etc/GMT%+d", -ahead) + `'`)
	if err := w.server.intake.Router.Reload(w.ctx); err != nil {
		w.Fatal(err)
	}
}

// again starts another process on the world's database, until the function that it returns is called.
func (w *world) again() (stop func()) {
	w.Helper()
	running, cancel := context.WithCancel(w.ctx)
	started, ended := make(chan struct{}), make(chan error, 1)
	c := w.config
	c.DataDir = w.TempDir()
	go func() {
		ended <- serve(running, &c, slog.New(slog.NewTextHandler(w.Output(), nil)), func(context.Context, *server) error {
			close(started)
			return nil
		})
	}()
	select {
	case <-started:
	case err := <-ended:
		w.Fatalf("another process did not start: %v", err)
	}
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.Errorf("another process ended with %v", err)
		}
	}
}

// digests are those in a chat that came with a picture, and alone.
func (p *person) digests() (pictured, plain []simulator.Message) {
	for _, m := range p.Chat(p.w.bot) {
		switch {
		case m.FromBot() && len(m.Photo) > 0 && strings.HasPrefix(m.Caption, "☀️"):
			pictured = append(pictured, m)
		case m.FromBot() && strings.HasPrefix(m.Text, "☀️"):
			plain = append(plain, m)
		}
	}
	return pictured, plain
}

// nextMorning sends digests as if the last had come the day before, and waits until they are there.
func (w *world) nextMorning() {
	w.Helper()
	w.exec(`UPDATE digests SET day = day - 1`)
	if err := w.server.intake.SendDigests(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.rests()
}

// TestDigestInTheChat: a supervisor's phone shows the morning digest with its picture, once however many processes start; /digest off
// ends it, /digest on brings it back, and where Telegram takes no picture the words come alone.
func TestDigestInTheChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) { c.DigestAt = "10:00" })
	w.tenInTheMorning()
	worker := w.worker(902, "w-440117-2-2")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	supervisor := w.worker(901, "w-440117-2-1")
	w.rests()
	defer w.again()()
	defer w.again()()
	w.eventually("the digest comes", func() bool { pictured, _ := supervisor.digests(); return len(pictured) > 0 })
	w.rests()
	pictured, plain := supervisor.digests()
	if len(pictured) != 1 || len(plain) != 0 {
		t.Fatalf("%d come with a picture, %d without", len(pictured), len(plain))
	}
	for _, words := range []string{"Requests: 0 (0)", "Now overdue: 0 · waiting: 1", "/digest off"} {
		if !strings.Contains(pictured[0].Caption, words) {
			t.Errorf("it lacks %q: %s", words, pictured[0].Caption)
		}
	}
	file, _, err := w.server.bot.File(w.ctx, w.server.bot.ID, pictured[0].Photo[1].FileID)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if picture, err := png.Decode(file); err != nil || picture.Bounds().Dx() != pictured[0].Photo[1].Width {
		t.Errorf("the picture is none: %v", err)
	}
	if pictured, plain := worker.digests(); len(pictured)+len(plain) != 0 {
		t.Errorf("a worker reads %v %v", pictured, plain)
	}

	supervisor.send("/digest off")
	supervisor.see("You get no morning digest")
	w.nextMorning()
	if pictured, _ := supervisor.digests(); len(pictured) != 1 {
		t.Errorf("turned off, there are %d", len(pictured))
	}
	supervisor.send("/digest on")
	supervisor.see("You get the morning digest")
	w.nextMorning()
	if pictured, _ := supervisor.digests(); len(pictured) != 2 {
		t.Errorf("turned on, there are %d", len(pictured))
	}
	w.telegram.Fail(simulator.Fault{Method: "sendPhoto", Times: -1, Error: &simulator.Error{Code: 400, Description: "Bad Request: IMAGE_PROCESS_FAILED"}})
	w.nextMorning()
	if pictured, plain := supervisor.digests(); len(pictured) != 2 || len(plain) != 1 {
		t.Errorf("without pictures there are %d and %d", len(pictured), len(plain))
	}
}
