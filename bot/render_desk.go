package bot

import "onedoor/intake"

// deskPages are the ways to render how requests end, go on and are handed over.
func deskPages() map[string]func(*page) (message, error) {
	return map[string]func(*page) (message, error){
		intake.NoticeTakenUp:         discreetly("taken_up"),
		intake.NoticeAppointment:     (*page).appointment,
		intake.NoticeAppointmentOff:  (*page).appointmentOff,
		intake.NoticeAppointmentSoon: (*page).appointmentSoon,
		intake.NoticeWaitsForYou:     (*page).waitsForYou,

		intake.NoticeAskReason:         forDesk((*page).askReason),
		intake.NoticeNoSuchRef:         plain("no_such_ref"),
		intake.NoticeAskSentence:       forDesk((*page).askSentence),
		intake.NoticeCare:              plain("care"),
		intake.NoticeAskDate:           (*page).askDate,
		intake.NoticeWhichDate:         forDesk((*page).whichDate),
		intake.NoticeFollowSet:         forDesk((*page).followSet),
		intake.NoticeFollowDue:         forDesk((*page).followDue),
		intake.NoticeWaits:             aboutRequest("waits"),
		intake.NoticeAppointmentAnswer: forDesk((*page).appointmentAnswer),
		intake.NoticeHandover:          (*page).handover,
		intake.NoticeHandoverDone:      (*page).handoverDone,
		intake.NoticeSupervised:        forDesk((*page).supervised),
		intake.NoticeHandedOver:        forDesk((*page).handedOver),
	}
}
