package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// page is one notice being rendered in the language of its reader.
type page struct {
	*Bot
	ctx    context.Context
	notice notice
	lang   string
	args   args
	view   intake.View    // of the notice's request, where it has one
	reader *intake.Worker // of what is drawn forDesk
}

// args are a notice's arguments.
type args struct {
	Why      string         `json:"why"`
	Places   []string       `json:"places"`
	Place    string         `json:"place"`
	Page     int            `json:"page"`
	Menu     string         `json:"menu"`
	Crisis   prompts.Crisis `json:"crisis"`
	Again    bool           `json:"again"`
	Message  int64          `json:"message"`
	Unchosen bool           `json:"unchosen"`
	Several  bool           `json:"several"`
	Worker   string         `json:"worker"`
	Station  string         `json:"station"`
	Back     bool           `json:"back"`
	On       bool           `json:"on"`
	Absence  int64          `json:"absence"`
	What     string         `json:"what"`
	To       string         `json:"to"`
	Request  int64          `json:"request"`
	Edited   bool           `json:"edited"`
	First    bool           `json:"first"`
	Ref      string         `json:"ref"`
	Turn     string         `json:"turn"`
	Found    []int64        `json:"found"`
	Handoff  int64          `json:"handoff"`
	Referral int64          `json:"referral"`
	Must     bool           `json:"must"`
	Until    time.Time      `json:"until"`
	Item     int64          `json:"item"`
	Language string         `json:"language"`
	At       time.Time      `json:"at"`
	Times    []time.Time    `json:"times"`
	Clock    bool           `json:"clock"`
	Chosen   []int64        `json:"chosen"`
	Count    int            `json:"count"`
	Digest   intake.Digest  `json:"digest"`
}

// render makes the message that a notice becomes. It shows the request as it is now.
func (b *Bot) render(ctx context.Context, n notice) (message, error) {
	p := &page{Bot: b, ctx: ctx, notice: n, lang: n.Language}
	if err := json.Unmarshal(n.Args, &p.args); err != nil {
		return message{}, fmt.Errorf("read the arguments of notice %d: %w", n.ID, err)
	}
	if n.Request != nil {
		view, err := b.Intake.View(ctx, *n.Request)
		if err != nil {
			return message{}, err
		}
		p.view = view
	}
	draw, ok := pages()[n.Kind]
	if !ok {
		draw, ok = groupPages()[n.Kind]
	}
	if !ok {
		draw, ok = deskPages()[n.Kind]
	}
	if !ok {
		return message{}, fmt.Errorf("notice %d is of the unknown kind %q", n.ID, n.Kind)
	}
	if p.args.Menu == "gone" {
		return gone(n)
	}
	m, err := draw(p)
	if p.args.Edited {
		m.text, m.corrected = m.text+"\n"+p.say("edited", nil), true
	}
	return m, err
}

