package bot

import (
	"context"
	"errors"
	"strings"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// uploadTries is how often a copy is uploaded before it is given up: what waits in the chat behind it comes first then.
const uploadTries = 3

// sendKept sends on a file whose message Telegram has no more: from the copy that we keep or, where there is none on this
// machine, by Telegram's id of it. Where neither works it says so.
func (b *Bot) sendKept(ctx context.Context, n notice, m message, params *telegram.CopyMessageParams) (int64, error) {
	sent, err := b.upload(ctx, m.copied, params)
	if err == nil || !errors.Is(err, telegram.ErrorBadRequest) && !errors.Is(err, intake.ErrNotFound) && n.Attempts < uploadTries {
		return sent, err
	}
	if m.copied.FileID != "" {
		sent, err = numbered(sendFile(ctx, b.api, m.copied.Kind, &models.InputFileString{Data: m.copied.FileID}, params))
		if err == nil || !errors.Is(err, telegram.ErrorBadRequest) {
			return sent, err
		}
	}
	return b.post(ctx, n, message{text: strings.TrimSpace(m.text + "\n" + m.uncopied), buttons: m.buttons})
}

// upload sends the copy of a file that we keep. It is intake.ErrNotFound where there is none.
func (b *Bot) upload(ctx context.Context, said intake.Message, params *telegram.CopyMessageParams) (int64, error) {
	content, kept, err := b.Intake.Kept(ctx, said.ID)
	if err != nil {
		return 0, err
	}
	defer content.Close()
	return numbered(sendFile(ctx, b.api, uploadKind(said.Kind, kept), &models.InputFileUpload{Filename: kept.Called(), Data: content}, params))
}

// uploadKind is what a copy can be sent as: a picture or a voice is one by its content, too.
func uploadKind(kind string, kept intake.Attachment) string {
	switch {
	case kind == intake.KindPhoto && (kept.ContentType == "image/jpeg" || kept.ContentType == "image/png") && *kept.Size <= intake.MaxPicture,
		kind == intake.KindVoice && kept.ContentType == "application/ogg":
		return kind
	}
	return "document"
}

// sendFile sends a file as what it is, with what would stand beside the message that it was in.
func sendFile(ctx context.Context, api *telegram.Bot, kind string, file models.InputFile, p *telegram.CopyMessageParams) (*models.Message, error) {
	switch kind {
	case intake.KindPhoto:
		return api.SendPhoto(ctx, &telegram.SendPhotoParams{ChatID: p.ChatID, Photo: file, Caption: p.Caption,
			ReplyParameters: p.ReplyParameters, ReplyMarkup: p.ReplyMarkup})
	case intake.KindVoice:
		return api.SendVoice(ctx, &telegram.SendVoiceParams{ChatID: p.ChatID, Voice: file, Caption: p.Caption,
			ReplyParameters: p.ReplyParameters, ReplyMarkup: p.ReplyMarkup})
	default:
		return api.SendDocument(ctx, &telegram.SendDocumentParams{ChatID: p.ChatID, Document: file, Caption: p.Caption,
			ReplyParameters: p.ReplyParameters, ReplyMarkup: p.ReplyMarkup})
	}
}

// numbered is the number of a message that was sent.
func numbered(sent *models.Message, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}
