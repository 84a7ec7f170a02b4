package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// digest is how a supervisor's station fared on a day, with a picture of that and the days before. Where none can be drawn the words
// go alone.
func (p *page) digest() (message, error) {
	d := p.args.Digest
	if len(d.Days) == 0 {
		return message{}, errors.New("a digest of no day")
	}
	day := d.Last()
	m := message{text: p.say("digest", texts.Data{"Date": p.date(day.Day), "Requests": day.Requests,
		"Usual": strconv.FormatFloat(d.Usual, 'f', 0, 64), "Within": percent(day.Within()), "UsualWithin": percent(d.UsualWithin),
		"Median": p.seconds(d.Median), "UsualMedian": p.seconds(d.UsualMedian), "Overdue": d.Overdue, "Unclaimed": d.Waiting})}
	return p.pictured(m, d.Days), nil
}

// pictured is a message with a picture of days, or without where none can be drawn.
func (p *page) pictured(m message, days []intake.DigestDay) message {
	picture, err := drawDays(days)
	if err != nil {
		p.Log.Error("a digest goes without its picture", "notice", p.notice.ID, "error", err)
	}
	m.picture = picture
	return m
}

// digestSet is whether they come.
func (p *page) digestSet() (message, error) {
	if p.args.On {
		return message{text: p.say("digest_on", nil)}, nil
	}
	return message{text: p.say("digest_off", nil)}, nil
}

// percent is a share in per cent, or a dash.
func percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", *share*100)
}

// seconds is a length of time, or a dash.
func (p *page) seconds(length *float64) string {
	if length == nil {
		return "–"
	}
	return p.texts.Span(p.lang, time.Duration(*length*float64(time.Second)))
}

// sendPicture sends a picture with words beside it. Where Telegram takes no such picture, the words go alone.
func (b *Bot) sendPicture(ctx context.Context, n notice, m message) (int64, error) {
	sent, err := b.api.SendPhoto(ctx, &telegram.SendPhotoParams{ChatID: n.Chat, Caption: m.text,
		Photo: &models.InputFileUpload{Filename: "onedoor.png", Data: bytes.NewReader(m.picture)}})
	if errors.Is(err, telegram.ErrorBadRequest) {
		b.Log.Error("Telegram takes no picture; its words go alone", "notice", n.ID, "error", hideToken(err, b.Token))
		m.picture = nil
		return b.post(ctx, n, m)
	}
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}
