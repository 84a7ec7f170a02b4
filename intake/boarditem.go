package intake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
)

// ReasonCrisis is why an emergency that nobody has claimed needs a person. All other reasons are those of triage.
const ReasonCrisis = "crisis"

// BoardReasons are why a request stands on the board, the most pressing first.
func BoardReasons() []string {
	return []string{ReasonCrisis, TriageUndeliverable, TriageUnanswered, TriageUnclaimed, TriageUnstaffed, TriageNoStation, TriageNoPlace,
		TriageHandedUp, TriageUnclear, TriageUnconfirmed, TriageTrouble}
}

// An Item is a request that needs a person, as the board shows it. It is never changed: what is new of it is another Item.
// Of its View, it has what stands in boardColumns.
type Item struct {
	View
	Reason   string                // one of BoardReasons; empty: an emergency that is in hand
	Guess    prompts.Understanding // without what the model was asked and answered
	Clipped  bool                  // there are more words
	Version  int64                 // differs wherever something of it does, within one Board
	Seen     int64                 // what a decision on it rests on (see Supervisor), as it stands here
	Answers  int64                 // and what an answer does
	Linked   bool                  // a person has decided what asks for the same
	Cautious bool                  // who writes to its resident must heed something, or can't reach them
	pressing int
	asked    *Asked
}

// Due is the moment of the service standard that comes next: by which it is to be claimed, first answered or resolved.
func (v *View) Due() *time.Time {
	switch {
	case v.State == Open:
		return v.ClaimDue
	case v.AnsweredAt == nil:
		return v.AnswerDue
	}
	return v.ResolveDue
}

// Guesses are the likeliest services, at most n, the best first.
func (i *Item) Guesses(n int) []prompts.Guess {
	likely := slices.DeleteFunc(slices.Clone(i.Guess.Categories), func(g prompts.Guess) bool { return g.Confidence < unlikely })
	return likely[:min(n, len(likely))]
}

// same tells whether two items say the same of a request.
func (i *Item) same(other *Item) bool {
	a, b := *i, *other
	a.Version, b.Version, a.asked, b.asked = 0, 0, nil, nil // what it asks for is of its View
	return reflect.DeepEqual(a, b)
}

// boardRow is what the board reads of a request.
type boardRow struct {
	View
	Seen        pq.Int64Array `db:"seen"` // the events by which it is known to have changed
	Unreachable bool          `db:"unreachable"`
	Needs       bool          `db:"needs"` // it is an Item
	Clipped     bool          `db:"clipped"`
	Decision    int64         `db:"decision"`
	Answer      int64         `db:"answer"`
	Linked      bool          `db:"linked"`
	Cautious    bool          `db:"cautious"`
}

// boardWords is how many characters of a resident's words the board keeps.
const boardWords = 300

// needsPerson is the condition that a supervisor must look at the requests r, or may want to: emergencies in hand.
const needsPerson = `(r.state IN ('open', 'claimed', 'referred') AND (r.triage <> '' OR r.urgency = 'emergency' OR r.unreachable)
	OR r.state = 'resolved' AND r.triage = 'undeliverable')`

// boardColumns are what the board reads: of what needs nobody only what counts for its station.
var boardColumns = fmt.Sprintf(`r.id, r.ref, r.bot_id, r.chat_id, r.unnamed, r.state, r.urgency, r.triage, r.unreachable, r.crisis, r.category, r.station, r.place_code, r.lat, r.lon, r.place_source,
	r.worker, w.name AS worker_name, r.submitted_at, r.claimed_at, r.answered_at, r.claim_due, r.answer_due, r.resolve_due, n.needs, d.decision, d.answer, d.linked,
	CASE WHEN n.needs THEN r.unnamed OR r.unreachable OR coalesce((SELECT c.quiet_at IS NOT NULL FROM chats c WHERE c.bot_id = r.bot_id AND c.id = r.chat_id), FALSE)
		OR (SELECT count(*) FROM filings f WHERE f.request_id = r.id) > 0 ELSE FALSE END AS cautious,
	CASE WHEN n.needs THEN left(r.text, %d) ELSE '' END AS text, n.needs AND length(r.text) > %[1]d AS clipped,
	CASE WHEN n.needs THEN r.understanding #- '{asked,question}' #- '{asked,answer}' ELSE '{}' END AS understanding,
	CASE WHEN n.needs THEN (SELECT count(*) FROM messages m WHERE m.request_id = r.id AND m.author = 'resident' AND m.edits IS NULL
		AND m.kind NOT IN ('text', 'location') AND NOT m.own) ELSE 0 END AS attachments,
	CASE WHEN n.needs THEN %s ELSE '{}' END AS same,
	CASE WHEN r.state = 'open' THEN ARRAY (SELECT o.station FROM offers o WHERE o.request_id = r.id ORDER BY o.offered_at, o.station) ELSE '{}' END AS offered_to`,
	boardWords, sameRefs)

const boardFrom = ` LEFT JOIN workers w ON w.code = r.worker CROSS JOIN LATERAL (SELECT ` + needsPerson + ` AS needs) n
	CROSS JOIN LATERAL (SELECT coalesce(max(e.id) FILTER (WHERE ` + decided + `), 0) AS decision, coalesce(max(e.id), 0) AS answer,
		coalesce(bool_or(e.kind = 'linked'), FALSE) AS linked
		FROM events e WHERE n.needs AND e.request_id = r.id AND (` + decided + ` OR ` + answering + ` OR ` + planning + `)) d `

// item is the row as the board shows it.
func (row *boardRow) item() *Item {
	i := &Item{View: row.View, Clipped: row.Clipped, Seen: row.Decision, Answers: row.Answer, Linked: row.Linked, Cautious: row.Cautious || row.Discreet()}
	_ = json.Unmarshal(row.Understanding, &i.Guess) // else it says nothing of what was thought
	switch {
	case row.State == Open && row.Urgency == prompts.Emergency:
		i.Reason = ReasonCrisis
	case row.Unreachable || row.State == Resolved:
		i.Reason = TriageUndeliverable
	default:
		i.Reason = row.Triage
	}
	i.pressing = slices.Index(BoardReasons(), i.Reason)
	return i
}

// morePressing orders items: by urgency, then by reason, then by what is due first.
func morePressing(a, b *Item) int {
	due := func(i *Item) time.Time {
		if at := i.Due(); at != nil {
			return *at
		}
		return time.Time{}
	}
	return cmp.Or(
		cmp.Compare(slices.Index(Urgencies(), a.Urgency), slices.Index(Urgencies(), b.Urgency)),
		cmp.Compare(a.pressing, b.pressing),
		due(a).Compare(due(b)),
		strings.Compare(a.Ref, b.Ref))
}
