package open311

import (
	"errors"
	"fmt"
	"net/http"

	"onedoor/intake"
	"onedoor/internal/database"
)

// problem is a request that can't be answered: the status, and a sentence for whoever programs or uses the caller.
type problem struct {
	status int
	says   string
}

func (p problem) Error() string { return fmt.Sprintf("%d: %s", p.status, p.says) }

// bad is what the caller must put right.
func bad(says string) problem { return problem{http.StatusBadRequest, says} }

// An apiError is one error, as the standard has it.
type apiError struct {
	Code        int  `json:"code" xml:"code"`
	Description text `json:"description" xml:"description"`
}

// problem answers an error. What went wrong with us is in the log, and not in the answer.
func (a *API) problem(r *http.Request, err error) (int, any) {
	p := problem{http.StatusInternalServerError, "General service error: something went wrong here. Please tell the administrator."}
	var told problem
	switch {
	case errors.As(err, &told):
		p = told
	case errors.Is(err, intake.ErrNotFound):
		p = problem{http.StatusNotFound, "service_request_id was not found."}
	case database.Unavailable(err):
		p = problem{http.StatusServiceUnavailable, "General service error: the service is not available. Please try again in a moment."}
		a.Log.Warn("open311: the database is away", "path", r.URL.Path, "error", err)
	default:
		a.Log.Error("open311", "path", r.URL.Path, "error", err)
	}
	return p.status, list[apiError]{"errors", "error", []apiError{{p.status, text(p.says)}}}
}
