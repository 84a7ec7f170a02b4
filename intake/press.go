package intake

import (
	"errors"
	"slices"

	"onedoor/prompts"
)

// The actions of buttons. Those of the resident work on requests of their own chat only, those of the
// worker on requests that their station has; what it is only offered can be looked at and claimed.
const (
	ActConfirm   = "confirm"
	ActServices  = "services"  // show services to choose from
	ActGroup     = "group"     // show those of a group; arg: its key
	ActService   = "service"   // arg: the category's key
	ActUnsure    = "unsure"    // let a person decide which service
	ActFor       = "for"       // arg: prompts.ForSelf or ForOther, who needs help
	ActPlace     = "place"     // ask for another place
	ActThere     = "there"     // arg: the message whose position is right though it is far off
	ActStay      = "stay"      // keep the place that a draft has
	ActWalk      = "walk"      // show places to choose from; arg: what WalkTo says, or nothing
	ActAt        = "at"        // arg: a place's code
	ActHere      = "here"      // confirm, at that place; arg: its code
	ActSkipPlace = "skipplace" // go on without a place
	ActBack      = "back"      // close a menu
	ActCancel    = "cancel"
	ActMistake   = "mistake" // take an alarm back
	ActReopen    = "reopen"  // a resolved request isn't
	ActRate      = "rate"    // arg: how well it was solved, 1 to 5
	ActNoComment = "nocomment"
	ActUnnamed   = "unnamed"  // arg: "", or ArgOff
	ActQuiet     = "quiet"    // no further messages until the resident writes
	ActAnew      = "anew"     // arg: the message that is a new matter
	ActAddTo     = "addto"    // add a draft's words to this request; arg: the draft's reference
	ActAsNew     = "asnew"    // a draft's words are a new matter
	ActAdd       = "add"      // say more about this request
	ActWithdraw  = "withdraw" // ask whether to take it back
	ActKeep      = "keep"     // don't
	ActCall      = "call"     // show its station's telephone number
	ActAlso      = "also"     // arg: the key of a category that is needed as well
	ActLanguage  = "language" // arg: the language
	ActNew       = "new"
	ActForget    = "forget" // arg: "yes", "no"

	ActClaim   = "claim"
	ActPass    = "pass"   // show where to pass it on to
	ActPassTo  = "passto" // arg: a station's code, or ToSupervisor
	ActOther   = "other"  // show which other service it may be
	ActMeant   = "meant"  // arg: the key of the category that is meant
	ActReply   = "reply"
	ActNote    = "note"
	ActRelease = "release"
	ActResolve = "resolve" // show the outcomes
	ActOutcome = "outcome" // arg: see resolve
	ActOpen    = "open"    // show the card again
	ActUndo    = "undo"    // close a menu of the card
	ActHeld    = "held"    // show what came too fast to be passed on by itself
	ActWords   = "words"   // show all words on the card
	ActFiles   = "files"   // show what was sent beside words
	ActBind    = "bind"    // in a group: make it the station's; arg: its code
	ActUnask   = "unask"   // in a group: don't; arg: the station's code
	ActDuty    = "duty"    // arg: one of DutyChoices
	ActAway    = "away"    // arg: one of AwayChoices, AwayBack, or nothing: show them
	ActStandIn = "standin" // arg: a colleague's code, or nothing: nobody
	ActDecline = "decline" // not to stand in; arg: the absence's number
	ActDone    = "done"    // end what Reply began
	ActSendTo  = "sendto"  // arg: the number of a message that went to nobody, to send to the resident
	ActNoteTo  = "noteto"  // arg: the same, to keep as a note
	ActMore    = "more"    // show what is done more rarely
	ActHistory = "history" // show the last of what was said and done

	ActTakeBack   = "takeback"   // arg: the number of the message that was sent
	ActTranslate  = "translate"  // arg: the number of a message, or nothing: the last of the resident's
	ActQuick      = "quick"      // list the replies at hand
	ActCanned     = "canned"     // show one of them; arg: its number, or nothing: the list again
	ActSendCanned = "sendcanned" // arg: its number
	ActMyself     = "myself"     // arg: Telegram's number of the worker's message that is their own cry for help
	ActUnclaim    = "unclaim"    // take back a claim just made
	ActQueue      = "q"          // another part of a list, see Turn: one letter leaves room for what it is narrowed to
	ActMine       = "m"
	ActFound      = "f"
	ActWhy        = "why" // arg: a reason and the station's code, as WhyPass writes them
)

