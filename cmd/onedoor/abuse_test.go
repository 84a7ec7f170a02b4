package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"onedoor/internal/simulator"
)

// flood has a person say many things at the same time.
func (p *person) flood(n int, words string) {
	p.w.Helper()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { p.send(fmt.Sprintf(words, i)) })
	}
	group.Wait()
	p.w.rests()
}

// aMinuteOn makes all that was done so far a minute older for the count of what is done in one.
func (w *world) aMinuteOn() {
	w.Helper()
	w.rests()
	w.exec(`UPDATE chats SET recent = '{}', warned_at = warned_at - interval '61 seconds'`)
}

// card is how a person's last card reads now.
func (p *person) card(words string) simulator.Message {
	p.w.Helper()
	var last simulator.Message
	p.w.eventually("the card says "+words, func() bool {
		for _, m := range p.Chat(p.w.bot) {
			if strings.Contains(m.Words(), words) {
				last = m
				return true
			}
		}
		return false
	})
	return last
}

// TestTooFast: of thirty messages at once all are kept, twenty go on one by one, and the others when their worker wants
// them. The person is told once.
func TestTooFast(t *testing.T) {
	t.Parallel()
	for language, says := range map[string]string{"en": "You write faster", "zh-hans": "您写得很快", "zh-hk": "你寫得好快"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			resident := w.person(1, "May", language)
			resident.send("/language en")
			ref := requestOf(resident, "I need a wheelchair for my father")
			resident.send("/language " + strings.TrimSuffix(language, "-hans"))
			worker.press("Claim")
			w.aMinuteOn()
			resident.flood(30, "Please bring a light wheelchair, number %02d")
			if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE 'Please bring a light%' AND request_id = (SELECT id FROM requests)`); n != 30 {
				t.Errorf("%d of thirty messages are kept", n)
			}
			for i := range 30 {
				if n := w.count(fmt.Sprintf(`SELECT count(*) FROM requests WHERE text LIKE '%%number %02d%%'`, i)); n != 1 {
					t.Errorf("number %02d is not among the words of the request", i)
				}
			}
			if n := worker.texts("the resident: Please bring a light"); n != 20 {
				t.Errorf("%d messages went on one by one, want 20", n)
			}
			if n := resident.texts(says); n != 1 {
				t.Errorf("the resident is told %d times that it was too fast", n)
			}
			worker.card("Came too fast to be sent one by one: 10")
			worker.press("Show me all they wrote")
			w.rests()
			if n := worker.texts("the resident: Please bring a light"); n != 30 {
				t.Errorf("the worker has %d of thirty messages", n)
			}
			if n := w.count(`SELECT count(*) FROM messages WHERE held`); n != 0 || worker.texts("Came too fast") > 0 {
				t.Errorf("%d messages are still held, or the card says so", n)
			}
			w.aMinuteOn()
			resident.send("now slowly")
			worker.see(ref + ", the resident: now slowly")
		})
	}
}

// TestTooFastFromTheStart: a need that is written in many short lines is one request, of all its words.
func TestTooFastFromTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.see("for ")
	for range 21 {
		resident.send("/help")
	}
	w.rests()
	if n := resident.texts("Write or say what you need."); n != 19 {
		t.Errorf("%d of 22 commands in a minute are done, want 20", n+1)
	}
	resident.flood(30, "I would like a wheelchair for my father, line %02d")
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND text LIKE '%line 00%' AND text LIKE '%line 29%'`); n != 1 {
		var all []string
		w.server.db.Select(&all, `SELECT state || next_action || text FROM requests`)
		t.Errorf("the words are not one draft: %q", all)
	}
	if resident.texts("Did we understand you?") > 0 {
		t.Error("what comes too fast is understood one by one")
	}
	w.clock()
	resident.see("Care for old and disabled")
	if n := w.count(`SELECT count(*) FROM requests`); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// TestButtonsTooFast: buttons pressed like mad do nothing, and say so.
func TestButtonsTooFast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father, Taiping Town, Conghua")
	card := resident.seeButton("Confirm")
	for range 25 {
		resident.PressData(card, "services:"+w.records()[0]["ref"].(string)+":")
	}
	w.rests()
	slowed := 0
	for _, a := range resident.Answers(w.bot) {
		if strings.Contains(a.Text, "That was very fast") {
			slowed++
		}
	}
	if slowed != 6 {
		t.Errorf("%d presses are slowed, want 6 of 26 acts", slowed)
	}
	w.aMinuteOn()
	resident.press("« Back")
	resident.press("Confirm")
	resident.see("Your request has number")
}

