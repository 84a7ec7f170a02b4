package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"onedoor/internal/simulator"
)

// crew is a station's group with its people.
type crew struct {
	*simulator.Group
	w                  *world
	supervisor, worker *person
}

// groupWords are what a station's group reads in one language.
type groupWords struct {
	language, ask, yes, bound, claim, details, service, lost, claimed, resolve string
}

func groupTongues() []groupWords {
	return []groupWords{
		{"en", "Post the requests of", "Yes, post cards here", "This is now the group of", "Claim", "Details", "Care for old", "I can't write in the group", "It is yours.", "Resolve"},
		{"zh-CN", "的求助发到这个群吗", "好，发到这里", "这里现在是", "接单", "详情", "养老助残", "我不能再在", "由您跟进", "办结"},
		{"zh-HK", "嘅求助發喺呢個群組", "好，發喺呢度", "呢度而家係", "接手", "詳情", "安老助殘", "我唔可以再喺", "由你跟", "辦妥"},
	}
}

// crew makes a group the station's of Taiping.
func (w *world) crew(g *simulator.Group, l groupWords) *crew {
	w.Helper()
	c := &crew{Group: g, w: w, supervisor: w.worker(901, "w-440117-2-1"), worker: w.worker(902, "w-440117-2-2")}
	c.supervisor.reads(l.language)
	c.worker.reads(l.language)
	c.supervisor.SetLanguage(strings.ToLower(l.language))
	g.Add(c.supervisor.User)
	g.Send(c.supervisor.User, "/station")
	c.press(c.worker, l.yes)
	c.see(l.bound)
	w.rests()
	return c
}

func (c *crew) see(words string) simulator.Message {
	c.w.Helper()
	return c.wait(words, func(m simulator.Message) bool { return strings.Contains(m.Text, words) })
}

func (c *crew) wait(what string, wanted func(simulator.Message) bool) simulator.Message {
	c.w.Helper()
	ctx, cancel := context.WithTimeout(c.w.ctx, patience)
	defer cancel()
	m, err := c.Wait(ctx, wanted)
	if err != nil {
		c.w.Fatalf("%q: %v", what, err)
	}
	return m
}

// press has somebody press the latest button with the label in the group, and returns what they are told at once.
func (c *crew) press(p *person, label string) simulator.Answer {
	c.w.Helper()
	m := c.wait(label, func(m simulator.Message) bool { _, found := m.Button(label); return found })
	q, err := c.Press(p.User, m, label)
	if err != nil {
		c.w.Fatal(err)
	}
	return c.answer(q)
}

// forge has somebody press any data in the group.
func (c *crew) forge(p *person, data string) simulator.Answer {
	c.w.Helper()
	all := c.Chat()
	return c.answer(c.PressData(p.User, all[len(all)-1], data))
}

func (c *crew) answer(q *simulator.Query) simulator.Answer {
	c.w.Helper()
	ctx, cancel := context.WithTimeout(c.w.ctx, patience)
	defer cancel()
	a, err := q.Answer(ctx)
	if err != nil {
		c.w.Fatal(err)
	}
	return a
}