// Those of bringing in others: a worker's, of a request that they have; a colleague's, who is asked to take it on; and a
// partner's, which name the referral and no request.
const (
	ActColleagues = "colleagues" // show whom to ask to take it on; arg: the page
	ActAsk        = "ask"        // arg: a colleague's code
	ActDontAsk    = "dontask"    // not any more
	ActTake       = "take"       // arg: the handoff
	ActLeave      = "leave"      // decline; arg: the handoff
	ActRefer      = "refer"      // show who could help; arg: "", or what of it: ReferMenu, ReferOrganisations, ReferTasks
	ActOrg        = "org"        // show an organisation; arg: its code
	ActReferTo    = "referto"    // arg: ToOrganisation or ToVolunteers and a code or task
	ActTheyTake   = "theytake"   // an organisation has said so by phone; arg: its code
	ActRecall     = "recall"     // arg: the referral
	ActToPartner  = "topartner"  // write to who helps; arg: the referral

	ActAccept   = "accept"   // arg: the referral, as for all that follow
	ActCantDo   = "cantdo"   //
	ActToWorker = "toworker" // write to the worker
	ActReported = "reported" // show the outcomes
	ActReport   = "report"   // arg: the referral and the outcome, as ReportAs writes them
)

// MenuGroup begins the menu of a notice that lists the services of a group, whose key follows.
const MenuGroup = "group:"

type action func(s *step, r *Request, arg string) error

// residentActions, workerActions and offerActions are all that a button can do to a request: to the presser's own, to
// one of the presser's station, and to one that this is only offered.
func residentActions() map[string]action {
	return map[string]action{
		ActConfirm: whileDraft(confirm), ActServices: whileDraft(showServices), ActGroup: whileDraft(showGroup),
		ActService: whileDraft(chooseService), ActUnsure: whileDraft(submitUnclear), ActFor: whileDraft(setFor),
		ActPlace: whileDraft(changePlace), ActStay: whileDraft(keepPlace), ActWalk: walk, ActHere: whileDraft(confirmAt), ActAt: pickPlace, ActThere: there, ActSkipPlace: skipPlace, ActBack: whileDraft(showCard),
		ActCancel: cancel, ActMistake: cancel, ActReopen: reopen, ActAnew: anew, ActAlso: also,
		ActAddTo: addTo, ActAsNew: whileDraft(asNew), ActAdd: whileActive(addMore), ActWithdraw: whileActive(askWithdraw), ActKeep: keepGoing, ActCall: showPhone,
		ActRate: rate, ActNoComment: noComment, ActUnnamed: stayUnnamed, ActQuiet: pressedQuiet,
		ActFits: whileActive(answerAppointment(ActFits)), ActUnfit: whileActive(answerAppointment(ActUnfit)),
	}
}

func workerActions() map[string]action {
	return map[string]action{
		ActClaim: claim, ActPass: showStations, ActPassTo: passTo, ActOther: showOthers, ActMeant: setMeant, ActReply: askReply, ActNote: askNote,
		ActRelease: release, ActResolve: showOutcomes, ActOutcome: resolve, ActOpen: openCard, ActUndo: closeMenu, ActHeld: showHeld, ActUnclaim: unclaim, ActWhy: passWhy,
		ActWords: showWords, ActFiles: showFiles,
		ActDone: doneWriting, ActSendTo: sendKept, ActNoteTo: noteKept, ActTakeBack: takeBackReply, ActTranslate: askTranslation,
		ActQuick: showQuick, ActCanned: showCanned, ActSendCanned: sendCanned, ActHistory: showHistory, ActMore: showMore,
		ActColleagues: showColleagues, ActAsk: askColleague, ActDontAsk: dontAsk, ActTake: takeOn, ActLeave: leaveIt,
		ActRefer: showRefer, ActOrg: showOrganisation, ActReferTo: askWords, ActTheyTake: theyTake, ActRecall: recall, ActToPartner: askForPartner,
		ActFollow: showFollow, ActRemind: remindMe, ActAppoint: appoint, ActAwait: await, ActTakeUp: takeUp, ActNoWords: noSentence,
	}
}

