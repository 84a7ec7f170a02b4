package intake_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onedoor/intake"
)

// The people of the model. Workers' chats are the same in all sequences, residents' are new in each.
var (
	workers   = map[int64]string{10: "n0", 11: "n1", 12: "n2", 20: "f0", 21: "f1", 31: "x1"}
	residents = 3
)

// presses are the buttons of the model, each a line: who has them, and what may stand behind them.
var presses = []struct {
	worker bool
	action string
	args   []string
}{
	{false, intake.ActConfirm, nil},
	{false, intake.ActServices, nil},
	{false, intake.ActService, []string{"health", "education", "nonsense"}},
	{false, intake.ActUnsure, nil},
	{false, intake.ActPlace, nil},
	{false, intake.ActSkipPlace, nil},
	{false, intake.ActCancel, nil},
	{false, intake.ActMistake, nil},
	{false, intake.ActReopen, nil},
	{false, intake.ActRate, []string{"1", "5", "9"}},
	{false, intake.ActUnnamed, []string{"", intake.ArgOff}},
	{false, intake.ActAdd, nil},
	{false, intake.ActAsNew, nil},
	{false, intake.ActWithdraw, nil},
	{false, intake.ActKeep, nil},
	{false, intake.ActAlso, []string{"health"}},
	{false, intake.ActFits, []string{argFollowUp}},
	{false, intake.ActUnfit, []string{argFollowUp}},

	{true, intake.ActClaim, nil},
	{true, intake.ActClaim, nil},
	{true, intake.ActClaim, nil},
	{true, intake.ActPass, nil},
	{true, intake.ActPassTo, []string{"n", "f", "x", intake.ToSupervisor, "nowhere"}},
	{true, intake.ActOther, nil},
	{true, intake.ActMeant, []string{"health", "education", "nonsense"}},
	{true, intake.ActReply, nil},
	{true, intake.ActReply, nil},
	{true, intake.ActNote, nil},
	{true, intake.ActRelease, nil},
	{true, intake.ActResolve, nil},
	{true, intake.ActOutcome, []string{"solved", "not_possible", "not_possible.means", "not_possible.nonsense", "referred.clinic",
		"duplicate", "duplicate." + argRequest, "nonsense"}},
	{true, intake.ActOpen, nil},
	{true, intake.ActUndo, nil},
	{true, intake.ActHeld, nil},
	{true, intake.ActMore, nil},

	{true, intake.ActUnclaim, nil},
	{true, intake.ActUnclaim, nil},
	{true, intake.ActWhy, []string{"area:f", "nearer:x", "service:n", "other:f", "nonsense:f", "area:nowhere"}},
	{true, intake.ActWhy, []string{"area:f", "other:x"}},
	{true, intake.ActColleagues, []string{"0", "9", "nonsense"}},
	{true, intake.ActAsk, []string{"n0", "n1", "n2", "f1", "x1", "nobody"}},
	{true, intake.ActDontAsk, nil},
	{true, intake.ActTake, []string{argHandoff}},
	{true, intake.ActLeave, []string{argHandoff}},
	{true, intake.ActRefer, []string{"", intake.ReferMenu, intake.ReferOrganisations, intake.ReferTasks, "nonsense"}},
	{true, intake.ActOrg, []string{"o1", "nobody"}},
	{true, intake.ActReferTo, []string{"organisation:o1", "organisation:o2", "volunteer:visit", "volunteer:lift", "volunteer:nonsense", "o1"}},
	{true, intake.ActTheyTake, []string{"o1", "o2", "nobody"}},
	{true, intake.ActRecall, []string{argReferral}},
	{true, intake.ActToPartner, []string{argReferral}},
	{true, intake.ActFollow, nil},
	{true, intake.ActRemind, []string{"1", "7", "date", "off", "nonsense", "t" + argMoment}},
	{true, intake.ActAppoint, []string{"", "off", "t" + argMoment, "home." + argMoment, "phone." + argMoment, "nowhere." + argMoment}},
	{true, intake.ActAwait, []string{"", intake.ArgOff, intake.ArgMore, intake.ArgNudge, "nonsense"}},
	{true, intake.ActTakeUp, nil},
	{true, intake.ActTakeUp, nil},
	{true, intake.ActNoWords, nil},
	{true, intake.ActQuick, nil},
	{true, intake.ActCanned, []string{"", argCanned}},
	{true, intake.ActSendCanned, []string{argCanned}},
	{true, intake.ActSendTo, []string{argMessage}},
	{true, intake.ActNoteTo, []string{argMessage}},
	{true, intake.ActTakeBack, []string{argMessage}},
	{true, intake.ActDone, nil},
	{true, intake.ActHistory, nil},
	{true, intake.ActWords, nil},
	{true, intake.ActFiles, nil},
	{true, intake.ActTranslate, []string{argMessage}},
}