// says counts the bot's messages in the group with these words.
func (c *crew) says(words string) (n int) {
	for _, m := range c.Chat() {
		if m.FromBot() && strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// TestGroupCard: a station's group reads of a request what everybody in it may, its workers claim it there and read all in
// their own chats, and everybody sees who has it.
func TestGroupCard(t *testing.T) {
	t.Parallel()
	for _, l := range groupTongues() {
		t.Run(l.language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			c := w.crew(w.bot.Group("Taiping"), l)
			resident := w.person(1, "May", "en")
			ref := requestOf(resident, "My mother needs a wheelchair")
			card := c.see(ref)
			if !strings.Contains(card.Text, l.service) || strings.Contains(card.Text, "mother") || !strings.Contains(card.Text, map[bool]string{true: "Taiping Town", false: "太平镇"}[l.language == "en"]) {
				t.Errorf("the group reads:\n%s", card.Text)
			}
			w.rests()
			if c.supervisor.texts(ref)+c.worker.texts(ref) > 0 {
				t.Error("what is no emergency is told to each, too")
			}
			if a := c.press(c.worker, l.details); a.Text == "" {
				t.Error("nothing says where the details are")
			}
			c.worker.see("My mother needs a wheelchair")
			stranger := w.person(7, "Lin", "en")
			for _, label := range []string{l.claim, l.details} {
				if a := c.press(stranger, label); a.Text == "" || !a.Alert {
					t.Errorf("a stranger who presses %q is told %+v", label, a)
				}
			}
			if a := c.press(c.worker, l.claim); !strings.Contains(a.Text, l.claimed) {
				t.Errorf("who claims it is told %+v", a)
			}
			resident.see("has taken on")
			c.see(w.name("w-440117-2-2"))
			w.rests()
			if w.state(ref) != "claimed" || c.says(ref) != 1 || w.count(`SELECT count(*) FROM chats WHERE id = 7`) != 0 {
				t.Error("it is not claimed, or told twice, or a stranger in the group is kept")
			}
			if a := c.forge(c.supervisor, "claim:"+ref+":"); !strings.Contains(a.Text, w.name("w-440117-2-2")) {
				t.Errorf("the second is told %+v", a)
			}
			c.worker.see("My mother needs a wheelchair")
			if m := c.worker.seeButton(l.resolve); strings.Count(m.Text, ref) != 1 {
				t.Errorf("who has it works on:\n%s", m.Text)
			}
		})
	}
}

// TestGroupRights: a copied button does nothing for a worker of another station, in whatever group; nobody but a supervisor
// binds a group, and only for their own station.
func TestGroupRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	en := groupTongues()[0]
	c := w.crew(w.bot.Group("Taiping"), en)
	other := w.worker(903, "w-440303-1-1")
	ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	c.see(ref)
	for _, data := range []string{"claim:" + ref + ":", "open:" + ref + ":", "reply:" + ref + ":", "passto:" + ref + ":st-440303-1",
		"outcome:" + ref + ":solved", "confirm:" + ref + ":", "forget::yes", "language::en", "bind::st-440303-1", "bind::st-440117-2", ""} {
		if a := c.forge(other, data); a.Text == "" {
			t.Errorf("%q has an effect", data)
		}
	}
	theirs := &crew{Group: w.bot.Group("Elsewhere"), w: w}
	theirs.Add(other.User)
	theirs.Send(c.worker.User, "/station") // no supervisor
	theirs.see("Only a supervisor")
	for _, data := range []string{"bind::st-440117-2", "bind::st-440303-1", "claim:" + ref + ":"} {
		if a := theirs.forge(c.worker, data); a.Text == "" {
			t.Errorf("%q has an effect in an unbound group", data)
		}
	}
	theirs.Send(other.User, "/station@onedoor_test_bot")
	theirs.see("Post the requests")
	if a := theirs.press(c.supervisor, en.yes); a.Text == "" {
		t.Error("a worker of another station answers the question")
	}
	theirs.press(other, "No")
	w.rests()
	if a := theirs.forge(other, "bind::st-440303-1"); a.Text == "" {
		t.Error("what was answered is answered again")
	}
	if n := w.count(`SELECT count(*) FROM station_groups`); n != 1 {
		t.Errorf("%d groups are bound", n)
	}
	c.Send(other.User, "/station off")
	c.see("This is the group of Taiping")
	if w.count(`SELECT count(*) FROM station_groups`) != 1 || w.state(ref) != "open" || other.texts(ref) > 0 {
		t.Error("a worker of another station has an effect in the group")
	}
	if w.count(`SELECT count(*) FROM messages WHERE chat_id < 0`)+w.count(`SELECT count(*) FROM requests WHERE chat_id < 0`) > 0 {
		t.Error("what is said in a group is kept")
	}
}

// TestGroupRace: of all who press Claim at once, in the group and in their own chats, one has it.
func TestGroupRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	for i := range 4 {
		ref := requestOf(w.person(int64(10+i), "May", "en"), "My mother needs a wheelchair")
		card := c.see(ref)
		c.press(c.worker, "Details")
		own := c.worker.see(ref)
		var group sync.WaitGroup
		for range 3 {
			for _, p := range []*person{c.supervisor, c.worker} {
				group.Go(func() { c.answer(c.PressData(p.User, card, "claim:"+ref+":")) })
			}
			group.Go(func() { c.worker.PressData(own, "claim:"+ref+":") })
		}
		group.Wait()
		w.rests()
		if n := w.count(`SELECT count(*) FROM events e JOIN requests r ON r.id = e.request_id WHERE e.kind = 'claimed' AND r.ref = '` + ref + `'`); n != 1 {
			t.Errorf("%s is claimed %d times", ref, n)
		}
	}
}

