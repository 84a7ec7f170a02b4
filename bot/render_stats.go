package bot

import (
	"strconv"
	"time"

	"onedoor/internal/texts"
)

// statsSince are how far back /stats looks, in days.
var statsSince = []int{7, 30}

// stats are a worker's own numbers, and nobody else's.
func (p *page) stats() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("stats", nil)}
	for _, days := range statsSince {
		own, err := p.Intake.Stats(p.ctx, w.Code, time.Duration(days)*24*time.Hour)
		if err != nil {
			return message{}, err
		}
		m.text += "\n" + p.say("stats_days", texts.Data{"Count": days, "Claimed": own.Claimed, "Answered": own.Answered, "Resolved": own.Resolved})
		if days != statsSince[len(statsSince)-1] {
			continue
		}
		if own.Answer != nil {
			m.text += "\n" + p.say("stats_answer", texts.Data{"Time": p.texts.Span(p.lang, time.Duration(*own.Answer*float64(time.Second)))})
		}
		if own.Ratings > 0 {
			m.text += "\n" + p.say("stats_rated", texts.Data{"Count": own.Ratings, "Score": strconv.FormatFloat(own.Score, 'f', 1, 64)})
		}
	}
	return m, nil
}