// words are what residents say; each is made unlike all others by a number.
var words = []string{"I need a wheelchair for my father %d", "my boss has not paid my wages for %d months", "the lamp %d is broken",
	"my husband is beating me %d", "please hurry %d"}

// touches are what a worker does that must not change any clock, nor anything that the rules are about.
var touches = []string{intake.ActPass, intake.ActOther, intake.ActReply, intake.ActNote, intake.ActResolve, intake.ActOpen, intake.ActUndo, intake.ActHeld, intake.ActMore,
	intake.ActColleagues, intake.ActAsk, intake.ActDontAsk, intake.ActLeave, intake.ActRefer, intake.ActOrg, intake.ActReferTo, intake.ActToPartner,
	intake.ActFollow, intake.ActRemind, intake.ActAwait, intake.ActNoWords, intake.ActQuick, intake.ActCanned, intake.ActNoteTo,
	intake.ActTakeBack, intake.ActDone, intake.ActHistory, intake.ActWords, intake.ActFiles, intake.ActTranslate}

// row is a request, so far as the rules of the model are about it.
type row struct {
	ID         int64        `db:"id"`
	Ref        string       `db:"ref"`
	Chat       int64        `db:"chat_id"`
	State      intake.State `db:"state"`
	Station    string       `db:"station"`
	Worker     string       `db:"worker"`
	Urgency    string       `db:"urgency"`
	Category   string       `db:"category"`
	Next       *string      `db:"next_action"`
	NextAt     *time.Time   `db:"next_action_at"`
	ClaimDue   *time.Time   `db:"claim_due"`
	ResolveDue *time.Time   `db:"resolve_due"`
	ClaimLevel int          `db:"claim_level"`
	Level      int          `db:"resolve_level"`
	ClaimedAt  *time.Time   `db:"claimed_at"`
	ResolvedAt *time.Time   `db:"resolved_at"`
	Offered    bool         `db:"offered"` // to the station of who acts
	Mine       bool         `db:"mine"`    // in the hands of who acts, or of a colleague for whom they stand in
	Helps      bool         `db:"helps"`   // who acts is a partner who was asked to
	Asked      string       `db:"asked"`   // the colleague who is asked to take it on
}

// deed is one thing that is done: by a worker, a partner, a resident, or nobody.
type deed struct {
	chat    int64
	worker  string
	partner string
	action  string // of a button; a command's name; "" for words; clock, supervisor and gone
	ref     string
	mode    string // what the chat's words were for before, with its argument
	group   bool   // pressed in the station's group
	message int64  // whose button is pressed
	answers int64  // the message that is answered
}

// What is done by nobody whose chat it is.
const (
	clock      = "clock"
	supervisor = "supervisor"
	gone       = "gone" // somebody shuts the bot out
)

// model is a sequence of deeds over the real service.
type model struct {
	*world
	t     *rapid.T
	first int64 // the first request that is not of a sequence before
	chats int64 // the first resident's chat
	said  map[int64][]string
	count int // of what was said
	spoke int // the last message of a sequence before

	claims map[int64]claim // the last of each request
}

