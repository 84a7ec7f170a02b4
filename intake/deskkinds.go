package intake

// The actions of buttons by which requests end, go on and are handed over. Those of the resident come first.
const (
	ActFits  = "fits"  // an appointment; arg: its number
	ActUnfit = "unfit" // no

	ActFollow   = "follow"   // show what can be still to come
	ActRemind   = "remindme" // arg: see remindMe
	ActAppoint  = "appoint"  // arg: see appoint
	ActAwait    = "await"    // wait for the resident; arg: see await
	ActTakeUp   = "takeup"   // open a resolved request again
	ActNoWords  = "nowords"  // let the outcome stand alone
	ActHandover = "handover" // arg: see ArgWho; or the reference of a request to choose
)

// The kinds of notice about the same. Which arguments each has stands beside its text, in bot/texts.
const (
	// To residents.
	NoticeTakenUp         = "taken_up"         // worker: who has opened it again
	NoticeAppointment     = "appointment"      // worker; the request's last one, as it is now
	NoticeAppointmentOff  = "appointment_off"  // at
	NoticeAppointmentSoon = "appointment_soon" // the request's next one
	NoticeWaitsForYou     = "waits_for_you"    // worker

	// To workers.
	NoticeAskReason         = "ask_reason"         // what: the outcome
	NoticeNoSuchRef         = "no_such_ref"        // a request that another repeats
	NoticeAskSentence       = "ask_sentence"       // on how the request has ended, with menu: "", "closed"
	NoticeCare              = "care"               // after what stays with one
	NoticeAskDate           = "ask_date"           // what: "remind", "appoint"; again: the last wasn't understood
	NoticeWhichDate         = "which_date"         // what; times: those that may be meant; clock: with a time of day
	NoticeFollowSet         = "follow_set"         // what: the kind, place, at
	NoticeFollowDue         = "follow_due"         // the same: it has come
	NoticeWaits             = "waits"              // for the resident, on
	NoticeAppointmentAnswer = "appointment_answer" // what: ActFits, ActUnfit; at
	NoticeHandover          = "handover"           // chosen: numbers of requests, to: a colleague's code, menu: "", "who", "note", "closed"
	NoticeHandoverDone      = "handover_done"      // worker, count
	NoticeSupervised        = "supervised"         // what: one of SupervisedKinds, worker: the account, message: words or 0
	NoticeHandedOver        = "handed_over"        // worker: by whom, message: the note or 0
)