// pages are the ways to render each kind of notice.
func pages() map[string]func(*page) (message, error) {
	return map[string]func(*page) (message, error){
		intake.NoticeWelcome:   (*page).welcome,
		intake.NoticeHelp:      plain("help"),
		intake.NoticePrivacy:   (*page).privacy,
		intake.NoticeLanguages: (*page).languages,
		intake.NoticeAskNeed:   plain("ask_need"),
		intake.NoticePlaceKept: plain("place_kept"),
		intake.NoticePlaceTold: plain("place_told"),
		intake.NoticeNotAtAll:  plain("not_at_all"),
		intake.NoticePhoneKept: plain("phone_kept"),
		intake.NoticePhoneTold: plain("phone_told"),
		intake.NoticeContact:   plain("contact_other"),
		intake.NoticeSorry:     plain("sorry"),
		intake.NoticeStale:     plain("stale"),

		intake.NoticeAskPlace:   (*page).askPlace,
		intake.NoticeCandidates: (*page).candidates,
		intake.NoticeWalk:       (*page).walk,
		intake.NoticeUnderstood: (*page).understood,
		intake.NoticeReminder:   (*page).reminder,
		intake.NoticeSubmitted:  (*page).submitted,
		intake.NoticeCrisis:     (*page).crisis,
		intake.NoticeAlbumPart:  (*page).albumPart,
		intake.NoticeAdded:      (*page).added,
		intake.NoticeWhich:      (*page).which,
		intake.NoticeRepeated:   (*page).repeated,
		intake.NoticeAskAdd:     aboutRequest("ask_add"),
		intake.NoticeWithdraw:   (*page).withdraw,
		intake.NoticePhone:      (*page).phone,
		intake.NoticeWaiting:    aboutRequest("still_waiting"),
		intake.NoticeAnswerLate: discreetly("answer_late"),
		intake.NoticeClaimedBy:  (*page).claimedBy,
		intake.NoticeWorkerSaid: (*page).workerSaid,
		intake.NoticeResolved:   (*page).resolved,
		intake.NoticeReopened:   aboutRequest("reopened"),
		intake.NoticeCancelled:  plain("cancelled"),
		intake.NoticeOfferedOn:  discreetly("offered_on"),
		intake.NoticeMoved:      (*page).moved,
		intake.NoticeHelped:     (*page).helped,
		intake.NoticeRated:      (*page).rated,
		intake.NoticeCommented:  (*page).commented,
		intake.NoticeUnnamed:    plain("unnamed"),
		intake.NoticeStatus:     (*page).status,
		intake.NoticeOverheard:  (*page).overheard,
		intake.NoticeSlowDown:   plain("slow_down"),
		intake.NoticeEnough:     (*page).enough,
		intake.NoticeBlocked:    (*page).blocked,
		intake.NoticeUnblocked:  plain("unblocked"),
		intake.NoticeNumbers:    (*page).numbersAlone,
		intake.NoticeTranslated: (*page).translated,

		intake.NoticeExport:     (*page).export,
		intake.NoticeExportWait: plain("export_wait"),
		intake.NoticeForget:     (*page).forget,
		intake.NoticeForgetWait: plain("forget_wait"),
		intake.NoticeForgotten:  plain("forgotten"),

		intake.NoticeJoined:       (*page).joined,
		intake.NoticeInviteBad:    plain("invite_bad"),
		intake.NoticeWorkerHelp:   plain("worker_help"),
		intake.NoticePressFirst:   (*page).pressFirst,
		intake.NoticeCard:         forDesk((*page).card),
		intake.NoticeAlarm:        forDesk((*page).alarm),
		intake.NoticeElsewhere:    forDesk((*page).elsewhere),
		intake.NoticeResidentSaid: forDesk((*page).residentSaid),
		intake.NoticeAskReply:     (*page).askReply,
		intake.NoticeAskNote:      aboutRequest("ask_note"),
		intake.NoticeReplySent:    (*page).replySent,
		intake.NoticeNoteKept:     aboutRequest("note_kept"),
		intake.NoticeWithdrawn:    (*page).withdrawn,
		intake.NoticeTaken:        aboutRequest("taken"),
		intake.NoticeUnreachable:  forDesk((*page).unreachable),
		intake.NoticeUndelivered:  forDesk((*page).undelivered),
		intake.NoticeHistory:      forDesk((*page).history),
		intake.NoticeQuick:        forDesk((*page).quick),
		intake.NoticeTranslation:  forDesk((*page).translation),
		intake.NoticeUntranslated: aboutRequest("untranslated"),
		intake.NoticeWorkRated:    forDesk((*page).workRated),
		intake.NoticeQuiet:        aboutRequest("quiet"),
		intake.NoticeReplyWaits:   (*page).replyWaits,
		intake.NoticeStaysUnnamed: aboutRequest("stays_unnamed"),
		intake.NoticeLate:         (*page).late,
		intake.NoticeReturned:     aboutRequest("returned"),
		intake.NoticeUnclaimed:    forDesk((*page).unclaimed),
		intake.NoticeEscalated:    (*page).escalated,
		intake.NoticeOwnDanger:    (*page).ownDanger,
		intake.NoticeQueue:        (*page).queue,
		intake.NoticeMine:         (*page).mine,
		intake.NoticeFound:        (*page).found,
		intake.NoticeFindHelp:     plain("find_help"),
		intake.NoticeNothing:      plain("next_none"),
		intake.NoticeClaimFull:    (*page).claimFull,
		intake.NoticeDuty:         (*page).duty,
		intake.NoticeShift:        (*page).shift,
		intake.NoticeShiftEnd:     (*page).shiftEnd,
		intake.NoticeAway:         (*page).away,
		intake.NoticeStandIn:      (*page).standIn,
		intake.NoticeStandInOver:  named("stood_in"),
		intake.NoticeUnbound:      plain("unbound"),
		intake.NoticeDismissed:    plain("dismissed"),
		intake.NoticeStats:        (*page).stats,
		intake.NoticeDigest:       (*page).digest,
		intake.NoticeDigestSet:    (*page).digestSet,
		intake.NoticeLoginLink:    (*page).loginLink,
		intake.NoticeLoginNot:     plain("login_not"),

		intake.NoticeHandoff:       forDesk((*page).handoff),
		intake.NoticeHandoffAsked:  forDesk((*page).handoffAsked),
		intake.NoticeAskWhy:        aboutRequest("ask_why"),
		intake.NoticeRefer:         forDesk((*page).refer),
		intake.NoticeReferWords:    forDesk((*page).referWords),
		intake.NoticeReferred:      forDesk((*page).referred),
		intake.NoticeReferNobody:   forDesk((*page).referNobody),
		intake.NoticePartnerSaid:   forDesk((*page).partnerSaid),
		intake.NoticeAskForPartner: forDesk((*page).askForPartner),
		intake.NoticePartnerJoined: (*page).partnerJoined,
		intake.NoticePartnerWorker: plain("partner_worker"),
		intake.NoticeTask:          forPartner((*page).task),
		intake.NoticeTaskNone:      plain("task_none"),
		intake.NoticeAskForWorker:  forPartner((*page).askForWorker),
		intake.NoticeAskReport:     forPartner((*page).askReport),
		intake.NoticeToPartner:     forPartner((*page).partnerTold),
		intake.NoticeToWorkerSent:  (*page).asideSent,

		intake.NoticeNotForVolunteers: aboutRequest("not_for_volunteers"),
		intake.NoticeOrganisationFull: aboutRequest("organisation_full"),
		intake.NoticeReferredAlready:  aboutRequest("referred_already"),
	}
}