// TestModel has residents, workers, supervisors and the clock do anything in any order, forged buttons included, and finds
// no state that the rules forbid. More of it: -rapid.checks.
func TestModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for chat, code := range workers {
		w.join(chat, code)
	}
	w.others()
	w.ClaimLimit, w.UndoFor = claimLimit, intake.Undo
	chosen, deadline := false, time.Now().Add(15*time.Second)
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "rapid.checks" })
	sequences := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		if !chosen && time.Now().After(deadline) {
			return // enough for the suite
		}
		sequences++
		m := begin(w, t, 1000+sequences*10)
		t.Repeat(map[string]func(*rapid.T){
			"a resident says":       m.residentSays,
			"a resident shares":     m.residentShares,
			"a resident files":      m.residentFiles,
			"a resident presses":    m.residentPresses,
			"a worker presses":      m.workerPresses,
			"a worker presses on":   m.workerPresses,
			"a worker says":         m.workerSays,
			"a worker writes":       m.workerWrites,
			"a worker's duty":       m.workersDuty,
			"a worker blocks":       m.workerBlocks,
			"it goes on":            m.goesOn,
			"it goes on again":      m.goesOn,
			"two claim at once":     m.twoClaim,
			"a supervisor decides":  m.supervisorDecides,
			"time passes":           m.timePasses,
			"the clock's next step": m.nextStep,
			"messages are sent":     m.messagesAreSent,

			"a worker takes the next":      m.workerTakesNext,
			"a worker undoes":              m.workerUndoes,
			"a worker asks a colleague":    m.workerAsks,
			"a colleague answers":          m.colleagueAnswers,
			"a worker refers":              m.workerRefers,
			"a partner presses":            m.partnerPresses,
			"a partner says":               m.partnerSays,
			"a worker hands over":          m.workerHandsOver,
			"a worker is away":             m.workerIsAway,
			"a worker answers a message":   m.workerAnswers,
			"a worker sends a quick one":   m.workerSendsCanned,
			"a worker settles stray words": m.workerSettles,
			"a worker resolves":            m.workerResolves,
			"a worker follows up":          m.workerFollowsUp,
			"a worker in the group":        m.workerInGroup,
			"a partner blocks":             m.partnerBlocks,
			"":                             m.holds,
		})
	})
	t.Logf("%d sequences", sequences)
}

// begin is a model in which nothing is asked for: what was in sequences before is over.
func begin(w *world, t *rapid.T, chats int64) *model {
	w.exec(`UPDATE requests SET state = 'cancelled', closed_at = $1, resolved_at = NULL, next_action = NULL, next_action_at = NULL
		WHERE state NOT IN ('closed', 'cancelled')`, w.now)
	w.exec(`UPDATE handoffs SET answer = 'withdrawn', answered_at = $1, next_at = NULL WHERE answer = ''`, w.now)
	w.exec(`UPDATE referrals SET state = 'ended', why = 'over', ended_at = $1, next_at = NULL WHERE state IN ('offered', 'accepted')`, w.now)
	w.exec(`UPDATE absences SET ended_at = greatest(began_at, $1) WHERE ended_at IS NULL`, w.now)
	w.exec(`UPDATE workers SET on_duty = true, duty = 'on' WHERE chat_id IS NOT NULL`)
	w.exec(`UPDATE workers SET arrived = false`)
	w.exec(`UPDATE chats SET mode = '', mode_arg = '', request_id = NULL, unreachable_at = NULL, recent = '{}'`)
	w.exec(`DELETE FROM notices WHERE edits IS NOT NULL`)
	w.exec(`DELETE FROM notices`)
	w.must(w.Router.Reload(context.Background()))
	return &model{world: w, t: t, first: int64(w.count(`SELECT coalesce(max(id), 0) + 1 FROM requests`)), chats: chats,
		spoke: w.count(`SELECT coalesce(max(id), 0) FROM messages`), said: map[int64][]string{}, claims: map[int64]claim{}}
}