// TestGroupEmergency: an emergency is told in the group and to each; of violence the group reads that it is urgent, and
// nothing else.
func TestGroupEmergency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Forum("Taiping"), groupTongues()[0])
	c.Promote(c.supervisor.User)
	w.rests()
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111203")
	resident.send("my husband is beating me")
	c.worker.see("Violence: go in twos")
	card := c.see("Emergency")
	for _, word := range []string{"Public", "security", "Taiping", "Place", "Service", "iolence", "husband"} {
		if strings.Contains(card.Text, word) {
			t.Errorf("the group reads %q:\n%s", word, card.Text)
		}
	}
	for _, topic := range c.Topics() {
		if len(topic.Name) != 6 {
			t.Errorf("the topic says %q", topic.Name)
		}
	}
	w.longAgo()
	w.clock()
	c.see("is still waiting")
	c.press(c.worker, "Claim")
	c.see("has it")
	w.rests()
	if n := len(c.Topics()); n != 1 {
		t.Errorf("%d topics for one request", n)
	}
}

// TestForumTopics: each request has a topic of its own, with what becomes of it, closed when it is over and open again with it.
func TestForumTopics(t *testing.T) {
	t.Parallel()
	for _, l := range groupTongues() {
		t.Run(l.language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			g := w.bot.Forum("Taiping")
			c := w.crew(g, l)
			c.Promote(c.supervisor.User)
			resident := w.person(1, "May", "en")
			ref := requestOf(resident, "My mother needs a wheelchair")
			card := c.see(ref)
			topic := c.Topics()[card.Thread]
			if !strings.HasPrefix(topic.Name, ref+" · ") || !strings.Contains(topic.Name, l.service) {
				t.Fatalf("the card is in the topic %+v", topic)
			}
			c.press(c.worker, l.claim)
			w.rests()
			c.worker.PressData(c.worker.last(), "outcome:"+ref+":solved")
			w.eventually("the topic is closed", func() bool { return c.Topics()[card.Thread].Closed })
			inTopic := 0
			for _, m := range c.Chat() {
				if m.Thread == card.Thread {
					inTopic++
				}
			}
			if inTopic != 3 || c.says(ref+" · ") != 2 { // the card; claimed, resolved
				t.Errorf("%d messages are in the topic, %d of them about what became of it", inTopic, c.says(ref+" · "))
			}
			resident.press("It isn't solved")
			w.eventually("the topic is open", func() bool { return !c.Topics()[card.Thread].Closed })
			if n := len(c.Topics()); n != 1 {
				t.Errorf("%d topics", n)
			}
		})
	}
}

// TestForumWithoutRights: where the bot may make no topics, or somebody has deleted one, all goes where everybody reads it.
func TestForumWithoutRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Forum("Taiping"), groupTongues()[0])
	first := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	if card := c.see(first); card.Thread != 0 {
		t.Errorf("the card is in the topic %d", card.Thread)
	}
	c.press(c.worker, "Claim")
	w.rests()
	if n := c.says(first); n != 1 {
		t.Errorf("the group is told %d times where the card says it", n)
	}
	c.Promote(c.supervisor.User)
	second := requestOf(w.person(2, "Lin", "en"), "My mother needs a wheelchair")
	topic := c.see(second).Thread
	if topic == 0 {
		t.Fatal("there is no topic though the bot may make one")
	}
	c.DropTopic(topic)
	c.forge(c.worker, "claim:"+second+":")
	w.rests()
	if m := c.see(second); m.Thread != 0 || !strings.Contains(m.Text, "has it") {
		t.Errorf("after the topic was deleted the group reads %+v", m)
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestGroupEnds: a group that a supervisor ends, or out of which the bot is thrown or in which it may not write, gets nothing
// more; what waits there comes to each worker, and the supervisor hears why.
func TestGroupEnds(t *testing.T) {
	t.Parallel()
	for _, l := range groupTongues() {
		for name, end := range map[string]func(*crew){
			"off":    func(c *crew) { c.Send(c.supervisor.User, "/station off") },
			"kicked": func(c *crew) { c.Remove(c.supervisor.User) },
			"mute": func(c *crew) {
				c.Mute()
				requestOf(c.w.person(2, "Lin", "en"), "My mother needs a wheelchair")
			},
		} {
			if l.language != "en" && name != "kicked" {
				continue
			}
			t.Run(l.language+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, nil)
				c := w.crew(w.bot.Group("Taiping"), l)
				ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
				c.see(ref)
				end(c)
				c.worker.see(ref)
				c.supervisor.see(ref)
				if name != "off" {
					c.supervisor.see(l.lost)
				}
				w.rests()
				if n := w.count(`SELECT count(*) FROM station_groups`); n != 0 || c.worker.texts(l.lost) > 0 {
					t.Errorf("%d groups are bound, or each worker is told why", n)
				}
				later := requestOf(w.person(3, "Zhu", "en"), "My mother needs a wheelchair")
				c.worker.see(later)
				w.rests()
				if c.says(later) > 0 || w.count(`SELECT count(*) FROM troubles`) > 0 {
					t.Error("the group is still told, or troubles remain")
				}
				if name != "mute" {
					c.Add(c.supervisor.User)
					c.Send(c.supervisor.User, "/station")
					c.press(c.worker, l.yes)
					w.eventually("it is bound again", func() bool { return w.count(`SELECT count(*) FROM station_groups`) == 1 })
				}
			})
		}
	}
}

