package intake

import (
	"strconv"
	"time"
)

// Args are the particulars of a notice or an event. They name things (a reference, a message's number) and
// never carry residents' words.
type Args map[string]any

// The kinds of notice. Which arguments each has stands beside its text, in bot/texts.
const (
	// To residents.
	NoticeWelcome    = "welcome"
	NoticeHelp       = "help"
	NoticePrivacy    = "privacy"
	NoticeLanguages  = "languages"
	NoticeAskNeed    = "ask_need"
	NoticeAskPlace   = "ask_place"        // why: "", "unknown", "far", "change", "supposed"
	NoticeCandidates = "place_candidates" // places: codes
	NoticeWalk       = "place_walk"       // what lies in place: a code or empty, page; with menu "closed" the chosen place
	NoticeUnderstood = "understood"       // the card, with menu: "", "services", MenuGroup and a group's key, "closed", "gone"
	NoticeSubmitted  = "submitted"
	NoticeCrisis     = "crisis"     // crisis, ref
	NoticeAlbumPart  = "album_part" // message; to workers too
	NoticeAdded      = "added"      // message: the first that was; several: requests are open; unchosen: by the clock
	NoticeWhich      = "which"      // which of the open requests a draft's words are about
	NoticeRepeated   = "repeated"   // request: the number of the one that a draft may repeat
	NoticeAskAdd     = "ask_add"    // what to add to the request
	NoticeWithdraw   = "withdraw"   // whether to take the request back, with menu: "", "closed"
	NoticePhone      = "phone"      // of the request's station
	NoticeWaiting    = "still_waiting"
	NoticeAnswerLate = "answer_late"
	NoticeClaimedBy  = "claimed_by"  // worker: the shown name
	NoticeWorkerSaid = "worker_said" // worker: the shown name, empty for a supervisor; message
	NoticeResolved   = "resolved"
	NoticeRated      = "rated"     // menu: "comment" while one is waited for
	NoticeCommented  = "commented" // message
	NoticeUnnamed    = "unnamed"
	NoticeReopened   = "reopened"
	NoticeCancelled  = "cancelled"
	NoticeOfferedOn  = "offered_on" // station
	NoticeMoved      = "moved"      // station
	NoticeReminder   = "reminder"
	NoticeStatus     = "status"
	NoticeSorry      = "sorry"
	NoticeStale      = "stale"
	NoticePlaceKept  = "place_kept" // place: its code
	NoticePlaceTold  = "place_told"
	NoticeNotAtAll   = "not_at_all" // to thanks
	NoticePhoneKept  = "phone_kept"
	NoticePhoneTold  = "phone_told"
	NoticeContact    = "contact_other" // somebody else's was shared
	NoticeOverheard  = "overheard"     // crisis; to a group
	NoticeExport     = "export"        // drawn when it is sent
	NoticeExportWait = "export_wait"
	NoticeForget     = "forget" // asks whether to erase, with menu: "", "closed"
	NoticeForgetWait = "forget_wait"
	NoticeForgotten  = "forgotten"
	NoticeSlowDown   = "slow_down" // too much at once
	NoticeEnough     = "enough"    // until: when the draft is submitted, too many having been within a day
	NoticeBlocked    = "blocked"   // station: near the person, or empty
	NoticeUnblocked  = "unblocked"
	NoticeNumbers    = "numbers"    // crisis; no alarm is raised
	NoticeTranslated = "translated" // message: what a machine makes of a worker's

	// To workers.
	NoticeJoined       = "joined"
	NoticeInviteBad    = "invite_bad"
	NoticeCard         = "card" // menu: "", "outcomes", "pass", "services", "words", "more"; first: nobody else is asked yet
	NoticeResidentSaid = "resident_said"
	NoticeColleague    = "colleague_said"
	NoticeAskReply     = "ask_reply" // menu: "", "closed"
	NoticeAskNote      = "ask_note"
	NoticeReplySent    = "reply_sent" // message, on: a translation is offered; menu: "", "back"; reply_waits and unreachable too
	NoticeNoteKept     = "note_kept"
	NoticePressFirst   = "press_first" // message: that went to nobody, where it may still go somewhere
	NoticeQueue        = "queue"       // ref, turn: see Turn; so NoticeMine and NoticeFound
	NoticeMine         = "mine"
	NoticeFound        = "found" // found: the numbers of requests
	NoticeFindHelp     = "find_help"
	NoticeNothing      = "next_none"  // waits
	NoticeClaimFull    = "claim_full" // the worker has as many as one may have
	NoticeDuty         = "duty"       // back: after an absence
	NoticeShift        = "shift"      // which has begun by the timetable; silent
	NoticeShiftEnd     = "shift_end"  // and emergencies are left behind
	NoticeAway         = "away"       // when, and who stands in, with menu: "", "dates", "closed"; worker: one who can't stand in; why: "unknown" dates
	NoticeStandIn      = "stand_in"   // absence: its number
	NoticeStandInOver  = "stood_in"   // worker: who is back, or has another stand-in
	NoticeUnbound      = "unbound"    // to the chat that a worker had before
	NoticeDismissed    = "dismissed"  // to the chat of one who is
	NoticeStats        = "stats"
	NoticeLoginLink    = "login_link"  // into the admin; made when it is sent
	NoticeLoginNot     = "login_not"   // to who has no account there
	NoticeWithdrawn    = "withdrawn"   // by the resident; mistake: an alarm taken back
	NoticeTaken        = "taken"       // station: a supervisor has sent the request there
	NoticeLate         = "late"        // what: "ask", "half", "resolve"
	NoticeReturned     = "returned"    // to the queue, for it had no answer in time
	NoticeUnclaimed    = "unclaimed"   // half of the time to claim it is over
	NoticeEscalated    = "escalated"   // what: "claim", "resolve"; to: "supervisors", "county"
	NoticeAlarm        = "alarm"       // an emergency that nobody has claimed yet
	NoticeElsewhere    = "elsewhere"   // an emergency that another station has now
	NoticeUnreachable  = "unreachable" // message, or none
	NoticeUndelivered  = "undelivered" // message: refused for good; notice
	NoticeHistory      = "history"
	NoticeQuick        = "quick"        // the replies at hand; item: the one shown; menu: "sent"
	NoticeTranslation  = "translation"  // message: what a machine makes of it, for the worker
	NoticeUntranslated = "untranslated" // message
	NoticeWorkerHelp   = "worker_help"
	NoticeWorkRated    = "work_rated"
	NoticeDigest       = "digest"      // digest: see Digest; to supervisors
	NoticeDigestSet    = "digest_set"  // on
	NoticeQuiet        = "quiet"       // the resident reads nothing until they write
	NoticeReplyWaits   = "reply_waits" // until then
	NoticeStaysUnnamed = "stays_unnamed"
	NoticeOwnDanger    = "own_danger" // crisis, message: Telegram's number of what the worker said
)