// rows are the requests as they are, by number.
func (m *model) rows(actor string) map[int64]row {
	var all []row
	m.must(m.db.Select(&all, `
		SELECT id, ref, chat_id, state, coalesce(station, '') AS station, coalesce(worker, '') AS worker, urgency, coalesce(category, '') AS category,
			next_action, next_action_at, claim_due, resolve_due, claim_level, resolve_level, claimed_at, resolved_at,
			EXISTS (SELECT FROM offers o JOIN workers w ON w.station = o.station WHERE o.request_id = r.id AND w.code = $2) AS offered,
			r.state IN ('claimed', 'referred') AND (r.worker = $2 OR EXISTS (SELECT FROM absences a JOIN workers h ON h.code = a.worker
				JOIN workers i ON i.code = a.stand_in AND i.station = h.station
				WHERE a.worker = r.worker AND a.stand_in = $2 AND a.began_at IS NOT NULL AND a.ended_at IS NULL)) AS mine,
			EXISTS (SELECT FROM referrals f JOIN referral_offers o ON o.referral_id = f.id WHERE f.request_id = r.id AND o.partner = $2) AS helps,
			coalesce((SELECT h.taker FROM handoffs h WHERE h.request_id = r.id AND h.answer = ''), '') AS asked
		FROM requests r WHERE id >= $1 ORDER BY id`, m.first, actor))
	rows := map[int64]row{}
	for _, r := range all {
		rows[r.ID] = r
	}
	return rows
}

// anyRef is the reference of one of the requests, or of none.
func (m *model) anyRef(t *rapid.T) string {
	refs := append([]string{"NONE99"}, m.texts(`SELECT ref FROM requests WHERE id >= $1 ORDER BY id`, m.first)...)
	return refs[rapid.IntRange(min(1, len(refs)-1), len(refs)-1).Draw(t, "request")]
}

func (m *model) anyWorker(t *rapid.T) (int64, string) {
	chat := rapid.SampledFrom([]int64{10, 11, 11, 12, 20, 21, 31}).Draw(t, "worker")
	return chat, workers[chat]
}

func (m *model) anyResident(t *rapid.T) int64 {
	return m.chats + int64(rapid.IntRange(0, residents-1).Draw(t, "resident"))
}

// does has somebody do something, sometimes twice as Telegram does after a crash, and judges what has become of it.
func (m *model) does(t *rapid.T, d deed, act intake.Act) {
	who := d.worker + d.partner
	d.mode = m.modeOf(d.chat)
	t.Logf("%+v: %+v", d, act)
	before, notices, update := m.rows(who), m.lastNotice(), m.updateOf(d, act)
	answer, err := m.Handle(context.Background(), update)
	if err != nil {
		t.Fatalf("%+v: %v", d, err)
	}
	after := m.rows(who)
	m.judge(t, d, before, after)
	_, said := act.(intake.Said)
	if !said && answer.Kind == "" && m.world.count(`SELECT count(*) FROM notices WHERE id > $1 AND chat_id = $2`, notices, d.chat) == 0 {
		t.Fatalf("%+v gets neither an answer nor a notice; the request was %+v", d, find(before, d.ref))
	}
	if rapid.IntRange(0, 9).Draw(t, "again") == 0 {
		notices = m.lastNotice()
		_, err := m.Handle(context.Background(), update)
		m.must(err)
		if diff := cmp.Diff(after, m.rows(who)); diff != "" || m.lastNotice() != notices {
			t.Fatalf("%+v a second time changes something: %s", d, diff)
		}
	}
}

func (m *model) lastNotice() int {
	return m.world.count(`SELECT coalesce(max(id), 0) FROM notices`)
}

func find(rows map[int64]row, ref string) row {
	for _, r := range rows {
		if r.Ref == ref {
			return r
		}
	}
	return row{}
}

func (m *model) residentSays(t *rapid.T) {
	chat := m.anyResident(t)
	m.count++
	text := fmt.Sprintf(rapid.SampledFrom(words).Draw(t, "words"), 100000+int(m.chats)*100+m.count)
	m.said[chat] = append(m.said[chat], text)
	m.does(t, deed{chat: chat}, intake.Said{Text: text})
}

func (m *model) residentShares(t *rapid.T) {
	m.does(t, deed{chat: m.anyResident(t)}, intake.Located{Lat: rapid.SampledFrom([]float64{22.99, 23.11}).Draw(t, "lat"), Lon: 113})
}

