package intake_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onedoor/intake"
	"onedoor/internal/database/databasetest"
)

// told is what a board says: its items with their reasons, what is in hand, and how much the stations have to do.
func (d *desk) told(b *intake.Board, sight intake.Sight) []string {
	d.Helper()
	p, err := b.Look(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	var all []string
	for _, i := range p.Items(sight) {
		all = append(all, fmt.Sprintln(i.Ref, i.Reason, i.State, i.Urgency, i.Text, i.OfferedTo, i.Guess.Categories))
	}
	for _, i := range p.InHand(sight) {
		all = append(all, fmt.Sprintln(i.Ref, "in hand", i.State))
	}
	for _, l := range p.Loads(sight) {
		all = append(all, fmt.Sprintln(l))
	}
	return all
}

// everything is the sight of who sees all.
var everything = intake.Sight{All: true}

// reasons are the references on a board with why they are there, in its order.
func (d *desk) reasons(b *intake.Board, sight intake.Sight) []string {
	d.Helper()
	p, err := b.Look(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	var all []string
	for _, i := range p.Items(sight) {
		all = append(all, i.Text+": "+i.Reason)
	}
	return all
}

// open puts a request on record as it would be in some state of its life, and an event of it.
func (d *desk) open(text, changes string) {
	d.Helper()
	d.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 9, coalesce(max(id), 0) + 1, 'en', now() FROM chats WHERE id < 9000000`)
	d.exec(`INSERT INTO requests (ref, bot_id, chat_id, state, text, station, created_at, submitted_at, claim_due, answer_due, resolve_due, next_action, next_action_at)
		SELECT 'B' || id, 9, id, 'open', $1, 'st-440117-2', now(), now(), now() + interval '1 day', now() + interval '2 days', now() + interval '3 days', 'claim', now()
		FROM chats WHERE id < 9000000 ORDER BY id DESC LIMIT 1`, text)
	if changes != "" {
		d.exec(`UPDATE requests SET `+changes+` WHERE text = $1`, text)
	}
	d.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'submitted', 'resident' FROM requests WHERE text = $1`, text)
}

const claimed = `state = 'claimed', claimed_at = now(), worker = 'w-440117-2-1'`

func TestBoardPutsTheMostPressingFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	b := d.NewBoard()
	d.told(b, everything)
	d.open("needs nobody", "")
	d.open("in hand and needs nobody", claimed)
	d.open("trouble", `triage = 'trouble'`)
	d.open("unclear", `triage = 'unclear'`)
	d.open("later", `triage = 'unclaimed', claim_due = now() + interval '3 days'`)
	d.open("sooner", `triage = 'unclaimed'`)
	d.open("nowhere", `triage = 'no_station', station = NULL`)
	d.open("silent", claimed)
	d.exec(`UPDATE chats SET unreachable_at = now() FROM requests r WHERE r.text = 'silent' AND r.bot_id = chats.bot_id AND r.chat_id = chats.id`)
	d.open("urgent", `triage = 'unclear', urgency = 'urgent'`)
	d.open("danger", `urgency = 'emergency', triage = 'unclaimed'`)
	d.open("danger in hand", `urgency = 'emergency', `+claimed)
	d.open("danger, no answer", `urgency = 'emergency', triage = 'unanswered', `+claimed)
	d.open("told too late", `state = 'resolved', outcome = 'solved', resolved_at = now(), triage = 'undeliverable', next_action = 'close'`)
	d.open("over", `state = 'resolved', outcome = 'solved', resolved_at = now(), triage = 'unclear', next_action = 'close'`)
	d.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'undeliverable', 'system' FROM requests WHERE text = 'silent'`)
	want := []string{"danger: crisis", "danger, no answer: unanswered", "urgent: unclear", "silent: undeliverable", "told too late: undeliverable",
		"sooner: unclaimed", "later: unclaimed", "nowhere: no_station", "unclear: unclear", "trouble: trouble"}
	if diff := cmp.Diff(want, d.reasons(b, everything)); diff != "" {
		t.Error(diff)
	}
	d.exec(`UPDATE chats SET unreachable_at = NULL`)
	d.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'said', 'resident' FROM requests WHERE text = 'silent'`)
	if got := d.reasons(b, everything); slices.Contains(got, "silent: undeliverable") {
		t.Errorf("who writes again is still out of reach: %q", got)
	}
}

