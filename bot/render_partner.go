package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// forPartner draws what a partner is told of a referral for as long as it was offered to them; in the place of what they
// were shown before stands that it isn't theirs any more, and nothing further is sent.
func forPartner(draw func(*page, *intake.Partner, *intake.Referral) (message, error)) func(*page) (message, error) {
	return func(p *page) (message, error) {
		if p.view.ErasedAt != nil {
			return p.erased()
		}
		f, err := p.Intake.Referral(p.ctx, p.args.Referral)
		if err != nil {
			return message{}, err
		}
		partner, err := p.Intake.PartnerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
		switch {
		case ignoreMissing(err) != nil:
			return message{}, err
		case err == nil && (p.notice.Kind == intake.NoticeTask || f.With(partner.Code)):
			return draw(p, partner, f)
		case p.notice.Edits == nil:
			return message{}, intake.ErrNotFound
		}
		p.args.Edited = false
		return message{text: p.say("task_ended", texts.Data{"What": p.what(f)})}, nil
	}
}

// partnerJoined greets a partner, and says what they can do.
func (p *page) partnerJoined() (message, error) {
	partner, err := p.Intake.PartnerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	if partner.Organisation != nil {
		return message{text: p.say("partner_joined_organisation", texts.Data{"Organisation": partner.OrganisationName})}, nil
	}
	return message{text: p.say("partner_joined", texts.Data{"Who": partner.Name})}, nil
}

// task is what a partner is asked to do, or what has become of it. Nobody but who may still accept it, or has it, reads
// more than what it is.
func (p *page) task(partner *intake.Partner, f *intake.Referral) (message, error) {
	m, err := p.taskNow(partner, f)
	if p.args.What == intake.TaskUnsent {
		m.text = p.say("task_unsent", nil) + "\n" + m.text
	}
	return m, err
}

// taskNow is a task as it stands for the partner.
func (p *page) taskNow(partner *intake.Partner, f *intake.Referral) (message, error) {
	offered, err := p.Intake.OfferedTo(p.ctx, f.ID, partner.Code)
	if err != nil {
		return message{}, err
	}
	about := texts.Data{"What": p.what(f)}
	switch {
	case f.Offered() && offered:
		return p.offeredTask(f), nil
	case f.Offered():
		return message{text: p.say("task_declined", about)}, nil
	case f.Accepted() && f.With(partner.Code):
		return p.ownTask(f), nil
	case f.Done() && f.With(partner.Code):
		return message{text: p.say("task_done", about)}, nil
	case f.Accepted(), f.Done():
		return message{text: p.say("task_taken", about)}, nil
	case !offered:
		return message{text: p.say("task_declined", about)}, nil
	}
	return message{text: p.say("task_ended", about)}, nil
}

// taskText is all that who helps needs to know: what, roughly where, and the worker's own words.
func (p *page) taskText(f *intake.Referral) string {
	return p.say("task", texts.Data{"What": p.what(f), "Place": p.township(), "Text": cut(f.Words, intake.CardWords),
		"Worker": f.WorkerName, "Station": p.ownStation()})
}

func (p *page) ownStation() string {
	if p.view.Station == nil {
		return ""
	}
	return p.stationName(*p.view.Station)
}

// township is where the request is, no nearer than that.
func (p *page) township() string {
	places := p.Intake.Router.Gazetteer()
	if p.view.Place != nil {
		return places.Describe(places.Up(*p.view.Place, "township"), p.lang)
	}
	if at, ok := p.view.Point(); ok {
		if near, _, ok := places.Near(at); ok {
			return places.Describe(places.Up(near.Code, "township"), p.lang)
		}
	}
	return p.ownStation()
}

func (p *page) taskButton(action, arg string) button {
	return button{p.say("button_"+action, nil), intake.Press{Action: action, Arg: arg}}
}

func (p *page) offeredTask(f *intake.Referral) message {
	key := "task_first"
	if f.Task == nil {
		key = "task_answer"
	}
	return message{text: p.taskText(f) + "\n" + p.say(key, texts.Data{"Time": p.texts.Moment(p.lang, f.ExpiresAt.In(p.zone(&p.view)))}),
		buttons: [][]button{{p.taskButton(intake.ActAccept, itoa(f.ID)), p.taskButton(intake.ActCantDo, itoa(f.ID))}}}
}

func (p *page) ownTask(f *intake.Referral) message {
	m := message{text: p.taskText(f) + "\n" + p.say("task_yours", nil)}
	if p.args.Menu != "report" {
		m.buttons = [][]button{{p.taskButton(intake.ActToWorker, itoa(f.ID)), p.taskButton(intake.ActReported, itoa(f.ID))}}
		return m
	}
	for _, outcome := range intake.ReportOutcomes() {
		m.buttons = append(m.buttons, []button{{p.say("button_report_"+outcome, nil),
			intake.Press{Action: intake.ActReport, Arg: intake.ReportAs(f.ID, outcome)}}})
	}
	m.buttons = append(m.buttons, []button{{p.say("button_back", nil), intake.Press{Action: intake.ActReported, Arg: itoa(f.ID) + ":back"}}})
	return m
}

// askForWorker asks a partner for words to the worker.
func (p *page) askForWorker(_ *intake.Partner, f *intake.Referral) (message, error) {
	return message{text: p.say("ask_worker", texts.Data{"Worker": p.answerable(f), "What": p.what(f)})}, nil
}

// answerable is the name of who has the request now or, where nobody has, of who asked.
func (p *page) answerable(f *intake.Referral) string {
	if p.view.WorkerName != nil {
		return *p.view.WorkerName
	}
	return f.WorkerName
}

// askReport thanks for what was done and asks for a sentence on it or, where it wasn't possible, first why.
func (p *page) askReport(_ *intake.Partner, f *intake.Referral) (message, error) {
	key := "ask_report"
	if p.args.Must {
		key = "ask_report_why"
	}
	return message{text: p.say(key, texts.Data{"Worker": p.answerable(f), "What": p.what(f)})}, nil
}

// partnerTold shows a partner what the worker has written.
func (p *page) partnerTold(partner *intake.Partner, f *intake.Referral) (message, error) {
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return message{}, err
	}
	m, err := p.passAside(said, "partner_told", texts.Data{"Worker": said.WorkerName, "What": p.what(f)})
	if f.Accepted() && f.With(partner.Code) {
		m.buttons = [][]button{{p.taskButton(intake.ActToWorker, itoa(f.ID)), p.taskButton(intake.ActReported, itoa(f.ID))}}
	}
	return m, err
}

// asideSent says that words between a worker and who helps are on their way.
func (p *page) asideSent() (message, error) {
	f, err := p.Intake.Referral(p.ctx, p.args.Referral)
	if err != nil {
		return message{}, err
	}
	to := p.answerable(f)
	if _, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat); err == nil && f.PartnerName != nil {
		to = *f.PartnerName
	}
	return message{text: p.say("aside_sent", texts.Data{"Who": to})}, nil
}