// residentFiles says, places and confirms, so that there is something to work on.
func (m *model) residentFiles(t *rapid.T) {
	if len(m.rows("")) > 6 {
		t.Skip("enough to do")
	}
	chat := m.anyResident(t)
	m.does(t, deed{chat: chat, action: "new"}, intake.Command{Name: "new", Text: "/new"})
	m.count++
	text := fmt.Sprintf(words[0], 100000+int(m.chats)*100+m.count)
	m.said[chat] = append(m.said[chat], text)
	m.does(t, deed{chat: chat}, intake.Said{Text: text})
	m.does(t, deed{chat: chat}, intake.Located{Lat: 22.99, Lon: 113})
	for _, r := range m.rows("") {
		if r.Chat == chat && r.State == intake.Draft {
			m.does(t, deed{chat: chat, action: intake.ActConfirm, ref: r.Ref}, intake.Pressed{Press: intake.Press{Action: intake.ActConfirm, Ref: r.Ref}})
		}
	}
}

func (m *model) residentPresses(t *rapid.T) {
	ref, chat := m.anyRef(t), m.anyResident(t)
	if r := find(m.rows(""), ref); r.ID != 0 && rapid.IntRange(0, 3).Draw(t, "own") > 0 {
		chat = r.Chat
	}
	m.presses(t, chat, "", ref, rapid.IntRange(0, 9).Draw(t, "forged") == 0)
}

func (m *model) workerPresses(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	m.presses(t, chat, code, ref, rapid.IntRange(0, 9).Draw(t, "forged") > 0)
}

// holderOr is the worker who has the request, more often than not, and else any.
func (m *model) holderOr(t *rapid.T, ref string) (int64, string) {
	holder := find(m.rows(""), ref).Worker
	for chat, code := range workers {
		if code == holder && rapid.IntRange(0, 3).Draw(t, "holder") > 0 {
			return chat, code
		}
	}
	return m.anyWorker(t)
}

// workerWrites presses Reply or Note, and says something.
func (m *model) workerWrites(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	button := rapid.SampledFrom([]string{intake.ActReply, intake.ActNote}).Draw(t, "writes")
	m.does(t, deed{chat: chat, worker: code, action: button, ref: ref}, intake.Pressed{Press: intake.Press{Action: button, Ref: ref}})
	m.write(t, deed{chat: chat, worker: code}, "we come at")
}

// presses has somebody press a worker's or a resident's button on a request.
func (m *model) presses(t *rapid.T, chat int64, code, ref string, workers bool) {
	of := slices.DeleteFunc(slices.Clone(presses), func(p struct {
		worker bool
		action string
		args   []string
	}) bool {
		return p.worker != workers
	})
	p := of[rapid.IntRange(0, len(of)-1).Draw(t, "button")]
	arg := ""
	if p.args != nil {
		arg = m.fill(t, rapid.SampledFrom(p.args).Draw(t, "arg"), ref)
	}
	m.does(t, deed{chat: chat, worker: code, partner: partners[chat], action: p.action, ref: ref, message: m.anyMessage(t, chat, ref)}, intake.Pressed{Press: intake.Press{Action: p.action, Ref: ref, Arg: arg}})
}

func (m *model) workerSays(t *rapid.T) {
	chat, code := m.anyWorker(t)
	m.write(t, deed{chat: chat, worker: code}, "we come at")
}

func (m *model) workersDuty(t *rapid.T) {
	chat, code := m.anyWorker(t)
	on := rapid.SampledFrom([]string{"on", "off", "auto", ""}).Draw(t, "duty")
	m.does(t, deed{chat: chat, worker: code, action: "duty"}, intake.Command{Name: "duty", Arg: on, Text: "/duty " + on})
	m.must(m.Router.Reload(context.Background()))
}

// workerBlocks has a worker shut the bot out: what they have goes back.
func (m *model) workerBlocks(t *rapid.T) {
	chat, _ := m.anyWorker(t)
	before := m.rows("")
	m.must(m.Unreachable(context.Background(), worldBot, chat))
	m.judge(t, deed{action: gone}, before, m.rows(""))
}