func TestBoardKeepsToWhatIsInSight(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	d.open("ours", `triage = 'unclaimed'`)
	d.open("theirs", `triage = 'unclaimed', station = 'st-440111-2'`)
	d.open("offered", `triage = 'unclaimed', station = 'st-440111-2'`)
	d.open("danger offered", `urgency = 'emergency', station = 'st-440111-2'`)
	d.open("danger offered and claimed", `urgency = 'emergency', state = 'claimed', claimed_at = now(), worker = 'w-440111-2-1', station = 'st-440111-2'`)
	d.open("nowhere", `triage = 'no_place', station = NULL`)
	d.open("unplaced there", `triage = 'no_station', station = NULL, place_code = '440117111203'`)
	d.exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, 'st-440117-2', now() FROM requests WHERE text LIKE '%offered%'`)
	b := d.NewBoard()
	for name, test := range map[string]struct {
		sight intake.Sight
		want  []string
		loads []string
	}{
		"all": {everything, []string{"danger offered: crisis", "offered: unclaimed", "ours: unclaimed", "theirs: unclaimed", "unplaced there: no_station", "nowhere: no_place"},
			[]string{"st-440111-2", "st-440117-2"}},
		"a station":     {d.SightOf("st-440117-2", ""), []string{"danger offered: crisis", "offered: unclaimed", "ours: unclaimed"}, []string{"st-440117-2"}},
		"a county":      {d.SightOf("", "440117"), []string{"danger offered: crisis", "offered: unclaimed", "ours: unclaimed", "unplaced there: no_station"}, []string{"st-440117-2"}},
		"other station": {d.SightOf("st-440111-1", ""), nil, nil},
		"nothing":       {intake.Sight{}, nil, nil},
	} {
		got := d.reasons(b, test.sight)
		if name == "all" {
			slices.Sort(got[1:4])
		} else if len(got) > 2 {
			slices.Sort(got[1:3])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		p, err := b.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var loads []string
		for _, l := range p.Loads(test.sight) {
			loads = append(loads, l.Station)
		}
		slices.Sort(loads)
		if diff := cmp.Diff(test.loads, loads); diff != "" {
			t.Errorf("%s: stations: %s", name, diff)
		}
	}
}

// TestBoardFollowsTheLog: a board that reads what has changed says at any time what one says that reads everything.
func TestBoardFollowsTheLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	following := d.NewBoard()
	random := rand.New(rand.NewPCG(1, 2))
	said := 0
	for range 60 {
		for range random.IntN(4) {
			d.something(random)
		}
		one, all := d.told(following, everything), d.told(d.NewBoard(), everything)
		if diff := cmp.Diff(all, one); diff != "" {
			t.Fatalf("all that is open, and what was followed, differ: %s", diff)
		}
		said = max(said, len(all))
	}
	if said < 10 {
		t.Errorf("the boards had no more than %d things to say", said)
	}
}

// something happens to somebody.
func (d *desk) something(random *rand.Rand) {
	d.Helper()
	var refs []string
	if err := d.DB.Select(&refs, `SELECT ref FROM requests ORDER BY id`); err != nil {
		d.Fatal(err)
	}
	worker := int64(9000000 + 1 + random.IntN(3))
	what := random.IntN(6)
	if len(refs) == 0 {
		what = 0
	}
	var err error
	switch what {
	case 0, 1:
		words := []string{"救命，我家着火了", "我妈妈没人照顾", "老板拖欠工资", "hello"}[random.IntN(4)]
		chat := int64(1 + random.IntN(20))
		_, err = d.does(chat, intake.Said{Text: words})
		if err == nil {
			_, err = d.does(chat, intake.Located{Lat: 23.449, Lon: 113.482})
		}
		d.exec(`UPDATE requests SET next_action_at = now() WHERE state = 'draft'`)
		for more := err == nil; more; {
			more, err = d.Due(d.Context())
		}
	case 2:
		_, err = d.does(worker, intake.Pressed{Press: intake.Press{Action: intake.ActClaim, Ref: refs[random.IntN(len(refs))]}})
	case 3:
		_, err = d.does(worker, intake.Pressed{Press: intake.Press{Action: intake.ActOutcome, Ref: refs[random.IntN(len(refs))], Arg: "solved"}})
	case 4:
		err = d.SendTo(d.Context(), refs[random.IntN(len(refs))], "st-440117-2", "root")
	case 5:
		err = d.Unreachable(d.Context(), 9, int64(1+random.IntN(20)))
	}
	if err != nil && !strings.Contains(err.Error(), "refused") && !strings.Contains(err.Error(), "not") {
		d.Fatal(err)
	}
}

// An event that is numbered early and committed late is not missed, nor is anything when more is new than is looked at.
func TestBoardMissesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	b := d.NewBoard()
	d.open("first", "")
	d.told(b, everything)
	late, err := d.DB.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer late.Rollback()
	if _, err = late.Exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'said', 'resident' FROM requests WHERE text = 'first'`); err != nil {
		t.Fatal(err)
	}
	if _, err = late.Exec(`UPDATE requests SET triage = 'unclear' WHERE text = 'first'`); err != nil {
		t.Fatal(err)
	}
	d.open("second", `triage = 'unclear'`)
	if got := d.reasons(b, everything); !slices.Equal(got, []string{"second: unclear"}) {
		t.Errorf("the board has %q", got)
	}
	if err := late.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := d.reasons(b, everything); len(got) != 2 {
		t.Errorf("the board has %q, and lacks what was committed late", got)
	}
	d.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'said', 'resident' FROM requests, generate_series(1, 1500) WHERE text = 'second'`)
	d.exec(`UPDATE requests SET triage = '' WHERE text = 'first'`)
	if got := d.reasons(b, everything); !slices.Equal(got, []string{"second: unclear"}) {
		t.Errorf("after a flood of events the board has %q", got)
	}
}

// TestBoardReadsByIndex: with 100,000 requests behind it, the board reads no table from one end to the other.
func TestBoardReadsByIndex(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	d.fill(100_000)
	d.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'submitted', 'resident' FROM requests`)
	d.exec(`UPDATE requests SET triage = 'unclaimed' WHERE state = 'open' AND id % 5 = 0`)
	d.exec(`VACUUM ANALYZE`)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for statement, args := range intake.BoardStatements() {
			if found := d.plan(mode, statement, args).scans("requests", "offers", "chats", "events"); len(found) > 0 {
				t.Errorf("%s: %s reads all of %v", mode, statement, found)
			}
		}
	}
}
