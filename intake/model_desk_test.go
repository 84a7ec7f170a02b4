package intake_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"onedoor/intake"
)

// partners are those of the model: whoever answers for an organisation, and volunteers.
var partners = map[int64]string{40: "o1", 41: "v1", 42: "v2"}

const (
	claimLimit = 2       // so that it is reached
	groupChat  = -77     // of the station n
	sentAs     = 1 << 40 // what is sent has its notice's number and this one: no number of what is said
)

// What stands in a button's argument for a number or a moment that is known only then.
const (
	argRequest  = "<request>"
	argHandoff  = "<handoff>"
	argReferral = "<referral>"
	argMessage  = "<message>"
	argCanned   = "<canned>"
	argFollowUp = "<follow-up>"
	argMoment   = "<moment>"
)

// claim is one that was made: by whom, when, and how the request was before.
type claim struct {
	by     string
	at     time.Time
	before row
}

// others are who helps beside the workers: an organisation that has room for one and answers in chat, one that doesn't, and two
// volunteers; a station has a group, and replies are at hand.
func (w *world) others() {
	w.exec(`INSERT INTO organisations (code, name, lat, lon, capacity) VALUES ('o1', 'O1', 23, 113, 1), ('o2', 'O2', 23, 113, NULL)`)
	w.exec(`INSERT INTO partners (code, kind, name, tasks, lat, lon) VALUES
		('v1', 'volunteer', 'V1', '{visit,lift}', 23, 113), ('v2', 'volunteer', 'V2', '{visit}', 23, 113)`)
	w.exec(`INSERT INTO canned_replies (language, title, text) VALUES ('en', 'Soon', 'We come soon, {worker}'), ('en', 'Papers', 'Bring {ref}')`)
	for chat, code := range partners {
		w.join(chat, code)
	}
	w.exec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES ($1, $2, 'en', $3)`, worldBot, groupChat, w.now)
	w.exec(`INSERT INTO station_groups (station, bot_id, chat_id, bound_by, bound_at) VALUES ('n', $1, $2, 'n0', $3)`, worldBot, groupChat, w.now)
}

// updateOf is the update by which a deed is done.
func (m *model) updateOf(d deed, act intake.Act) intake.Update {
	m.update++
	u := m.by(d.chat, m.update, act)
	if d.group {
		u.Chat, u.By = groupChat, d.chat
	}
	if d.message != 0 {
		u.MessageID = d.message
	}
	u.ReplyTo.Message = d.answers
	return u
}

// modeOf is what the words of a chat are for.
func (m *model) modeOf(chat int64) string {
	return m.text(`SELECT coalesce((SELECT mode || ':' || mode_arg FROM chats WHERE bot_id = $1 AND id = $2), '')`, worldBot, chat)
}

// deciding tells whether a worker's words may do more to a request than to be passed on or kept.
func deciding(mode string) bool {
	for _, what := range []string{"not_possible:", "referred:", "duplicate:", "handover:", "aside:why:"} {
		if strings.HasPrefix(mode, what) {
			return true
		}
	}
	return false
}

// fill puts numbers and moments into a button's argument: of the request more often than not.
func (m *model) fill(t *rapid.T, arg, ref string) string {
	for name, query := range map[string]string{
		argRequest:  `SELECT q.ref FROM requests q JOIN requests r ON q.id <> r.id WHERE r.ref = $1 AND q.id >= $2 ORDER BY q.id`,
		argHandoff:  `SELECT h.id FROM handoffs h JOIN requests r ON r.id = h.request_id WHERE r.id >= $2 ORDER BY r.ref = $1 DESC, h.id DESC LIMIT 3`,
		argReferral: `SELECT f.id FROM referrals f JOIN requests r ON r.id = f.request_id WHERE r.id >= $2 ORDER BY r.ref = $1 DESC, f.id DESC LIMIT 3`,
		argMessage:  `SELECT m.id FROM messages m LEFT JOIN requests r ON r.id = m.request_id WHERE $1 <> '' AND m.author = 'worker' AND coalesce(r.id, $2) >= $2 ORDER BY m.id DESC LIMIT 6`,
		argCanned:   `SELECT id FROM canned_replies WHERE $1 <> '' AND $2 > 0 ORDER BY id`,
		argFollowUp: `SELECT f.id FROM follow_ups f JOIN requests r ON r.id = f.request_id WHERE r.id >= $2 ORDER BY r.ref = $1 DESC, f.id DESC LIMIT 3`,
	} {
		if strings.Contains(arg, name) {
			values := m.texts(strings.Replace(query, "$1", "CAST($1 AS text)", 1), ref, m.first)
			arg = strings.ReplaceAll(arg, name, rapid.SampledFrom(append(values, "0")).Draw(t, name))
		}
	}
	if strings.Contains(arg, argMoment) {
		at := m.now.Add(time.Duration(rapid.IntRange(-1, 100).Draw(t, "hours")) * time.Hour)
		arg = strings.ReplaceAll(arg, argMoment, intake.MomentArg(at))
	}
	return arg
}

func (m *model) texts(query string, args ...any) (all []string) {
	m.must(m.db.Select(&all, query, args...))
	return all
}

// anyMessage is one of the messages about a request in a chat whose button may be pressed, or one that is not known.
func (m *model) anyMessage(t *rapid.T, chat int64, ref string) int64 {
	var ids []int64
	m.must(m.db.Select(&ids, `SELECT n.message_id FROM notices n LEFT JOIN requests r ON r.id = n.request_id
		WHERE n.chat_id = $1 AND n.message_id IS NOT NULL AND n.edits IS NULL AND (r.ref = $2 OR r.id IS NULL) ORDER BY n.id DESC LIMIT 8`, chat, ref))
	return rapid.SampledFrom(append(ids, 0)).Draw(t, "message")
}

// tap has somebody press a button under the latest message of a kind, or under none that is known.
func (m *model) tap(t *rapid.T, d deed, arg string) {
	m.does(t, d, intake.Pressed{Press: intake.Press{Action: d.action, Ref: d.ref, Arg: arg}})
}

// write has a worker or partner write words that are unlike all others.
func (m *model) write(t *rapid.T, d deed, text string) {
	m.count++
	text = fmt.Sprintf(text+" %d", 500000+int(m.chats)*100+m.count)
	if d.partner != "" {
		m.said[d.chat] = append(m.said[d.chat], text)
	}
	m.does(t, d, intake.Said{Text: text})
}

// goesOn has whoever can do something about a request do it, as most people do.
func (m *model) goesOn(t *rapid.T) {
	r := find(m.rows(""), m.anyRef(t))
	chat, code := m.holderOr(t, r.Ref)
	d := deed{chat: chat, worker: code, ref: r.Ref}
	switch r.State {
	case intake.Draft:
		d = deed{chat: r.Chat, partner: partners[r.Chat], ref: r.Ref, action: intake.ActConfirm}
	case intake.Open:
		d.action = intake.ActClaim
	case intake.Claimed, intake.Referred:
		d.action = intake.ActReply
		m.tap(t, d, "")
		d.action = ""
		m.write(t, d, "we come at")
		return
	case intake.Resolved, intake.Closed:
		d = deed{chat: r.Chat, partner: partners[r.Chat], ref: r.Ref, action: intake.ActReopen}
	default:
		t.Skip("nothing is to be done")
	}
	m.tap(t, d, "")
}

func (m *model) workerTakesNext(t *rapid.T) {
	chat, code := m.anyWorker(t)
	m.does(t, deed{chat: chat, worker: code, action: "next"}, intake.Command{Name: "next", Text: "/next"})
}

// workerUndoes claims, lets some time pass, and takes that back.
func (m *model) workerUndoes(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	m.tap(t, deed{chat: chat, worker: code, action: intake.ActClaim, ref: ref}, "")
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
	chat, code = m.holderOr(t, ref)
	m.tap(t, deed{chat: chat, worker: code, action: intake.ActUnclaim, ref: ref}, "")
}

func (m *model) workerAsks(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	m.tap(t, deed{chat: chat, worker: code, action: intake.ActAsk, ref: ref}, rapid.SampledFrom([]string{"n0", "n1", "n2", "f1"}).Draw(t, "colleague"))
}

// colleagueAnswers is what those say who are asked to take a request on, and sometimes who isn't asked.
func (m *model) colleagueAnswers(t *rapid.T) {
	asked := m.texts(`SELECT r.ref FROM handoffs h JOIN requests r ON r.id = h.request_id WHERE r.id >= $1 AND h.answer = '' ORDER BY h.id`, m.first)
	if len(asked) == 0 {
		t.Skip("nobody is asked")
	}
	ref := rapid.SampledFrom(asked).Draw(t, "request")
	chat, code := m.anyWorker(t)
	if taker := find(m.rows(""), ref).Asked; rapid.IntRange(0, 4).Draw(t, "forged") > 0 {
		chat, code = chatOf(workers, taker), taker
	}
	action := rapid.SampledFrom([]string{intake.ActTake, intake.ActTake, intake.ActLeave}).Draw(t, "answer")
	m.tap(t, deed{chat: chat, worker: code, action: action, ref: ref}, m.fill(t, argHandoff, ref))
}

func chatOf(people map[int64]string, code string) int64 {
	for chat, who := range people {
		if who == code {
			return chat
		}
	}
	return 0
}

// workerRefers asks an organisation or volunteers, with words.
func (m *model) workerRefers(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	to := rapid.SampledFrom([]string{"organisation:o1", "organisation:o2", "volunteer:visit", "volunteer:lift"}).Draw(t, "to")
	m.tap(t, deed{chat: chat, worker: code, action: intake.ActReferTo, ref: ref}, to)
	m.write(t, deed{chat: chat, worker: code}, "please carry the bags at")
}

func (m *model) anyPartner(t *rapid.T) (int64, string) {
	chat := rapid.SampledFrom([]int64{40, 40, 41, 42}).Draw(t, "partner")
	return chat, partners[chat]
}

// partnerPresses has a partner, or who isn't one, press a partner's button.
func (m *model) partnerPresses(t *rapid.T) {
	all := m.texts(`SELECT id FROM referrals WHERE request_id >= $1 ORDER BY state IN ('offered', 'accepted') DESC, id DESC LIMIT 3`, m.first)
	if len(all) == 0 {
		t.Skip("nobody is asked")
	}
	chat, code := m.anyPartner(t)
	id := rapid.SampledFrom(all).Draw(t, "referral")
	if asked := m.texts(`SELECT partner FROM referral_offers WHERE referral_id = $1 ORDER BY 1`, id); len(asked) > 0 && rapid.Bool().Draw(t, "asked") {
		code = rapid.SampledFrom(asked).Draw(t, "who")
		chat = chatOf(partners, code)
	}
	d := deed{chat: chat, partner: code}
	if rapid.IntRange(0, 9).Draw(t, "forged") == 0 {
		d = deed{chat: m.anyResident(t)}
	}
	d.action = rapid.SampledFrom([]string{intake.ActAccept, intake.ActAccept, intake.ActAccept, intake.ActCantDo, intake.ActToWorker,
		intake.ActReported, intake.ActReport, intake.ActReport}).Draw(t, "button")
	arg := id
	if d.action == intake.ActReport {
		number, err := strconv.ParseInt(id, 10, 64)
		m.must(err)
		arg = intake.ReportAs(number, rapid.SampledFrom([]string{"done", "partly", "not_possible", "nonsense"}).Draw(t, "outcome"))
	}
	m.tap(t, d, arg)
}

// partnerSays has a partner write: to a worker after a button or in answer to a message, and else as a resident.
func (m *model) partnerSays(t *rapid.T) {
	chat, code := m.anyPartner(t)
	m.write(t, deed{chat: chat, partner: code, answers: m.anyMessage(t, chat, "")}, "the lamp in the kitchen is broken")
}

// workerHandsOver goes through a hand-over, not always to its end.
func (m *model) workerHandsOver(t *rapid.T) {
	chat, code := m.anyWorker(t)
	d := deed{chat: chat, worker: code, action: intake.ActHandover}
	m.does(t, d, intake.Command{Name: "handover", Text: "/handover"})
	if rapid.Bool().Draw(t, "chooses") {
		chosen := d
		chosen.ref = m.anyRef(t)
		m.tap(t, chosen, "")
	}
	m.tap(t, d, intake.ArgWho)
	m.tap(t, d, intake.ArgTo+rapid.SampledFrom([]string{"n0", "n1", "n2", "f1", "x1"}).Draw(t, "to"))
	switch rapid.IntRange(0, 2).Draw(t, "note") {
	case 0:
		m.tap(t, d, intake.ArgSend)
	case 1:
		m.write(t, deed{chat: chat, worker: code}, "ring twice at")
	}
}

// workerIsAway goes, has somebody stand in, or is back.
func (m *model) workerIsAway(t *rapid.T) {
	chat, code := m.anyWorker(t)
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		m.does(t, deed{chat: chat, worker: code, action: "back"}, intake.Command{Name: "back", Text: "/back"})
		return
	case 1:
		m.tap(t, deed{chat: chat, worker: code, action: intake.ActDecline},
			rapid.SampledFrom(append(m.texts(`SELECT id FROM absences WHERE ended_at IS NULL ORDER BY id`), "0")).Draw(t, "absence"))
		return
	}
	when := rapid.SampledFrom([]string{"today", "tomorrow", "week", "open", ""}).Draw(t, "when")
	m.does(t, deed{chat: chat, worker: code, action: "away"}, intake.Command{Name: "away", Arg: when, Text: "/away " + when})
	m.tap(t, deed{chat: chat, worker: code, action: intake.ActStandIn}, rapid.SampledFrom([]string{"n1", "n2", "f1", ""}).Draw(t, "stand-in"))
}

// workerAnswers has a worker answer, in Telegram's sense, one of the messages in their chat.
func (m *model) workerAnswers(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	m.write(t, deed{chat: chat, worker: code, answers: m.anyMessage(t, chat, ref)}, "we come at")
}

// workerSendsCanned sends a reply at hand.
func (m *model) workerSendsCanned(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	d := deed{chat: chat, worker: code, action: intake.ActQuick, ref: ref}
	m.tap(t, d, "")
	d.action = intake.ActSendCanned
	m.tap(t, d, m.fill(t, argCanned, ref))
}

// workerSettles writes for nobody, and says then where it goes.
func (m *model) workerSettles(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	m.write(t, deed{chat: chat, worker: code}, "we come at")
	last := m.text(`SELECT coalesce(max(id), 0) FROM messages WHERE chat_id = $1`, chat)
	m.tap(t, deed{chat: chat, worker: code, action: rapid.SampledFrom([]string{intake.ActSendTo, intake.ActNoteTo}).Draw(t, "where"), ref: ref}, last)
}

// workerResolves ends a request, with words where they are asked for, and perhaps opens it again.
func (m *model) workerResolves(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	d := deed{chat: chat, worker: code, action: intake.ActOutcome, ref: ref}
	m.tap(t, d, m.fill(t, rapid.SampledFrom([]string{"solved", "partly", "not_possible", "referred", "duplicate", "duplicate." + argRequest}).Draw(t, "outcome"), ref))
	if rapid.Bool().Draw(t, "words") {
		m.write(t, deed{chat: chat, worker: code}, "it is mended, see")
	}
	if rapid.IntRange(0, 2).Draw(t, "again") == 0 {
		d.action = intake.ActTakeUp
		m.tap(t, d, "")
	}
}

// workerFollowsUp has something come of a request.
func (m *model) workerFollowsUp(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.holderOr(t, ref)
	d := deed{chat: chat, worker: code, ref: ref}
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		d.action = intake.ActAwait
		m.tap(t, d, "")
	case 1:
		d.action = intake.ActAppoint
		m.tap(t, d, m.fill(t, "home."+argMoment, ref))
	case 2:
		d.action = intake.ActRemind
		m.tap(t, d, "1")
	case 3:
		d.action = rapid.SampledFrom([]string{intake.ActRemind, intake.ActAppoint}).Draw(t, "kind")
		m.tap(t, d, "date")
		m.does(t, deed{chat: chat, worker: code}, intake.Said{Text: rapid.SampledFrom([]string{"tomorrow at 10:30", "2026-12-24", "no idea"}).Draw(t, "when")})
	}
}

// workerInGroup presses a button in the group of a station.
func (m *model) workerInGroup(t *rapid.T) {
	ref := m.anyRef(t)
	chat, code := m.anyWorker(t)
	action := rapid.SampledFrom([]string{intake.ActClaim, intake.ActClaim, intake.ActOpen, intake.ActRelease}).Draw(t, "button")
	m.does(t, deed{chat: chat, worker: code, action: action, ref: ref, group: true},
		intake.GroupPressed{Press: intake.Press{Action: action, Ref: ref}})
}

// partnerBlocks has a partner shut the bot out: what they have ends, and the worker has it alone.
func (m *model) partnerBlocks(t *rapid.T) {
	chat, _ := m.anyPartner(t)
	before := m.rows("")
	m.must(m.Unreachable(context.Background(), worldBot, chat))
	m.judge(t, deed{action: gone}, before, m.rows(""))
}

// alone tells whether all that has changed is that an organisation has a request no longer.
func alone(was, now row) bool {
	return was.State == intake.Referred && now.State == intake.Claimed && was.Worker == now.Worker && was.Station == now.Station
}

// joined tells whether all that has changed is that an organisation has a request.
func joined(was, now row) bool { return alone(now, was) }

// forbidsPartner says which rule a change by a partner breaks, or "": they have it with the worker, or no longer.
func (m *model) forbidsPartner(d deed, was, now row) string {
	switch {
	case d.action == intake.ActAccept:
		return rule(was.Helps && joined(was, now), "accepted wrongly")
	case d.action == intake.ActReport, d.action == "" && strings.HasPrefix(d.mode, "aside:report"):
		return rule(was.Helps && alone(was, now), "reported wrongly")
	}
	return "no partner may do that"
}

// forbidsWorker says which rule a change by a worker breaks, or "".
func (m *model) forbidsWorker(d deed, was, now row) string {
	mine, kept := was.Mine, was.State == now.State && was.Station == now.Station
	own := was.Station == m.stationOf(d.worker)
	words := d.action == ""
	switch {
	case d.action == intake.ActTakeUp:
		return rule((was.State == intake.Resolved || was.State == intake.Closed) && (own || was.Worker == d.worker) &&
			!m.now.After(was.ResolvedAt.Add(30*24*time.Hour)) && (now.State == intake.Open || now.State == intake.Claimed && now.Worker == d.worker), "taken up wrongly")
	case was.State == intake.Open && now.State.InHand():
		return rule((d.action == intake.ActClaim || d.action == "next") && now.Worker == d.worker && (own || was.Offered) &&
			(!d.group || m.stationOf(d.worker) == "n"), "a claim that may not be")
	case now.State == intake.Resolved:
		return rule((d.action == intake.ActOutcome || words && deciding(d.mode)) && mine, "resolved by who doesn't have it")
	case d.action == intake.ActUnclaim:
		return m.forbidsUndo(was, now)
	case d.action == intake.ActRelease:
		return rule(mine && now.State == intake.Open && now.Station == was.Station && !d.group, "released by who doesn't have it")
	case d.action == intake.ActPassTo, d.action == intake.ActMeant, d.action == intake.ActWhy, words && strings.HasPrefix(d.mode, "aside:why"):
		return rule((mine || own && was.State == intake.Open) && now.State == intake.Open, "passed on by who may not")
	case d.action == intake.ActTake:
		return rule(was.Asked == d.worker && now.Worker == d.worker && kept, "taken on by who isn't asked")
	case d.action == intake.ActHandover, words && strings.HasPrefix(d.mode, "handover"):
		return rule(was.State.InHand() && was.Worker == d.worker && kept && m.stationOf(now.Worker) == m.stationOf(d.worker), "handed over wrongly")
	case d.action == intake.ActRecall:
		return rule(mine && alone(was, now), "recalled wrongly")
	case d.action == intake.ActTheyTake:
		return rule(mine && joined(was, now), "referred wrongly")
	}
	return "nothing allows it"
}

func (m *model) stationOf(worker string) string {
	return m.text(`SELECT coalesce((SELECT station FROM workers WHERE code = $1), '-')`, worker)
}

// forbidsUndo says which rule an undone claim breaks: the request is again as it was before whoever has it claimed it.
func (m *model) forbidsUndo(was, now row) string {
	c := m.claims[was.ID]
	why := rule(was.Mine && now.State == intake.Open && now.Worker == "", "undone by who doesn't have it") +
		rule(c.by == was.Worker, "undone though somebody else has claimed it") + rule(m.now.Sub(c.at) < intake.Undo, "undone too late")
	if before := c.before; before.State == intake.Open {
		why += rule(now.Station == before.Station && *now.Next == *before.Next && now.NextAt.Equal(*before.NextAt), "undone, but not as before")
	}
	return why + rule(m.world.count(`SELECT count(*) FROM notices WHERE request_id = $1 AND kind = 'claimed_by' AND state = 'waiting'`, was.ID) == 0,
		"the resident hears of a claim that was undone")
}

// judgeClaim keeps who claims what, and checks that nobody claims more than they may, or what is less pressing.
func (m *model) judgeClaim(t *rapid.T, d deed, was, now row, before map[int64]row) {
	if d.worker == "" || was.State.InHand() || !now.State.InHand() {
		return
	}
	m.claims[now.ID] = claim{by: d.worker, at: m.now, before: was}
	station := m.stationOf(d.worker)
	for _, r := range before {
		if d.action == "next" && r.State == intake.Open && r.Station == station && r.Urgency == "emergency" && was.Urgency != "emergency" {
			t.Fatalf("%+v claims %+v before %+v", d, now, r)
		}
	}
	if has := inHand(before, d.worker); has >= claimLimit && was.Urgency != "emergency" {
		t.Fatalf("%+v claims %+v and has %d", d, now, has)
	}
}

// inHand counts what counts for the limit of claims.
func inHand(rows map[int64]row, worker string) (n int) {
	for _, r := range rows {
		if r.State == intake.Claimed && r.Worker == worker && r.Urgency != "emergency" {
			n++
		}
	}
	return n
}

// nothingLeft checks that the clock, when it has nothing more to do, has done all.
func (m *model) nothingLeft(t *rapid.T) {
	if n := m.world.count(`SELECT (SELECT count(*) FROM requests WHERE next_action_at <= $1) + (SELECT count(*) FROM handoffs WHERE next_at <= $1)
		+ (SELECT count(*) FROM referrals WHERE next_at <= $1) + (SELECT count(*) FROM follow_ups WHERE due_at <= $1)
		+ (SELECT count(*) FROM troubles WHERE kind = 'job')`, m.now); n > 0 {
		t.Fatalf("the clock leaves %d undone", n)
	}
}

// bans are what must never be, each as a query for the numbers of what is so; $1 is the first request.
var bans = map[string]string{
	"others are asked for what nobody has": `SELECT h.id FROM handoffs h JOIN requests r ON r.id = h.request_id
		WHERE r.id >= $1 AND h.answer = '' AND (r.state NOT IN ('claimed', 'referred') OR r.worker <> h.holder)`,
	"help goes on for what is over": `SELECT f.id FROM referrals f JOIN requests r ON r.id = f.request_id
		WHERE r.id >= $1 AND f.state IN ('offered', 'accepted') AND r.state NOT IN ('open', 'claimed', 'referred')`,
	"something is to come of what is over": `SELECT f.id FROM follow_ups f JOIN requests r ON r.id = f.request_id
		WHERE r.id >= $1 AND f.due_at IS NOT NULL AND r.state NOT IN ('open', 'claimed', 'referred')`,
	"referred and with an organisation are two": `SELECT r.id FROM requests r WHERE r.id >= $1 AND r.state IN ('claimed', 'referred')
		AND (r.state = 'referred') <> EXISTS (SELECT FROM referrals f WHERE f.request_id = r.id AND f.kind = 'organisation' AND f.state = 'accepted')`,
	"an organisation has more than it can": `SELECT 1 FROM referrals WHERE organisation = 'o1' AND state = 'accepted' AND $1 > 0 HAVING count(*) > 1`,
	"residents are told what isn't for them": `SELECT n.id FROM notices n JOIN requests r ON r.id = n.request_id
		JOIN messages m ON m.id = CAST(n.args ->> 'message' AS bigint)
		WHERE r.id >= $1 AND n.chat_id = r.chat_id AND (m.kind = 'note' OR m.author = 'partner' AND m.chat_id <> r.chat_id)`,
	"partners are shown what isn't for them": `SELECT n.id FROM notices n JOIN requests r ON r.id = n.request_id
		JOIN partners p ON p.bot_id = n.bot_id AND p.chat_id = n.chat_id
		WHERE r.id >= $1 AND n.chat_id <> r.chat_id AND n.kind NOT IN ('task', 'partner_told', 'ask_worker', 'ask_report', 'worker_told')`,
	"partners read a resident's words": `SELECT n.id FROM notices n JOIN requests r ON r.id = n.request_id
		JOIN partners p ON p.bot_id = n.bot_id AND p.chat_id = n.chat_id JOIN messages m ON m.id = CAST(n.args ->> 'message' AS bigint)
		WHERE r.id >= $1 AND n.chat_id <> r.chat_id AND m.author = 'resident'`,
	"partners see what they weren't asked to do": `SELECT n.id FROM notices n JOIN requests r ON r.id = n.request_id
		JOIN partners p ON p.bot_id = n.bot_id AND p.chat_id = n.chat_id
		WHERE r.id >= $1 AND n.kind IN ('task', 'partner_told') AND NOT EXISTS (SELECT FROM referral_offers o
			WHERE o.partner = p.code AND o.referral_id = CAST(n.args ->> 'referral' AS bigint))`,
	"who is of another station has it": `SELECT r.id FROM requests r JOIN workers w ON w.code = r.worker
		WHERE r.id >= $1 AND r.state IN ('claimed', 'referred') AND w.station <> r.station`,
	"volunteers are asked where there is danger": `SELECT f.id FROM referrals f JOIN requests r ON r.id = f.request_id
		WHERE r.id >= $1 AND f.kind = 'volunteer' AND f.state = 'accepted' AND f.accepted_at > (SELECT max(e.at) FROM events e
			WHERE e.request_id = r.id AND e.kind = 'alarmed')`,
	"a stand-in is not told": `SELECT a.id FROM absences a WHERE $1 > 0 AND a.stand_in IS NOT NULL AND a.ended_at IS NULL AND NOT EXISTS (
		SELECT FROM notices n JOIN workers w ON w.chat_id = n.chat_id WHERE w.code = a.stand_in AND n.kind = 'stand_in')`,
}

// helpHolds checks what is always so of whoever else has to do with requests.
func (m *model) helpHolds(t *rapid.T) {
	names := []string{}
	for name := range bans {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if found := m.texts(bans[name], m.first); len(found) > 0 {
			t.Fatalf("%s: %v", name, found)
		}
	}
}