// plain renders a text that names nothing.
func plain(key string) func(*page) (message, error) {
	return func(p *page) (message, error) { return message{text: p.say(key, nil)}, nil }
}

// aboutRequest renders a text that names the request, and what the notice names.
func aboutRequest(key string) func(*page) (message, error) {
	return func(p *page) (message, error) {
		return message{text: p.say(key, texts.Data{"Ref": p.view.Ref, "Worker": p.args.Worker,
			"Station": p.stationName(p.args.Station)})}, nil
	}
}

func (p *page) say(key string, values texts.Data) string { return p.texts.Say(p.lang, key, values) }

// button is one of the request's, or of none when it has no reference.
func (p *page) button(action, arg string) button {
	return button{p.say("button_"+action, nil), intake.Press{Action: action, Ref: p.view.Ref, Arg: arg}}
}

func (p *page) stationName(code string) string {
	s, ok := p.Intake.Router.Station(code)
	switch {
	case !ok:
		return code
	case p.lang == "en" && s.NameEN != "":
		return s.NameEN
	}
	return p.inScript(s.Name)
}

func (p *page) placeName(code string) string {
	return p.inScript(p.Intake.Router.Gazetteer().Describe(code, p.lang))
}

// place describes where the request is, as well as that is known.
func (p *page) place() string {
	r := &p.view.Request
	if _, ok := r.Point(); !ok {
		return ""
	}
	if r.Place == nil {
		return p.say("position", nil)
	}
	name := p.placeName(*r.Place)
	at, approximate, _ := p.Intake.Router.Gazetteer().Position(*r.Place)
	if r.PlaceSource == "location" || r.PlaceSource == "supervisor" && (at.Lat != *r.Lat || at.Lon != *r.Lon) {
		return p.say("near", texts.Data{"Place": name})
	}
	if approximate {
		return p.say("approximate", texts.Data{"Place": name})
	}
	return name
}

func (p *page) service(key *string) string {
	if key == nil {
		return p.say("card_unclear", nil)
	}
	return p.categoryName(*key)
}

func (p *page) categoryName(key string) string {
	c, ok := p.Intake.Taxonomy.Category(key)
	if !ok {
		return key
	}
	return c.Name[p.lang]
}

func (p *page) outcome() string {
	if p.view.Outcome == nil {
		return ""
	}
	return p.say("outcome_"+*p.view.Outcome, nil)
}

// state is where the request is, in words.
func (p *page) state(v *intake.View) string {
	worker, outcome := "", ""
	if v.WorkerName != nil {
		worker = *v.WorkerName
	}
	if v.Outcome != nil {
		outcome = p.say("outcome_"+*v.Outcome, nil)
	}
	return p.say("state_"+string(v.State), texts.Data{"Worker": worker, "Outcome": outcome, "Helper": p.organisationOf(v)})
}

// sign is an urgency as a picture, always beside its word.
func sign(u prompts.Urgency) string {
	switch u {
	case prompts.Emergency:
		return "🔴"
	case prompts.Urgent:
		return "🟠"
	default:
		return "🔵"
	}
}

// zone is the time zone in which the request's station lives.
func (p *page) zone(v *intake.View) *time.Location {
	if v.Station != nil {
		if s, ok := p.Intake.Router.Station(*v.Station); ok {
			return s.Zone()
		}
	}
	return china
}

// china is the time zone of whatever has no station yet.
var china = time.FixedZone("CST", 8*60*60)

// toast is what the presser of a button is told at once.
func (b *Bot) toast(ctx context.Context, a intake.Answer) string {
	p := &page{Bot: b, ctx: ctx, lang: a.Language}
	id, ok := a.Args["request"].(int64)
	if !ok {
		return p.say(a.Kind, p.limits())
	}
	v, err := b.Intake.View(ctx, id)
	if err != nil {
		if !errors.Is(err, intake.ErrNotFound) {
			b.Log.Warn("answer a pressed button", "error", err)
		}
		return p.say("stale", nil)
	}
	p.view = v
	if a.Kind == "claim_lost" && v.State.InHand() && v.WorkerName != nil {
		return p.say("claim_lost", texts.Data{"Worker": *v.WorkerName})
	}
	return p.say(strings.Replace(a.Kind, "claim_lost", "claim_gone", 1), texts.Data{"Ref": v.Ref, "State": p.state(&v)})
}
