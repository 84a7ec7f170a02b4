package bot

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

const (
	maxWebhook         = 1 << 20          // bytes of one update
	webhookWait        = 20 * time.Second // for the database; then Telegram is told to try again later
	webhookConnections = 40               // updates that Telegram sends at the same time
)

// Webhook receives one update from Telegram: 200 only after it is committed or set aside, 500 when it could
// not be stored (Telegram sends it again), 401 for anybody who doesn't know the secret.
func (b *Bot) Webhook(w http.ResponseWriter, r *http.Request) {
	secret := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(b.WebhookSecret)) != 1 {
		http.Error(w, "wrong secret token", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if err != nil {
		http.Error(w, "an update has at most 1 MiB", http.StatusRequestEntityTooLarge)
		return
	}
	u, err := decode(json.RawMessage(body))
	if err != nil {
		http.Error(w, "not an update", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), webhookWait)
	defer cancel()
	var answer any
	u.reply = func(ctx context.Context, query *models.CallbackQuery, said intake.Answer) {
		answer = webhookAnswer{"answerCallbackQuery", b.pressAnswer(ctx, query, said)}
	}
	switch err := b.receive(ctx, u); {
	case err != nil:
		http.Error(w, "not stored; please send it again", http.StatusInternalServerError)
	case answer != nil:
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			b.Log.Debug("answer a pressed button", "error", err)
		}
	}
}

// webhookAnswer is a call of the Bot API in the answer to a webhook, which saves making it; how it ends isn't told.
type webhookAnswer struct {
	Method string `json:"method"`
	*telegram.AnswerCallbackQueryParams
}

// setWebhook tells Telegram where to send updates, keeping what waits.
func (b *Bot) setWebhook(ctx context.Context) error {
	var allowed []string
	if err := json.Unmarshal([]byte(allowedUpdates), &allowed); err != nil {
		return err
	}
	_, err := b.api.SetWebhook(ctx, &telegram.SetWebhookParams{URL: b.WebhookURL, SecretToken: b.WebhookSecret,
		AllowedUpdates: allowed, MaxConnections: webhookConnections})
	return hideToken(err, b.Token)
}
