package main

import (
	"slices"
	"strings"
	"testing"

	"onedoor/internal/simulator"
)

// deskWords are what a worker's card says in one language.
type deskWords struct {
	code, language, claim, words, back, files          string
	whom, nearest, left, overdue, offered, sent, wrong string
}

func deskTongues() []deskWords {
	return []deskWords{{
		code: "en", language: "en", claim: "Claim", words: "All words", back: "« Back", files: "Show attachments",
		whom: "For: their mother or father", nearest: "Yours is the nearest station", left: "(24 hours left)", overdue: "hours overdue)",
		offered: "has claimed it", sent: "A supervisor has sent it to you", wrong: "may be wrong",
	}, {
		code: "zh-hans", language: "zh-CN", claim: "接单", words: "看全文", back: "« 返回", files: "看附件",
		whom: "居民的父母", nearest: "离您站最近", left: "（还剩 24 小时）", overdue: "（已超 ", offered: "没有人接单，也请您站看看",
		sent: "督导转到您站", wrong: "可能有误",
	}, {
		code: "zh-hk", language: "zh-HK", claim: "接手", words: "睇全文", back: "« 返回", files: "睇附件",
		whom: "居民嘅父母", nearest: "離你個站最近", left: "（仲有 24 個鐘）", overdue: "（過咗 ", offered: "冇人接手，請你個站都睇下",
		sent: "督導轉嚟你個站", wrong: "可能唔啱",
	}}
}

// reads has a worker's chat speak a language.
func (p *person) reads(language string) {
	p.w.Helper()
	p.w.rests()
	p.send("/language " + language)
	p.w.rests()
}

// now is a message of the bot's as it stands by now.
func (p *person) now(m simulator.Message) simulator.Message {
	p.w.Helper()
	all := p.Chat(p.w.bot)
	i := slices.IndexFunc(all, func(other simulator.Message) bool { return other.ID == m.ID })
	if i < 0 {
		p.w.Fatalf("message %d is gone", m.ID)
	}
	return all[i]
}

// sees waits until a message says something.
func (p *person) sees(m simulator.Message, words string) {
	p.w.Helper()
	p.w.eventually("the card says "+words, func() bool { return strings.Contains(p.now(m).Text, words) })
}

// onOneScreen: no line of an ordinary card repeats another, and there are few.
func onOneScreen(t *testing.T, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if len(lines) > 8 || len(slices.Compact(slices.Sorted(slices.Values(lines)))) != len(lines) {
		t.Errorf("%d lines, or one of them twice:\n%s", len(lines), text)
	}
}

// TestCardSays: for whom, where, how long, and why it came here; the words are whole where they are short.
func TestCardSays(t *testing.T) {
	t.Parallel()
	for _, l := range deskTongues() {
		t.Run(l.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			worker.reads(l.language)
			resident := w.person(1, "May", "en")
			ref := requestOf(resident, "My mother needs a wheelchair")
			card := worker.seeButton(l.claim)
			for _, words := range []string{ref, l.whom, "My mother needs a wheelchair", l.nearest, l.left} {
				if !strings.Contains(card.Text, words) {
					t.Errorf("it doesn't say %q:\n%s", words, card.Text)
				}
			}
			onOneScreen(t, card.Text)
			if _, long := card.Button(l.words); long {
				t.Error("short words are offered whole once more")
			}
			w.exec(`UPDATE requests SET claim_due = now() - interval '5 hours'`)
			worker.PressData(card, "undo:"+ref+":")
			worker.sees(card, l.overdue)
		})
	}
}

// TestCardLongWords: long words are cut on the card, and shown there whole to whoever asks and may read them.
func TestCardLongWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	stranger := w.worker(903, "w-440303-1-1")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father. "+strings.Repeat("The old one is too heavy. ", 20)+"It has no brake. "+
		strings.Repeat("The old one is too heavy. ", 20)+"The end.")
	card := worker.seeButton("All words")
	if strings.Contains(card.Text, "It has no brake.") || !strings.Contains(card.Text, "…") || !strings.Contains(card.Text, "The end.") {
		t.Errorf("long words are not cut:\n%s", card.Text)
	}
	worker.press("All words")
	worker.sees(card, "It has no brake.")
	if _, open := worker.now(card).Button("Claim"); !open {
		t.Error("whoever reads all can't claim it")
	}
	worker.press("« Back")
	w.eventually("they are cut again", func() bool { return !strings.Contains(worker.now(card).Text, "It has no brake.") })
	stranger.send("/queue")
	other := stranger.see("nothing is waiting")
	for _, action := range []string{"words", "files", "open"} {
		stranger.PressData(other, action+":"+ref+":")
	}
	w.rests()
	if stranger.texts("wheelchair") > 0 {
		t.Error("a copied button shows the words to another station's worker")
	}
}