// twoClaim has two workers press Claim in the same moment: one has it, if anybody.
func (m *model) twoClaim(t *rapid.T) {
	ref := m.anyRef(t)
	rows := m.rows("")
	before := find(rows, ref)
	var group sync.WaitGroup
	var errs [2]error
	for i, chat := range []int64{11, 12} {
		m.update++
		update := m.by(chat, m.update, intake.Pressed{Press: intake.Press{Action: intake.ActClaim, Ref: ref}})
		group.Go(func() { _, errs[i] = m.Handle(context.Background(), update) })
	}
	group.Wait()
	m.must(errs[0])
	m.must(errs[1])
	after := find(m.rows(""), ref)
	if before.State != intake.Open {
		return
	}
	room := before.Urgency == "emergency" || inHand(rows, "n1") < claimLimit || inHand(rows, "n2") < claimLimit
	won := after.State.InHand() && (after.Worker == "n1" || after.Worker == "n2")
	if before.Station == "n" && won != room || after.State.InHand() && !won {
		t.Fatalf("two have claimed %+v, and now it is %+v", before, after)
	}
	if won {
		m.claims[after.ID] = claim{by: after.Worker, at: m.now, before: before}
	}
}

func (m *model) supervisorDecides(t *rapid.T) {
	ref, before := m.anyRef(t), m.rows("")
	var err error
	if rapid.Bool().Draw(t, "station") {
		err = m.SendTo(context.Background(), ref, rapid.SampledFrom([]string{"n", "f", "x"}).Draw(t, "to"), "mei")
	} else {
		err = m.Reclassify(context.Background(), ref, rapid.SampledFrom([]string{"health", "education"}).Draw(t, "service"), "mei")
	}
	if state := find(before, ref).State; (err == nil) != state.Active() {
		t.Fatalf("a supervisor decides on what is %q: %v", state, err)
	}
	m.judge(t, deed{action: supervisor, ref: ref}, before, m.rows(""))
}

// timePasses moves the time, at most by some days, in which the program was down.
func (m *model) timePasses(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.Int64Range(0, int64(5*24*time.Hour)).Draw(t, "outage")))
	m.clock(t)
}

// nextStep moves the time to the first moment at which the clock does something.
func (m *model) nextStep(t *rapid.T) {
	var at *time.Time
	m.must(m.db.Get(&at, `SELECT least((SELECT min(next_action_at) FROM requests WHERE id >= $1), (SELECT min(next_at) FROM handoffs WHERE request_id >= $1),
		(SELECT min(next_at) FROM referrals WHERE request_id >= $1), (SELECT min(due_at) FROM follow_ups WHERE request_id >= $1))`, m.first))
	if at != nil && at.After(m.now) {
		m.now = *at
	}
	m.clock(t)
}

// clock lets the clock act, and judges each step.
func (m *model) clock(t *rapid.T) {
	m.must(m.KeepDuty(context.Background()))
	for range 1000 {
		before := m.rows("")
		more, err := m.Due(context.Background())
		m.must(err)
		m.judge(t, deed{action: clock}, before, m.rows(""))
		if !more {
			m.nothingLeft(t)
			return
		}
	}
	t.Fatal("the clock finds no end")
}

func (m *model) messagesAreSent(*rapid.T) {
	m.exec(`UPDATE notices SET state = 'sent', sent_at = $1, message_id = id + $2 WHERE state = 'waiting' AND next_try_at <= $1`, m.now, sentAs)
}

// judge compares the requests before and after a deed with what its doer may do.
func (m *model) judge(t *rapid.T, d deed, before, after map[int64]row) {
	for id, now := range after {
		was, known := before[id]
		if !known {
			was = row{ID: id, Ref: now.Ref, Chat: now.Chat, State: intake.Draft, Urgency: now.Urgency, Category: now.Category}
		}
		if was.State != now.State || was.Worker != now.Worker || was.Station != now.Station {
			if why := m.forbids(d, was, now); why != "" {
				t.Fatalf("%s: %+v makes\n%+v of\n%+v", why, d, now, was)
			}
			m.judgeClaim(t, d, was, now, before)
		}
		m.judgeClock(t, d, was, now)
	}
}