// TestAlbumsAreNoHaste: an album is one thing said, of however many pictures.
func TestAlbumsAreNoHaste(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	w.aMinuteOn()
	picture := func(album, part int) {
		w.rawMessage("message", 1, 9000+10*album+part, fmt.Sprintf(`"media_group_id":"album-%d","photo":[{"file_id":"p-%d-%d","file_unique_id":"u-%d-%d","width":1,"height":1}]`,
			album, album, part, album, part))
		w.rests()
	}
	for album := range 3 {
		for part := range 10 {
			picture(album, part)
		}
	}
	resident.send("these are the stairs")
	worker.see("these are the stairs")
	w.rests()
	if n := w.count(`SELECT count(*) FROM messages WHERE held`); n != 0 || resident.texts("You write faster") > 0 {
		t.Errorf("%d pictures of three albums are held", n)
	}
	for range 15 {
		resident.send("/help")
	}
	w.rests()
	picture(3, 0)
	resident.send("too much at last")
	resident.see("You write faster")
	picture(3, 1) // of an album that began in time
	if n := w.count(`SELECT count(*) FROM messages WHERE held AND kind = 'photo'`) + 1; n != w.count(`SELECT count(*) FROM messages WHERE held`) {
		t.Error("a part of an album is held, or words are not")
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'photo' AND request_id IS NOT NULL`); n != 32 {
		t.Errorf("%d of 32 pictures are kept", n)
	}
}

// TestMovingIsNoHaste: a live location's steps are nothing said, however fast they come.
func TestMovingIsNoHaste(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father")
	resident.see("send your location")
	live := resident.LiveLocation(w.bot, 23.452, 113.488, 900)
	for i := range 30 {
		if err := resident.Move(w.bot, live, 23.46+float64(i)/100, 113.49); err != nil {
			t.Fatal(err)
		}
	}
	w.rests()
	resident.press("Confirm")
	resident.see("Your request has number")
}

// TestDangerIsNeverSlowed: the 25th message of a minute that speaks of danger is an emergency, and so is all that
// follows it.
func TestDangerIsNeverSlowed(t *testing.T) {
	t.Parallel()
	for language, says := range map[string][3]string{
		"en":      {"are you there, answer me please %d", "my house is on fire, Taiping Town, Conghua", "119 (fire brigade)"},
		"zh-hans": {"有没有人管一下我的事情 %d", "从化太平镇，我家着火了", "119（火警）"},
		"zh-hk":   {"有冇人理下我件事呀 %d", "從化太平鎮，我屋企火燭呀", "119（火警）"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			resident := w.person(1, "May", language)
			for i := range 24 {
				resident.send(fmt.Sprintf(says[0], i))
			}
			resident.send(says[1])
			resident.see(says[2])
			worker.press("Claim")
			resident.send("on the third floor")
			worker.see("on the third floor")
			if n := w.emergencies(); n != 1 {
				t.Errorf("%d emergencies", n)
			}
		})
	}
}

// TestDangerInPartsTooFast: danger that only all the words together speak of is heard though they came too fast.
func TestDangerInPartsTooFast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	for range 21 {
		resident.send("/help")
	}
	resident.send("my husband is")
	resident.send("beating me")
	resident.see("Please call 110, 12338")
}

// asked gives a resident ten requests of an age, whatever became of them.
func (w *world) asked(chat int64, age string) {
	w.Helper()
	w.exec(fmt.Sprintf(`INSERT INTO requests (ref, bot_id, chat_id, state, text, created_at, submitted_at, closed_at, claim_due, answer_due, resolve_due)
		SELECT 'D' || n, 4242, %d, 'cancelled', 'x', t, t, t, t, t, t FROM generate_series(1, 10) n, (SELECT now() - interval '%s' AS t) t`, chat, age))
}

// TestTenRequestsADay: the eleventh request of a day is kept and goes to its station when there is room for it; danger at
// once.
func TestTenRequestsADay(t *testing.T) {
	t.Parallel()
	for language, says := range map[string][4]string{
		"en":      {"I need a wheelchair for my father, Taiping Town, Conghua", "Confirm", "You have asked us for a lot today", "Your request has number"},
		"zh-hans": {"从化太平镇，我爸爸走不动了，想要轮椅", "确认", "您今天已经求助很多次了", "您的求助编号是"},
		"zh-hk":   {"從化太平鎮，我爸爸行唔到路，想要輪椅", "確認", "你今日已經求助好多次", "你嘅求助編號係"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			resident := w.person(1, "May", language)
			resident.send("/help")
			w.rests()
			w.asked(1, "20 hours")
			resident.send(says[0])
			card := resident.seeButton(says[1])
			button, _ := card.Button(says[1])
			var group sync.WaitGroup
			for range 5 {
				group.Go(func() { resident.PressData(card, button.Data) })
			}
			group.Wait()
			resident.see(says[2])
			w.clock() // the day isn't over
			if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND next_action = 'submit'
				AND next_action_at BETWEEN now() + interval '3 hours 50 minutes' AND now() + interval '4 hours'`); n != 1 {
				t.Error("the eleventh request does not wait for the tenth to be a day old")
			}
			if worker.texts("Claim by") > 0 {
				t.Error("a worker is told of the eleventh request")
			}
			w.exec(`UPDATE requests SET submitted_at = submitted_at - interval '5 hours'`)
			w.clock()
			resident.see(says[3])
			worker.seeButton("Claim")
			if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND triage = '' AND update_id IS NOT NULL`); n != 1 {
				t.Error("what was confirmed counts as not confirmed")
			}
		})
	}
}

// TestDangerAfterTenRequests: however many requests there were, danger is filed at once.
func TestDangerAfterTenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.see("for ")
	w.asked(1, "1 hour")
	resident.send("I need a wheelchair for my father")
	resident.press("Confirm")
	resident.see("You have asked us for a lot today")
	resident.send("help, he has a knife and wants to kill me")
	resident.see("Please call 110, 12338")
	worker.seeButton("Claim")
}

// block has a supervisor block the account of a request.
func (s *supervisor) block(ref string) {
	s.w.Helper()
	s.post("/admin/requests/"+ref+"/block", "reason", "insults everybody")
	s.w.rests()
}

// TestBlockedAccount: what a blocked account says is kept and told to nobody, which it hears once a day, until the block
// is lifted.
func TestBlockedAccount(t *testing.T) {
	t.Parallel()
	for language, says := range map[string][2]string{
		"en":      {"Nobody reads messages from this account", "You can ask for help here again"},
		"zh-hans": {"这个账号发来的消息暂时没有人看", "您又可以在这里求助了"},
		"zh-hk":   {"呢個帳戶傳嚟嘅嘢暫時冇人睇", "你又可以喺度求助喇"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			mei, worker := w.supervisor(), w.worker(901, "w-440117-2-1")
			resident := w.person(1, "May", "en")
			ref := requestOf(resident, "I need a wheelchair for my father")
			worker.press("Claim")
			resident.see("has taken on")
			resident.send("/language " + strings.TrimSuffix(language, "-hans"))
			resident.send("/new")
			w.rests()
			resident.send("my boss has not paid my wages for three months")
			w.rests()
			mei.block(ref)
			worker.card("A supervisor has blocked this account")
			if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft'`); n != 0 {
				t.Error("the blocked account's draft would still be filed")
			}
			before := len(worker.Chat(w.bot))
			resident.flood(10, "you are all thieves, number %d")
			resident.Photo(w.bot, []byte("a picture"), "look")
			resident.Voice(w.bot, []byte("a voice"), 2)
			resident.Location(w.bot, 23.452, 113.488)
			resident.send("/new")
			resident.send("/new I want another wheelchair")
			resident.send("/forget")
			resident.PressData(resident.see(says[0]), "confirm:"+ref+":")
			resident.PressData(resident.see(says[0]), "anew:"+ref+":1")
			w.rests()
			if n := len(worker.Chat(w.bot)) - before; n != 0 {
				t.Errorf("the worker is told %d things by a blocked account", n)
			}
			if n := w.count(`SELECT count(*) FROM messages WHERE said_at > (SELECT at FROM blocks)`); n != 14 {
				t.Errorf("%d of 14 messages are kept", n)
			}
			if n := resident.texts(says[0]); n != 1 {
				t.Errorf("the resident is told %d times", n)
			}
			if m := resident.see(says[0]); !strings.Contains(m.Words(), "020-") || !strings.Contains(m.Words(), "119") {
				t.Errorf("it does not say whom to phone: %s", m.Words())
			}
			if n := w.count(`SELECT count(*) FROM requests WHERE state IN ('draft', 'open')`); n != 0 {
				t.Errorf("%d requests of a blocked account", n)
			}
			if n := w.count(`SELECT count(*) FROM notices WHERE kind IN ('forget', 'forget_wait')`); n != 0 {
				t.Error("erasing would lift the block")
			}
			mei.post("/admin/requests/" + ref + "/unblock")
			resident.see(says[1])
			worker.send("/mine")
			resident.send("sorry for that")
			worker.see("sorry for that")
		})
	}
}

