package open311

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/time/rate"

	"onedoor/intake"
)

// limits are the keys' rate limits, by system. There are as many as there are systems.
type limits struct {
	mu sync.Mutex
	of map[int64]*rate.Limiter
}

// allow counts one request of a system, and tells whether it is within the limit.
func (a *API) allow(system int64) bool {
	a.limits.mu.Lock()
	defer a.limits.mu.Unlock()
	if a.limits.of == nil {
		a.limits.of = map[int64]*rate.Limiter{}
	}
	if a.limits.of[system] == nil {
		a.limits.of[system] = rate.NewLimiter(a.PerSecond, a.Burst)
	}
	return a.limits.of[system].Allow()
}

var errTooMany = problem{http.StatusTooManyRequests, "Too many requests with this api_key. Please go slower."}

// caller is the system whose key the request has: in the header Authorization, or as api_key where the standard has it.
func (a *API) caller(r *http.Request) (*intake.System, error) {
	key, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case found:
	case r.Method == http.MethodPost:
		key = r.PostForm.Get("api_key")
	default:
		key = r.URL.Query().Get("api_key")
	}
	if key == "" {
		return nil, problem{http.StatusForbidden, "Missing api_key. Ask the administrator of this OneDoor for one."}
	}
	system, err := a.Intake.SystemByKey(r.Context(), key)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, problem{http.StatusForbidden, "Invalid api_key received."}
	}
	return system, err
}

// reader is the caller, within its limit.
func (a *API) reader(r *http.Request) (*intake.System, error) {
	system, err := a.caller(r)
	if err == nil && !a.allow(system.ID) {
		return nil, errTooMany
	}
	return system, err
}
