package bot

import (
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// resolved asks how well a request was solved, best answer first, for as long as that can be said.
func (p *page) resolved() (message, error) {
	e, err := p.ending()
	if err != nil {
		return message{}, err
	}
	m := message{text: p.tell("resolved", texts.Data{"Ref": p.view.Ref, "Outcome": p.because(p.outcome(), p.reasonToYou(e.Reason)), "Words": e.Words})}
	if p.view.State != intake.Resolved {
		return m, nil
	}
	rating, err := p.rating()
	if ignoreMissing(err) != nil {
		return message{}, err
	}
	for _, score := range slices.Backward(intake.Scores()) {
		b := p.button(intake.ActRate+"_"+itoa(int64(score)), "")
		b.press.Action, b.press.Arg = intake.ActRate, itoa(int64(score))
		if score == rating.Score && rating.ResolvedAt.Equal(*p.view.ResolvedAt) {
			b.label += " ✓"
		}
		m.buttons = append(m.buttons, []button{b})
	}
	m.buttons = append(m.buttons, []button{p.button(intake.ActReopen, "")})
	return m, nil
}

// rating is the request's last one, or ErrNotFound.
func (p *page) rating() (intake.Rating, error) {
	all, err := p.Intake.Ratings(p.ctx, p.view.ID)
	if err != nil || len(all) == 0 {
		return intake.Rating{}, errorOr(err, intake.ErrNotFound)
	}
	return all[len(all)-1], nil
}

// errorOr is err or, without one, other.
func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// stars are a score as a picture.
func stars(score int) string {
	best := len(intake.Scores())
	return strings.Repeat("★", score) + strings.Repeat("☆", best-score)
}

// lowScore is the score up to which a resident is offered once more to say that it isn't solved.
const lowScore = 2

// rated thanks for a rating, and asks for a comment while one is waited for.
func (p *page) rated() (message, error) {
	rating, err := p.rating()
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("rated", texts.Data{"Stars": stars(rating.Score)})}
	if p.args.Menu == "comment" {
		m.text += "\n" + p.say("rated_comment", nil)
		m.buttons = [][]button{{p.button(intake.ActNoComment, "")}}
	}
	if rating.Score <= lowScore && p.view.State == intake.Resolved {
		m.buttons = append(m.buttons, []button{p.button(intake.ActReopen, "")})
	}
	return m, nil
}

// commented says that words were taken for a comment, and lets them be a matter of their own.
func (p *page) commented() (message, error) {
	return message{text: p.say("commented", texts.Data{"Ref": p.view.Ref}),
		buttons: [][]button{{p.button(intake.ActAnew, itoa(p.args.Message))}}}, nil
}

// workRated tells whoever resolved a request how well, by its resident.
func (p *page) workRated() (message, error) {
	rating, err := p.rating()
	if err != nil {
		return message{}, err
	}
	text := p.say("work_rated", texts.Data{"Ref": p.view.Ref, "Stars": stars(rating.Score)})
	if rating.Comment != "" {
		text += "\n“" + rating.Comment + "”"
	}
	return message{text: text}, nil
}
