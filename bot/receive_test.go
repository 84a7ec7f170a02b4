package bot_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/database/databasetest"
)

// TestPanicIsATrouble: a panic in handling ends nothing, is tried again, and at last set aside.
func TestPanicIsATrouble(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	db.MustExec(`INSERT INTO bots (id) VALUES (7)`)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var panics atomic.Int64
	panics.Store(5) // as often as an update is tried
	service := intake.New(intake.Options{DB: db, Log: log, Now: func() time.Time {
		if panics.Add(-1) >= 0 {
			panic("no time")
		}
		return time.Now()
	}})
	b, err := bot.New(bot.Options{Token: "7:secret", URL: "http://127.0.0.1:1", WebhookSecret: "s", DB: db, Intake: service, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	update := `{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"from":{"id":1,"first_name":"M"},"text":"/help"}}`
	r := httptest.NewRequest(http.MethodPost, "/telegram/webhook", strings.NewReader(update))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
	answer := httptest.NewRecorder()
	b.Webhook(answer, r)
	if answer.Code != http.StatusOK {
		t.Errorf("the webhook answers %d, want 200: the update is kept", answer.Code)
	}
	var kept struct{ Raw, Error, Told string }
	if err := db.Get(&kept, `SELECT t.raw, t.error, n.kind AS told FROM troubles t JOIN notices n ON n.chat_id = t.chat_id`); err != nil {
		t.Fatal(err)
	}
	if kept.Raw != update || !strings.Contains(kept.Error, "panic: no time") || kept.Told != intake.NoticeSorry {
		t.Errorf("kept is %+v", kept)
	}
}