// To the group of a station, and about it.
const (
	NoticeGroupCard   = "group_card"
	NoticeGroupAlarm  = "group_alarm"
	NoticeGroupStatus = "group_status" // in the request's topic; now: its state and whose it is
	NoticeGroupAsk    = "group_ask"    // station, by: a supervisor's code, forum; with menu "closed" answered
	NoticeGroupBound  = "group_bound"  // station
	NoticeGroupOff    = "group_off"    // station
	NoticeGroupNot    = "group_not"    // to whoever is no supervisor
	NoticeGroupTaken  = "group_taken"  // station: whose group it is
	NoticeGroupLost   = "group_lost"   // station; to its supervisors
	NoticeGroupHow    = "group_how"    // to a worker
)

// The kinds of notice of bringing in others. handoff and referral are their numbers.
const (
	NoticeHandoff          = "handoff"            // handoff: to the colleague
	NoticeHandoffAsked     = "handoff_asked"      // handoff: to the giver, and what became of it
	NoticeAskWhy           = "ask_why"            // station: to which it is to be passed on
	NoticeRefer            = "refer"              // menu: "", ReferOrganisations, ReferTasks, or MenuOrg and a code
	NoticeReferWords       = "refer_words"        // to: what ActReferTo says
	NoticeReferred         = "referred"           // referral: how it stands, to the worker
	NoticeNotForVolunteers = "not_for_volunteers" // also answers to a button, as the next two
	NoticeOrganisationFull = "organisation_full"
	NoticeReferredAlready  = "referred_already"
	NoticeReferNobody      = "refer_nobody"   // to
	NoticePartnerSaid      = "partner_said"   // message, referral
	NoticeAskForPartner    = "ask_partner"    // referral
	NoticeHelped           = "helped"         // referral: to the resident
	NoticePartnerJoined    = "partner_joined" // to partners, as what follows
	NoticePartnerWorker    = "partner_worker"
	NoticeTask             = "task" // referral, menu: "", "report"; what: "", TaskUnsent
	NoticeTaskNone         = "task_none"
	NoticeAskForWorker     = "ask_worker"   // referral
	NoticeAskReport        = "ask_report"   // referral: words on its outcome; must: it has none without them
	NoticeToWorkerSent     = "worker_told"  // referral
	NoticeToPartner        = "partner_told" // message, referral: the worker's words
)