func offerActions() map[string]action {
	return map[string]action{ActClaim: claim, ActOpen: whileOffered(openCard), ActUndo: whileOffered(closeMenu),
		ActWords: whileOffered(showWords), ActFiles: whileOffered(showFiles)}
}

// apply does what the button says, if its presser may and the request still allows it.
func (a Pressed) apply(s *step) error {
	if s.chat.Quiet != nil { // what follows is to be read later
		s.answer = Answer{Kind: "quiet_still"}
	}
	if err := s.pressedWhileWriting(a); err != nil {
		return err
	}
	switch a.Action {
	case ActLanguage:
		return s.chooseLanguage(a.Arg)
	case ActNew:
		return s.newMatter()
	case ActForget:
		return s.answerForget(a.Arg)
	case ActMyself:
		return s.ownDanger(a.Arg)
	case ActHandover:
		return s.pressedHandover(a.Press)
	case ActQueue, ActMine, ActFound:
		return s.turn(a.Press)
	}
	if a.Action == ActWalk && a.Key != "" {
		return a.walkByKey(s)
	}
	if do, ok := ownActions()[a.Action]; ok && s.worker != nil {
		s.endWriting()
		return do(s, a.Arg)
	}
	if do, ok := residentActions()[a.Action]; ok {
		r, err := lockRequest(s.ctx, s.tx, `r.ref = $1 AND r.bot_id = $2 AND r.chat_id = $3`, a.Ref, s.chat.Bot, s.chat.ID)
		return s.press(do, r, a.Arg, err)
	}
	if do, ok := workerActions()[a.Action]; ok && s.worker != nil {
		r, err := s.deskRequest(`r.ref = $1`, a.Ref)
		if offered, ok := offerActions()[a.Action]; ok && errors.Is(err, ErrNotFound) {
			do = offered
			r, err = s.offeredRequest(a.Ref)
		}
		return s.press(do, r, a.Arg, err)
	}
	if do, ok := partnerActions()[a.Action]; ok && s.partner != nil {
		s.endWriting()
		return s.partnerPress(do, a.Arg)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

// press does an action to a request. Nobody presses in vain: where nothing else says what came of it, the presser is told
// how the request is now.
func (s *step) press(do action, r *Request, arg string, err error) error {
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if err := do(s, r, arg); err != nil || s.answer.Kind != "" {
		return err
	}
	if !slices.ContainsFunc(s.notices, func(n notice) bool { return n.Bot == s.chat.Bot && n.Chat == s.chat.ID }) {
		s.answer = Answer{Kind: "now", Args: Args{"request": r.ID}}
	}
	return nil
}

// whileDraft lets an action work on drafts only: an old card's button, or that of another phone that was quicker, says what
// has become of the request, and the card loses its buttons.
func whileDraft(do action) action {
	return func(s *step, r *Request, arg string) error {
		if r.State == Draft {
			return do(s, r, arg)
		}
		s.answer = Answer{Kind: "now", Args: Args{"request": r.ID}}
		return s.redrawPosted(r, NoticeUnderstood, "closed", `n.message_id = $3`, s.update.MessageID)
	}
}

// whileOffered lets an action work only while somebody of the offered station is asked for: until the request is claimed,
// an emergency until it is over.
func whileOffered(do action) action {
	return func(s *step, r *Request, arg string) error {
		if r.State == Open || r.Urgency == prompts.Emergency && r.State.Active() {
			return do(s, r, arg)
		}
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
}

// confirm submits a draft that says where; which service it is about a person decides where that isn't clear.
func confirm(s *step, r *Request, arg string) error {
	if _, placed := r.Point(); !placed || r.Category == nil && r.Pending() {
		return s.proceed(r)
	}
	return submit(s, r, arg)
}

// confirmAt takes a place, and submits a draft that lacked nothing else.
func confirmAt(s *step, r *Request, code string) error {
	there, ok := s.At(*r, code)
	p, _ := s.Router.Gazetteer().Lookup(code)
	if !ok || !there.Ready() || !s.choosePlace(p, "choice") {
		return pickPlace(s, r, code)
	}
	if err := s.endWalk(r, code); err != nil {
		return err
	}
	s.takePlace(r)
	return submit(s, r, "")
}

func showServices(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "services")
}

// showGroup lists the services of a group.
func showGroup(s *step, r *Request, key string) error {
	if len(s.Taxonomy.InGroup(key)) == 0 {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.redrawPressed(r, MenuGroup+key)
}

func showCard(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "")
}

// redrawPressed shows a menu in the message whose button was pressed. A finger may be quicker than the record of
// what was sent; then it is the notice that is just on its way.
func (s *step) redrawPressed(r *Request, menu string) error {
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.edits IS NULL AND n.request_id = $4
		  AND NOT `+isGone+` AND (n.message_id = $3 OR n.state = 'waiting' AND n.kind IN ('card', 'understood', 'withdraw', 'refer'))
		ORDER BY n.message_id NULLS LAST, n.id DESC LIMIT 1`,
		s.chat.Bot, s.chat.ID, s.update.MessageID, r.ID)
	if noRows(err) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return wrap(err, "find the pressed message")
	}
	s.redraw(p, r, menuArgs(menu))
	return nil
}

// chooseService is the resident's own word on which service is meant.
func chooseService(s *step, r *Request, key string) error {
	if _, ok := s.Taxonomy.Category(key); !ok {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	from := r.Category
	r.Category = &key
	s.log(r, "reclassified", ByResident, "", Args{"from": from, "to": key})
	r.next(actRemind, s.now.Add(remindAfter))
	return s.proceed(r)
}

// submitUnclear files a draft whose service a supervisor will decide on.
func submitUnclear(s *step, r *Request, arg string) error {
	r.Category = nil
	if _, ok := r.Point(); !ok {
		return s.askPlace(r, "")
	}
	return submit(s, r, arg)
}

// cancel takes a request back; its record stays.
func cancel(s *step, r *Request, _ string) error {
	if r.State != Draft && !r.State.Active() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if r.Undecided() {
		if err := s.endQuestion(r); err != nil {
			return err
		}
	}
	if err := s.withdraw(r); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeUnderstood, "closed", `TRUE`); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeWithdraw, "closed", `TRUE`); err != nil {
		return err
	}
	s.tell(NoticeCancelled, r, nil)
	if err := s.redrawCards(r); err != nil || r.Urgency != prompts.Emergency {
		return err
	}
	return s.restOf(r)
}

// withdraw ends a request that isn't finished at its resident's wish, and tells those who work on it or are called to it.
func (s *step) withdraw(r *Request) error {
	was, alarm := r.State, r.Urgency == "emergency"
	if err := s.endHelp(r); err != nil {
		return err
	}
	r.finish(Cancelled, s.now)
	s.log(r, "cancelled", ByResident, "", Args{"from": was, "mistake": alarm})
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	s.endPlaceQuestion(r)
	if r.Worker != nil {
		if _, err := s.tellWorker(r, NoticeWithdrawn, nil); err != nil {
			return err
		}
	}
	if alarm {
		_, err := s.tellCalled(r, NoticeWithdrawn)
		return err
	}
	return nil
}

func (s *step) chooseLanguage(language string) error {
	for _, known := range Languages() {
		if language == known {
			if err := s.setLanguage(language); err != nil {
				return err
			}
			if s.worker != nil {
				s.tell(NoticeWorkerHelp, nil, nil)
			} else {
				s.tell(NoticeWelcome, nil, nil)
			}
			return nil
		}
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}
