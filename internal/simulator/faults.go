package simulator

import (
	"cmp"
	"context"
	"net/http"
	"slices"
)

// Fault is something that goes wrong with the next calls that it fits. With an Error, Telegram refuses:
//
//	sim.Fail(Fault{Method: "sendMessage", Error: TooManyRequests(5)})
//	sim.Fail(Fault{Chat: id, Times: 3, Error: &Error{Code: 500, Description: "Internal Server Error"}})
//	sim.Fail(Fault{Error: &Error{Code: 400, Description: "Bad Request: …", MigrateTo: -100123}})
//
// Without one, the caller gets no answer of Telegram's: HTML of a proxy, no answer at all, or a connection that
// ends. Taken makes any of them strike after the call was carried out, when the caller can't know that it was.
type Fault struct {
	Method string // empty: any
	Chat   int64  // the call's chat_id; 0: any
	Times  int    // how many calls; 0: one; below 0: all, until Heal

	Error *Error // what to answer
	HTML  string // what a proxy answers in Telegram's place, with 502
	Hang  bool   // no answer until the caller gives up; with nothing set, the connection is cut at once
	Taken bool   // the call is carried out first
}

// Fail scripts a fault. Of several that fit, the first scripted strikes.
func (s *Simulator) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times = cmp.Or(f.Times, 1)
	s.faults = append(s.faults, &f)
}

// Heal forgets all scripted faults.
func (s *Simulator) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault is the fault that strikes a call, or nil.
func (s *Simulator) takeFault(method string, chat int64) *Fault {
	i := slices.IndexFunc(s.faults, func(f *Fault) bool {
		return (f.Method == "" || f.Method == method) && (f.Chat == 0 || f.Chat == chat)
	})
	if i < 0 {
		return nil
	}
	f := s.faults[i]
	if f.Times--; f.Times == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f
}

// answer gives the caller what the fault makes of the answer.
func (f *Fault) answer(closing context.Context, w http.ResponseWriter, r *http.Request) {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-closing.Done():
		}
		panic(http.ErrAbortHandler) // net/http's way to end a connection without an answer
	case f.HTML != "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte(f.HTML))
	case f.Error != nil:
		reply(w, nil, f.Error)
	default:
		panic(http.ErrAbortHandler)
	}
}

// code is the HTTP status that the caller sees; 0 for none.
func (f *Fault) code() int {
	switch {
	case f.Hang:
		return 0
	case f.HTML != "":
		return http.StatusBadGateway
	case f.Error != nil:
		return f.Error.Code
	}
	return 0
}

func (f *Fault) description() string {
	if f.Error == nil {
		return ""
	}
	return f.Error.Description
}