// forbids says which rule a change breaks, or "".
func (m *model) forbids(d deed, was, now row) string {
	worker := d.worker != ""
	resident := d.chat == was.Chat && !worker
	switch {
	case was.State == intake.Cancelled:
		return "what was taken back acts again"
	case was.State.Finished() && d.action != intake.ActReopen && d.action != intake.ActTakeUp:
		return "what is closed acts again without being reopened"
	case d.action == clock:
		return rule(was.State == intake.Draft || now.Station == was.Station, "the clock moves a request to another station") +
			rule(!now.State.InHand() && now.State != intake.Resolved &&
				(now.State != intake.Cancelled || was.State == intake.Draft), "the clock does a person's work")
	case d.action == supervisor:
		return rule(was.State.Active() && now.State == intake.Open || was.State == now.State && was.Worker == now.Worker, "a supervisor only sends on")
	case d.action == gone:
		return rule(was.State.InHand() && now.Station == was.Station && (now.State == intake.Open || alone(was, now)), "who is gone does something")
	case now.State == intake.Cancelled:
		return rule(d.chat == was.Chat && (was.State == intake.Draft || was.State.Active()), "taken back by who hasn't asked for it")
	case d.action == intake.ActReopen:
		return rule(resident && (was.State == intake.Resolved || was.State == intake.Closed) && now.State == intake.Open && now.Worker == "", "reopened wrongly")
	case was.State == intake.Draft || resident && !was.Helps:
		return rule(d.chat == was.Chat && (now.State == intake.Open || now.State == intake.Draft) && (was.State == intake.Draft || was.Worker == now.Worker), "filed wrongly")
	case d.partner != "":
		return m.forbidsPartner(d, was, now)
	case worker:
		return m.forbidsWorker(d, was, now)
	}
	return "nothing allows it"
}

func rule(kept bool, name string) string {
	if kept {
		return ""
	}
	return name + ". "
}

// judgeClock checks that clocks only go on: levels one at a time and never back, but in a new cycle; deadlines never
// later, and nothing changed by a touch.
func (m *model) judgeClock(t *rapid.T, d deed, was, now row) {
	again := d.action == intake.ActReopen || d.action == intake.ActTakeUp
	anew := was.State == intake.Draft || again && was.State != now.State || was.Urgency != now.Urgency
	switch {
	case anew:
	case now.ClaimLevel < was.ClaimLevel || now.Level < was.Level:
		t.Fatalf("%+v sets a clock back: %+v was %+v", d, now, was)
	case was.ClaimDue != nil && (now.ClaimDue.After(*was.ClaimDue) || now.ResolveDue.After(*was.ResolveDue)):
		t.Fatalf("%+v gives more time: %+v was %+v", d, now, was)
	case d.action != clock && was.State == intake.Open && now.State == intake.Open && *was.Next == "claim" && now.Urgency != "emergency" &&
		now.NextAt.After(*was.NextAt):
		t.Fatalf("%+v puts the clock off: %+v was %+v", d, now, was)
	case now.ClaimLevel > was.ClaimLevel+1 || now.Level > was.Level+1:
		t.Fatalf("%+v leaves out a step: %+v was %+v", d, now, was)
	case d.action != clock && (now.ClaimLevel != was.ClaimLevel || now.Level != was.Level):
		t.Fatalf("%+v moves a clock: %+v was %+v", d, now, was)
	}
	answers := was.Next != nil && (*was.Next == "ask" || *was.Next == "answer")
	touch := d.worker != "" && (slices.Contains(touches, d.action) || d.action == "" && !answers && !deciding(d.mode))
	was.Asked, now.Asked = "", ""
	if touch && !cmp.Equal(was, now) {
		t.Fatalf("%+v is but a touch: %s", d, cmp.Diff(was, now))
	}
}

// holds checks what is always so.
func (m *model) holds(t *rapid.T) {
	if n := m.world.count(`SELECT count(*) FROM requests WHERE id >= $1 AND next_action_at IS NULL AND state NOT IN ('closed', 'cancelled')`, m.first); n > 0 {
		t.Fatalf("%d wait in limbo", n)
	}
	if n := m.world.count(`SELECT count(*) FROM notices n JOIN messages m ON m.id = CAST(n.args ->> 'message' AS bigint)
		JOIN requests r ON r.id = n.request_id
		WHERE n.kind IN ('worker_said', 'album_part') AND n.chat_id = r.chat_id AND (m.kind = 'note' OR m.request_id IS DISTINCT FROM r.id)`); n > 0 {
		t.Fatalf("%d notes go to residents, or words to whom they were not meant for", n)
	}
	for chat, said := range m.said {
		var kept []string
		m.must(m.db.Select(&kept, `SELECT text FROM messages WHERE chat_id = $1 AND author <> 'worker' AND kind = 'text' AND id > $2 ORDER BY id`, chat, m.spoke))
		if !cmp.Equal(kept, said) {
			t.Fatalf("resident %d said %q, and kept is %q", chat, said, kept)
		}
	}
	m.helpHolds(t)
	m.explained(t)
}

