package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	telegram "github.com/go-telegram/bot"
)

const (
	pollMargin   = 10 * time.Second // beyond pollTimeout, before a poll counts as lost
	conflictWait = time.Second      // at least, after a 409: a process that has just handed over may still be polling
	maxWait      = 30 * time.Second // the longest pause between tries
	maxPoll      = 64 << 20         // bytes of one batch of a hundred updates
)

// allowedUpdates are the kinds that translate understands.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member"]`

// poll receives by long polling until ctx ends. The offset moves past an update only when it is committed
// (or set aside), so whatever happens here, Telegram still has what isn't.
func (b *Bot) poll(ctx context.Context) {
	var offset int64
	var trouble backoff
	for ctx.Err() == nil {
		batch, err := b.getUpdates(ctx, offset)
		if err == nil {
			err = b.receiveBatch(ctx, batch)
		}
		if err != nil {
			if ctx.Err() == nil {
				trouble.wait(ctx, b.Log, pollTrouble(err), hideToken(err, b.Token), retryAfter(err))
			}
			continue
		}
		trouble.over(b.Log, "receiving from Telegram works again")
		if n := len(batch); n > 0 {
			offset = batch[n-1].id + 1
		}
	}
}

// deleteWebhook makes long polling possible, keeping what waits.
func (b *Bot) deleteWebhook(ctx context.Context) error {
	_, err := b.api.DeleteWebhook(ctx, &telegram.DeleteWebhookParams{})
	return hideToken(err, b.Token)
}

// getUpdates is one long poll: updates from offset on, each as it came. The library's own can't be used: it
// decodes a batch as a whole, so that one update it doesn't know blocks all others for ever.
func (b *Bot) getUpdates(ctx context.Context, offset int64) ([]raw, error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout+pollMargin)
	defer cancel()
	body, contentType := form(map[string]string{
		"offset": strconv.FormatInt(offset, 10), "timeout": strconv.Itoa(int(pollTimeout.Seconds())),
		"allowed_updates": allowedUpdates,
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+"/bot"+b.Token+"/getUpdates", body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	response, err := b.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return readUpdates(io.LimitReader(response.Body, maxPoll))
}

// readUpdates reads Telegram's answer to getUpdates. What has no number among updates that have one is left out: no
// offset could ever confirm it.
func readUpdates(body io.Reader) ([]raw, error) {
	var answer struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read Telegram's answer: %w", err)
	}
	if !answer.OK {
		return nil, &apiError{answer.Code, answer.Description, time.Duration(answer.Parameters.RetryAfter) * time.Second}
	}
	batch := make([]raw, 0, len(answer.Result))
	var bad error
	for _, text := range answer.Result {
		u, err := decode(text)
		if err != nil {
			bad = err
			continue
		}
		batch = append(batch, u)
	}
	if len(batch) > 0 {
		return batch, nil
	}
	return nil, bad
}

// form is fields in the form that Telegram's own clients and the library use.
func form(fields map[string]string) (io.Reader, string) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		_ = w.WriteField(name, value) // a bytes.Buffer can't fail
	}
	w.Close()
	return &body, w.FormDataContentType()
}

// apiError is Telegram's refusal of a poll.
type apiError struct {
	code        int
	description string
	retryAfter  time.Duration
}

func (e *apiError) Error() string { return fmt.Sprintf("Telegram says %d %s", e.code, e.description) }

// pollTrouble says what a failed poll means.
func pollTrouble(err error) string {
	var api *apiError
	if errors.As(err, &api) && api.code == http.StatusConflict {
		return "another program receives this bot's updates, or a webhook has been set for it: stop that one; trying again"
	}
	return "receiving from Telegram fails; trying again"
}

// retryAfter is how long Telegram wants to be left alone; zero where it doesn't say.
func retryAfter(err error) time.Duration {
	var api *apiError
	if !errors.As(err, &api) {
		return 0
	}
	if api.code == http.StatusConflict {
		return conflictWait
	}
	return api.retryAfter
}
