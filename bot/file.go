package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	telegram "github.com/go-telegram/bot"

	"onedoor/intake"
)

// File opens what somebody sent to a bot, by Telegram's id for it, and says what Telegram calls it. It is intake.ErrNotFound
// for another bot's file, for one that Telegram no longer has, and, as intake.ErrTooBig, for one of more than 20 MB, which
// it gives to no bot; a Bot API server of one's own does.
func (b *Bot) File(ctx context.Context, bot int64, id string) (content io.ReadCloser, name string, err error) {
	if bot != b.ID {
		return nil, "", intake.ErrNotFound
	}
	f, err := b.api.GetFile(ctx, &telegram.GetFileParams{FileID: id})
	switch {
	case err == nil && f.FileSize > intake.MaxFile, errors.Is(err, telegram.ErrorBadRequest) && strings.Contains(err.Error(), "file is too big"):
		return nil, "", intake.ErrTooBig // Telegram has no code for it, only this description
	case errors.Is(err, telegram.ErrorBadRequest):
		return nil, "", intake.ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("ask Telegram for a file: %w", hideToken(err, b.Token))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.URL+"/file/bot"+b.Token+"/"+f.FilePath, nil)
	if err != nil {
		return nil, "", fmt.Errorf("fetch a file: %w", hideToken(err, b.Token))
	}
	response, err := b.http.Do(request)
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("fetch a file: %w", hideToken(err, b.Token))
	case response.StatusCode == http.StatusNotFound:
		response.Body.Close()
		return nil, "", intake.ErrNotFound
	case response.StatusCode != http.StatusOK:
		response.Body.Close()
		return nil, "", fmt.Errorf("fetch a file: Telegram answers %s", response.Status)
	}
	return response.Body, path.Base(f.FilePath), nil
}
