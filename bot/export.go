package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// document is a file that is sent.
type document struct {
	name    string
	content []byte
}

// export is all that is kept of its reader, as a file.
func (p *page) export() (message, error) {
	kept, err := p.Intake.Export(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	if err := p.tellAgain(kept.Told); err != nil {
		return message{}, err
	}
	var content bytes.Buffer
	lines := json.NewEncoder(&content)
	lines.SetIndent("", "  ")
	lines.SetEscapeHTML(false)
	if err := lines.Encode(kept); err != nil {
		return message{}, fmt.Errorf("write an export: %w", err)
	}
	return message{text: p.say("export", nil), document: &document{"onedoor-" + kept.MadeAt.Format("2006-01-02") + ".json", content.Bytes()}}, nil
}

// tellAgain finds the words of what was told, as they would be now.
func (p *page) tellAgain(told []intake.Told) error {
	for i, t := range told {
		again, err := p.render(p.ctx, notice{ID: t.ID, Bot: p.notice.Bot, Chat: p.notice.Chat, Kind: t.Kind, Args: t.Args, Request: t.Request,
			Language: p.lang})
		if err != nil && !errors.Is(err, intake.ErrNotFound) {
			return err
		}
		told[i].Words = again.text
	}
	return nil
}

// sendDocument sends a file with words beside it.
func (b *Bot) sendDocument(ctx context.Context, n notice, m message) (int64, error) {
	sent, err := b.api.SendDocument(ctx, &telegram.SendDocumentParams{ChatID: n.Chat, Caption: m.text,
		Document: &models.InputFileUpload{Filename: m.document.name, Data: bytes.NewReader(m.document.content)}})
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}