// TestAttachmentsBeforeTheClaim: who may claim a request can see what was sent with it first, and isn't given it twice.
func TestAttachmentsBeforeTheClaim(t *testing.T) {
	t.Parallel()
	for _, l := range deskTongues() {
		t.Run(l.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker, stranger := w.worker(901, "w-440117-2-1"), w.worker(903, "w-440303-1-1")
			worker.reads(l.language)
			resident := w.person(1, "May", "en")
			resident.send("/start 440117111203")
			resident.send("My mother needs a wheelchair")
			resident.seeButton("Confirm")
			resident.Photo(w.bot, []byte(pngHead+"chair"), "")
			w.rests()
			resident.press("Confirm")
			worker.press(l.files)
			w.eventually("the picture is shown", func() bool { return worker.pictures() == 1 })
			w.rests()
			shown := worker.last()
			if len(shown.Labels()) > 0 {
				t.Errorf("who hasn't claimed it is offered to reply: %q", shown.Labels())
			}
			ref := w.refOf(resident)
			stranger.PressData(shown, "files:"+ref+":")
			worker.press(l.claim)
			resident.see("has taken on")
			w.rests()
			if n := worker.pictures(); n != 1 {
				t.Errorf("the picture is given %d times", n)
			}
			if n := stranger.pictures(); n != 0 {
				t.Error("a copied button shows the picture to another station's worker")
			}
		})
	}
}

// TestCardSaysWhy: what was offered on, sent on, passed on, put back, or comes from an old place says so.
func TestCardSaysWhy(t *testing.T) {
	t.Parallel()
	for _, l := range deskTongues() {
		t.Run(l.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			owner, offered := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1")
			offered.reads(l.language)
			resident := w.person(10, "May", "en")
			ref := requestOf(resident, "I need a wheelchair for my father")
			w.tooLate()
			card := offered.seeButton(l.claim)
			if !strings.Contains(card.Text, l.offered) {
				t.Errorf("it isn't said that it is offered:\n%s", card.Text)
			}
			if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
				t.Fatal(err)
			}
			offered.see(l.sent)
			if l.code != "en" {
				return
			}
			offered.PressData(card, "why:"+ref+":nearer:st-440117-2")
			owner.see("Passed on by " + w.name("w-440117-1-1"))
			owner.press("Claim")
			owner.press("Release")
			owner.see(w.name("w-440117-2-1") + " has given it back")
			owner.PressData(owner.seeButton("Claim"), "passto:"+ref+":supervisor")
			owner.see("has asked a supervisor to decide")
			w.rests()
			resident.send("/new")
			resident.send("my son needs a bus to school")
			resident.press("Confirm")
			owner.see("where they were last time")
		})
	}
}

// name is what a worker is called.
func (w *world) name(code string) (name string) {
	w.Helper()
	if err := w.server.db.Get(&name, `SELECT name FROM workers WHERE code = $1`, code); err != nil {
		w.Fatal(err)
	}
	return name
}

// TestCardOfAPositionAstray: a position in the sea is no place, and the card says so.
func TestCardOfAPositionAstray(t *testing.T) {
	t.Parallel()
	for _, l := range deskTongues() {
		t.Run(l.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			worker.reads(l.language)
			resident := w.person(1, "May", "en")
			resident.send("help, my house is on fire")
			resident.see("send your location")
			card := worker.seeButton(l.claim)
			if strings.Contains(card.Text, l.wrong) {
				t.Errorf("no position was sent:\n%s", card.Text)
			}
			resident.Location(w.bot, 15, 115)
			worker.sees(card, l.wrong)
			resident.Location(w.bot, 23.452, 113.488)
			w.eventually("the place is right", func() bool { return !strings.Contains(worker.now(card).Text, l.wrong) })
		})
	}
}

// TestCopiedCard: what a worker's card could do, copied by somebody who is no worker, does nothing. (A forwarded card has no
// buttons in Telegram.)
func TestCopiedCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	card := worker.seeButton("Claim")
	stranger := w.person(2, "Lin", "en")
	stranger.send("/start")
	stranger.see("This is OneDoor")
	for _, action := range []string{"claim", "open", "words", "files", "passto", "undo"} {
		stranger.PressData(card, action+":"+ref+":")
	}
	w.rests()
	if w.state(ref) != "open" || stranger.texts("wheelchair") > 0 {
		t.Error("a resident's press on a worker's card has an effect")
	}
}