// notice is one row to be: what is to be told to a chat.
type notice struct {
	Bot      int64     `json:"bot_id"`
	Chat     int64     `json:"chat_id"`
	Priority int       `json:"priority"`
	Kind     string    `json:"kind"`
	Args     Args      `json:"args"`
	Request  *int64    `json:"request_id"`
	Edits    *int64    `json:"edits"`
	At       time.Time `json:"created_at"`

	NotBefore *time.Time `json:"next_try_at"` // it is held back until then, and nothing behind it; nil: at once
}

// tell writes a notice to the chat of this step. Where a supervisor decides there may be none: they read the request's page.
func (s *step) tell(kind string, r *Request, args Args) {
	if s.chat.Bot == 0 {
		return
	}
	s.tellChat(s.chat.Bot, s.chat.ID, kind, r, args)
}

// tellChat writes a notice to any chat. A request gives it its urgency.
func (s *step) tellChat(bot, chat int64, kind string, r *Request, args Args) {
	if args == nil {
		args = Args{}
	}
	n := notice{Bot: bot, Chat: chat, Priority: 1, Kind: kind, Args: args, At: s.now}
	if r != nil {
		n.Priority, n.Request = r.priority(), &r.ID
		if bot == r.Bot && chat == r.Chat {
			s.tellsOfClaim(r, kind)
		}
	}
	s.notices = append(s.notices, n)
}

// tellResident writes a notice to the resident who made the request.
func (s *step) tellResident(r *Request, kind string, args Args) {
	s.tellChat(r.Bot, r.Chat, kind, r, args)
}

// redraw shows what a notice said anew, with these arguments: the message that holds it is edited. It may be about no request.
func (s *step) redraw(p posted, r *Request, args Args) {
	s.tellChat(p.Bot, p.Chat, p.Kind, r, args)
	s.notices[len(s.notices)-1].Edits = &p.ID
}

// posted is a notice that has become, or will become, a message in a chat.
type posted struct {
	ID   int64  `db:"id"`
	Bot  int64  `db:"bot_id"`
	Chat int64  `db:"chat_id"`
	Kind string `db:"kind"`
}

// redrawCards shows the request as it now is wherever its card was posted.
func (s *step) redrawCards(r *Request) error {
	if err := s.redrawPosted(r, NoticeCard, "", `TRUE`); err != nil {
		return err
	}
	return s.redrawGroups(r)
}

// shownAgain is how many messages of a chat that show the same card are kept as it is now, the latest.
const shownAgain = 3

// redrawPosted edits the latest notices of the kind in each chat that the condition picks.
func (s *step) redrawPosted(r *Request, kind, menu, condition string, args ...any) error {
	var all []posted
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT id, bot_id, chat_id, kind FROM (
			SELECT n.*, row_number() OVER (PARTITION BY n.bot_id, n.chat_id ORDER BY n.id DESC) AS at FROM notices n
			WHERE n.request_id = $1 AND n.kind = $2 AND n.edits IS NULL AND n.state IN ('waiting', 'sent')
			  AND NOT `+isGone+` AND `+condition+`) n
		WHERE at <= `+strconv.Itoa(shownAgain)+` ORDER BY bot_id, chat_id, id DESC`, append([]any{r.ID, kind}, args...)...)
	if err != nil {
		return wrap(err, "find the posted notices")
	}
	for _, p := range all {
		s.redraw(p, r, menuArgs(menu))
	}
	return nil
}

// menuArgs open choices in a message; an empty menu closes them.
func menuArgs(menu string) Args {
	if menu == "" {
		return Args{}
	}
	return Args{"menu": menu}
}