// TestGroupUpgrade: a group that becomes a supergroup stays the station's, whether Telegram tells so or refuses the old number,
// and what waits can be claimed there.
func TestGroupUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	c.see(ref)
	c.Upgrade(c.supervisor.User)
	c.see(ref)
	c.press(c.worker, "Claim")
	c.see("has it")
	w.rests()
	if n := w.count(fmt.Sprintf(`SELECT count(*) FROM station_groups WHERE chat_id = %d`, c.ID())); n != 1 || w.state(ref) != "claimed" {
		t.Error("the group was lost on the way")
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestGroupOfTheOffered: a station that is offered a request reads so in its group, and who has it then.
func TestGroupOfTheOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	far := &crew{Group: w.bot.Group("Conghua"), w: w, supervisor: w.worker(911, "w-440117-1-1")}
	far.Add(far.supervisor.User)
	far.Send(far.supervisor.User, "/station")
	far.press(far.supervisor, "Yes, post cards here")
	w.rests()
	ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	c.see(ref)
	w.tooLate()
	far.see(ref)
	c.press(c.worker, "Claim")
	w.eventually("the other station sees who has it", func() bool {
		m := far.see(ref)
		return strings.Contains(m.Text, w.name("w-440117-2-2")) && len(m.Labels()) == 0 && !strings.Contains(m.Text, "Service")
	})
	if a := far.forge(far.supervisor, "claim:"+ref+":"); !strings.Contains(a.Text, "was quicker") {
		t.Errorf("who is too late is told %+v", a)
	}
	if a := far.forge(far.supervisor, "open:"+ref+":"); a.Text == "" || far.supervisor.texts("wheelchair") > 0 {
		t.Errorf("what another has is shown: %+v", a)
	}
}

// TestGroupHearsDanger: what is said in a station's group is no request, and danger in it is answered as in any group.
func TestGroupHearsDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	c.Promote(c.supervisor.User)
	for i := range 30 {
		c.Send(c.worker.User, fmt.Sprintf("my mother needs a wheelchair %d", i))
	}
	c.Send(c.worker.User, "/station my house is on fire")
	c.see("119")
	ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	c.see(ref)
	if a := c.press(c.worker, "Claim"); !strings.Contains(a.Text, "It is yours") {
		t.Errorf("in a busy group: %+v", a)
	}
	w.rests()
	if w.count(`SELECT count(*) FROM requests`) != 1 || w.count(`SELECT count(*) FROM messages WHERE chat_id < 0`) != 0 {
		t.Error("what is said in a group is a request")
	}
}

// TestGroupForgets: what a resident erases is erased in the group, too; the group itself stays the station's for as long as it is.
func TestGroupForgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keepingDays(30))
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	for range 2 { // what was told there, and what that edited
		w.ago(31)
		w.retain()
	}
	if w.count(`SELECT count(*) FROM notices WHERE chat_id < 0`) != 0 || w.count(`SELECT count(*) FROM station_groups`) != 1 {
		t.Error("what was told in the group is kept, or the group is not")
	}
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "My mother needs a wheelchair")
	c.see("Taiping Town")
	resident.send("/forget")
	resident.press("Erase everything")
	c.see(ref + ": erased")
	w.rests()
	if n := c.says("Taiping Town, "); n != 0 {
		t.Errorf("the place stands in the group %d times", n)
	}
	later := requestOf(w.person(2, "Lin", "en"), "My mother needs a wheelchair")
	c.see(later)
}

// TestGroupNeedsAChat: who has blocked the bot can't claim what they could not read.
func TestGroupNeedsAChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.crew(w.bot.Group("Taiping"), groupTongues()[0])
	ref := requestOf(w.person(1, "May", "en"), "My mother needs a wheelchair")
	c.see(ref)
	c.worker.Block(w.bot)
	w.rests()
	if a := c.press(c.worker, "Claim"); !strings.Contains(a.Text, "unblock me") || w.state(ref) != "open" {
		t.Errorf("%+v, it is %s", a, w.state(ref))
	}
	c.worker.Unblock(w.bot)
	w.rests()
	c.press(c.worker, "Claim")
	if w.state(ref) != "claimed" {
		t.Error("who has unblocked it can't claim")
	}
	c.worker.seeButton("Resolve") // though they had no card before
	c.supervisor.send("/station")
	c.supervisor.see("add @onedoor_test_bot to it")
}
