package botapi

import (
	"net/http"
	"slices"
	"strconv"
)

// A Fault makes calls fail that fit it.
type Fault struct {
	Method string // empty: any
	Chat   int64  // 0: any
	Times  int    // calls that fail before the fault is over
	Kind   FaultKind
	// RetryAfter, in seconds, goes with TooMany.
	RetryAfter int

	after bool // the call is done, and only its answer is lost
}

// FaultKind is how a call fails.
type FaultKind int

// The kinds of fault.
const (
	TooMany    FaultKind = iota // 429 with retry_after
	ServerFail                  // 500 in the API's form
	ProxyPage                   // 502 with a page of HTML
	Cut                         // the connection is cut, the call not done
	CutAfter                    // the call is done, and then the connection is cut
)

// Fail orders a fault.
func (s *Server) Fail(f Fault) {
	f.after = f.Kind == CutAfter
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// takeFault finds the fault for a call, if one was ordered.
func (s *Server) takeFault(method string, p params) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Method != "" && f.Method != method || f.Chat != 0 && strconv.FormatInt(f.Chat, 10) != p["chat_id"] {
			continue
		}
		f.Times--
		if f.Times <= 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f
	}
	return nil
}

func (f *Fault) code() int {
	switch f.Kind {
	case TooMany:
		return http.StatusTooManyRequests
	case ServerFail:
		return http.StatusInternalServerError
	default:
		return http.StatusBadGateway
	}
}

// answer fails a call in the fault's way.
func (f *Fault) answer(w http.ResponseWriter) {
	switch f.Kind {
	case TooMany:
		write(w, nil, &apiError{f.code(), "Too Many Requests: retry after " + strconv.Itoa(f.RetryAfter), f.RetryAfter})
	case ServerFail:
		write(w, nil, &apiError{Code: f.code(), Description: "Internal Server Error"})
	case ProxyPage:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.code())
		w.Write([]byte("<html><body><h1>502 Bad Gateway</h1></body></html>"))
	default:
		panic(http.ErrAbortHandler) // net/http's way to cut a connection
	}
}