// explained checks that the log explains the state: what it tells, taken together, is the request's row.
func (m *model) explained(t *rapid.T) {
	var events []struct {
		Request int64           `db:"request_id"`
		Kind    string          `db:"kind"`
		ActorID string          `db:"actor_id"`
		Data    json.RawMessage `db:"data"`
	}
	m.must(m.db.Select(&events, `SELECT request_id, kind, actor_id, data FROM events WHERE request_id >= $1 ORDER BY id`, m.first))
	told, helped, from := map[int64]row{}, map[int64]int64{}, map[int64]string{}
	for _, e := range events {
		var data struct {
			Station, To, Taker, Step, Kind string
			Referral                       int64
			Undo                           *time.Time
		}
		m.must(json.Unmarshal(e.Data, &data))
		r := told[e.Request]
		if was := r.State; !slices.Contains(before(e.Kind), was) {
			t.Fatalf("in the log of %d %s follows %q", e.Request, e.Kind, was)
		}
		switch e.Kind {
		case "drafted":
			r.State = intake.Draft
		case "submitted":
			r.State = intake.Open
		case "routed":
			r.Station = data.Station
		case "claimed":
			from[e.Request] = r.Station
			r.State, r.Worker, r.Station = intake.Claimed, e.ActorID, data.Station
			if helped[e.Request] != 0 {
				r.State = intake.Referred
			}
		case "referred":
			switch {
			case data.Kind != intake.ToOrganisation:
			case data.Step == "accepted":
				helped[e.Request] = data.Referral
				if r.State == intake.Claimed {
					r.State = intake.Referred
				}
			case data.Referral == helped[e.Request]:
				delete(helped, e.Request)
				if r.State == intake.Referred {
					r.State = intake.Claimed
				}
			}
		case "released":
			r.State, r.Worker = intake.Open, ""
			if data.Undo != nil {
				r.Station = from[e.Request]
			}
		case "transferred":
			switch {
			case data.Taker != "":
				r.Worker = data.Taker
			case data.To == intake.ToSupervisor:
				r.State, r.Worker = intake.Open, ""
			default:
				r.State, r.Worker, r.Station = intake.Open, "", data.To
			}
		case "resolved":
			r.State = intake.Resolved
		case "reopened":
			r.State, r.Worker = intake.Open, ""
		case "cancelled":
			r.State = intake.Cancelled
		case "closed":
			r.State = intake.Closed
		}
		told[e.Request] = r
	}
	for id, r := range m.rows("") {
		if got := told[id]; got.State != r.State || got.Worker != r.Worker || got.Station != r.Station {
			t.Fatalf("the log tells of %s at %q with %q, and the request is %+v", got.State, got.Station, got.Worker, r)
		}
	}
}

// before are the states in which an event of a kind can be.
func before(kind string) []intake.State {
	active := []intake.State{intake.Open, intake.Claimed, intake.Referred}
	switch kind {
	case "drafted":
		return []intake.State{""}
	case "submitted":
		return []intake.State{intake.Draft}
	case "claimed":
		return []intake.State{intake.Open}
	case "released":
		return []intake.State{intake.Claimed, intake.Referred}
	case "transferred", "routed":
		return active
	case "resolved", "answered":
		return []intake.State{intake.Claimed, intake.Referred}
	case "reopened":
		return []intake.State{intake.Resolved, intake.Closed}
	case "cancelled":
		return append(active, intake.Draft)
	case "closed":
		return []intake.State{intake.Resolved}
	}
	return append(active, intake.Draft, intake.Resolved, intake.Closed, intake.Cancelled)
}
