package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Error is a refusal in Telegram's words.
type Error struct {
	Code        int    // also the HTTP status
	Description string // as the Bot API would put it, "Bad Request: chat not found"
	RetryAfter  int    // seconds, with 429
	MigrateTo   int64  // the supergroup that a group became, with 400
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Description) }

// MarshalJSON writes the answer that a client reads.
func (e *Error) MarshalJSON() ([]byte, error) {
	answer := map[string]any{"ok": false, "error_code": e.Code, "description": e.Description}
	switch {
	case e.RetryAfter != 0:
		answer["parameters"] = map[string]any{"retry_after": e.RetryAfter}
	case e.MigrateTo != 0:
		answer["parameters"] = map[string]any{"migrate_to_chat_id": e.MigrateTo}
	}
	return json.Marshal(answer)
}

var (
	errNotFound     = &Error{Code: http.StatusNotFound, Description: "Not Found"}
	errUnauthorized = &Error{Code: http.StatusUnauthorized, Description: "Unauthorized"}
	errClosing      = &Error{Code: http.StatusInternalServerError, Description: "Internal Server Error: restart"}
	errTooLarge     = &Error{Code: http.StatusRequestEntityTooLarge, Description: "Request Entity Too Large"}
)

// bad is a 400 in Telegram's words.
func bad(format string, args ...any) *Error {
	return &Error{Code: http.StatusBadRequest, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// forbidden is a 403 in Telegram's words.
func forbidden(why string) *Error {
	return &Error{Code: http.StatusForbidden, Description: "Forbidden: " + why}
}

// conflict is a 409 in Telegram's words.
func conflict(why string) *Error {
	return &Error{Code: http.StatusConflict, Description: "Conflict: " + why}
}

// TooManyRequests is a 429 that asks for a pause of so many seconds.
func TooManyRequests(seconds int) *Error {
	return &Error{Code: http.StatusTooManyRequests, RetryAfter: seconds,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds)}
}

// refusal is err as Telegram would say it; what has no words there is a 500.
func refusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: http.StatusInternalServerError, Description: "Internal Server Error"}
}