// TestBlockedAccountInDanger: danger is heard from a blocked account too, with the numbers each time and an alarm once an
// hour.
func TestBlockedAccountInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei, worker := w.supervisor(), w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	mei.block(ref)
	resident.flood(22, "you are all thieves, number %d") // in haste, too
	resident.send("help, my house is on fire")
	resident.see("119 (fire brigade)")
	w.rests()
	if card := worker.card("⛔"); !strings.Contains(worker.seeButton("Claim").Text+card.Text, "blocked this account") {
		t.Error("the card does not say that the account is blocked")
	}
	if n := w.emergencies(); n != 1 {
		t.Fatalf("%d emergencies", n)
	}
	w.aMinuteOn()
	resident.send("I am on the third floor")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND text LIKE '%third floor%'`); n != 1 {
		t.Error("what is said of the danger does not reach who helps")
	}
	resident.press("It was a mistake")
	resident.see("Taken back")
	for i := range 3 {
		resident.send(fmt.Sprintf("my husband is beating me %d", i))
	}
	resident.see("Please call 110, 12338")
	w.rests()
	if n := resident.texts("Please call 110, 12338"); n != 3 || w.emergencies() != 0 {
		t.Errorf("%d of three cries are answered with the number, %d more emergencies in the hour", n, w.emergencies())
	}
	w.exec(`UPDATE chats SET heard_at = heard_at - interval '61 minutes' WHERE blocked_at IS NOT NULL`)
	resident.send("my husband is beating me")
	w.eventually("danger is heard again", func() bool { return w.emergencies() == 1 })
}

// TestBlockRaces: blocking and lifting the block at the same time ends in one state, each change recorded once.
func TestBlockRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() { _ = w.server.intake.Block(w.ctx, ref, "mei", "because") })
		group.Go(func() { resident.send(fmt.Sprintf("Please bring a light wheelchair, number %d", i)) })
	}
	group.Wait()
	w.rests()
	if n := w.count(`SELECT count(*) FROM blocks`); n != 1 {
		t.Errorf("%d times blocked", n)
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE 'Please bring a light%'`); n != 10 {
		t.Errorf("%d of ten messages are kept", n)
	}
	if w.count(`SELECT count(*) FROM troubles`) != 0 {
		t.Error("there are troubles")
	}
}
