package bot

import (
	"bufio"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// uploadTimeout is how long sending a file may take that Telegram hasn't yet: 20 MB over a slow line.
const uploadTimeout = 3 * time.Minute

// uploads tells whether a message may bring a file that Telegram hasn't yet.
func (m message) uploads() bool { return m.copied.MessageID == 0 && m.copied.Carries() }

// sendEnclosed sends what a supervisor has enclosed: by Telegram's id of it where it was sent before, else as an upload, whose id is kept.
func (b *Bot) sendEnclosed(ctx context.Context, n notice, m message, params *telegram.CopyMessageParams) (int64, error) {
	said := m.copied
	if said.FileID != "" && said.Bot == b.ID {
		sent, err := numbered(sendFile(ctx, b.api, said.Kind, &models.InputFileString{Data: said.FileID}, params))
		if !errors.Is(err, telegram.ErrorBadRequest) {
			return sent, err
		}
	}
	sent, err := b.uploadEnclosed(ctx, said, params)
	if errors.Is(err, intake.ErrNotFound) {
		return b.post(ctx, n, message{text: strings.TrimSpace(m.text + "\n" + m.uncopied), buttons: m.buttons})
	}
	return sent, err
}

// uploadEnclosed uploads a file as what it is or, where Telegram doesn't take it as that, as one to be saved.
func (b *Bot) uploadEnclosed(ctx context.Context, said intake.Message, params *telegram.CopyMessageParams) (int64, error) {
	var refused error
	for _, kind := range slices.Compact([]string{said.Kind, intake.KindDocument}) {
		sent, err := b.uploadAs(ctx, kind, said, params)
		if err == nil {
			b.keepFileID(ctx, said, kind, sent)
			return int64(sent.ID), nil
		}
		if refused = err; !errors.Is(err, telegram.ErrorBadRequest) {
			break
		}
	}
	return 0, refused
}

// uploadAs uploads a file as of a kind. One to be saved stays one: Telegram would make a sticker, which has no words beside it, of some.
func (b *Bot) uploadAs(ctx context.Context, kind string, said intake.Message, params *telegram.CopyMessageParams) (*models.Message, error) {
	content, called, err := b.Intake.Content(ctx, said.ID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	file := &models.InputFileUpload{Filename: called, Data: bufio.NewReader(content)} // the library takes no reader that isn't a pointer
	if kind == intake.KindDocument {
		return b.uploader.SendDocument(ctx, &telegram.SendDocumentParams{ChatID: params.ChatID, Document: file, Caption: params.Caption,
			DisableContentTypeDetection: true, ReplyParameters: params.ReplyParameters, ReplyMarkup: params.ReplyMarkup})
	}
	return sendFile(ctx, b.uploader, kind, file, params)
}

// keepFileID keeps Telegram's id of what was uploaded. Where that fails it would be uploaded again: what is sent is sent.
func (b *Bot) keepFileID(ctx context.Context, said intake.Message, kind string, sent *models.Message) {
	if err := b.Intake.Uploaded(ctx, b.ID, said.ID, kind, attachment(sent).FileID); err != nil {
		b.Log.Error("recording Telegram's id of a file fails", "message", said.ID, "error", err)
	}
}
