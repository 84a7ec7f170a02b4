package botapi

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is the simulated Telegram. Its HTTP side is ServeHTTP.
type Server struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever something has changed
	bots    map[string]*bot
	users   map[int64]*User
	files   map[string]file
	faults  []*Fault
	calls   []Call
	client  *http.Client // for webhooks
	closed  chan struct{}
}

// bot is one bot as Telegram knows it.
type bot struct {
	id       int64
	token    string
	username string
	nextID   int64 // of the next update
	queue    []update
	allowed  []string
	webhook  *webhook
	poll     chan struct{} // closed to end the poll under way, when another begins
	commands map[string]json.RawMessage
	queries  map[string]*query
}

// update is one that waits for its bot.
type update struct {
	id   int64
	kind string
	body json.RawMessage
}

type file struct {
	id, path string
	content  []byte
}

// A Call is one request of a bot, for reconciliation.
type Call struct {
	At      time.Time
	Method  string
	Params  map[string]string
	OK      bool
	Code    int   // of the error; 0 without one
	Message int64 // the message sent or edited, or 0
}

// New makes a Telegram without bots and users.
func New() *Server {
	return &Server{changed: make(chan struct{}), bots: map[string]*bot{}, users: map[int64]*User{}, files: map[string]file{},
		client: &http.Client{Timeout: webhookTimeout}, closed: make(chan struct{})}
}

// Close ends the polls under way and the delivery to webhooks.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
}

// firstUpdate is where a bot's update ids begin: at Telegram too they don't begin at 1.
const firstUpdate = 100_000_001

// AddBot makes a bot. The number before the token's colon is its id.
func (s *Server) AddBot(token, username string) {
	number, _, _ := strings.Cut(token, ":")
	id, _ := strconv.ParseInt(number, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bots[token] = &bot{id: id, token: token, username: username, nextID: firstUpdate,
		commands: map[string]json.RawMessage{}, queries: map[string]*query{}}
}

// Token is a bot token of the right form, for tests and the demo.
func Token(id int64) string { return strconv.FormatInt(id, 10) + ":" + rand.Text() }

// Calls are all requests of bots so far, but getUpdates.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// tell wakes everybody who waits for a change. The lock must be held.
func (s *Server) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// push queues an update for a bot. The lock must be held.
func (s *Server) push(b *bot, kind string, body any) int64 {
	id := b.nextID
	b.nextID++
	raw, _ := json.Marshal(map[string]any{"update_id": id, kind: body}) // of our own types
	b.queue = append(b.queue, update{id, kind, raw})
	s.tell()
	return id
}

// Raw queues an update for a bot exactly as it is given: twice the same, out of order or undecodable.
func (s *Server) Raw(token, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var head struct {
		ID int64 `json:"update_id"`
	}
	json.Unmarshal([]byte(body), &head)
	b := s.bots[token]
	b.queue = append(b.queue, update{head.ID, "message", json.RawMessage(body)})
	b.nextID = max(b.nextID, head.ID+1)
	s.tell()
}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	path, ok := strings.CutPrefix(path, "/bot")
	token, rest, found := strings.Cut(path, "/")
	if !ok || !found {
		write(w, nil, &apiError{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	s.mu.Lock()
	b := s.bots[token]
	s.mu.Unlock()
	switch {
	case b == nil:
		write(w, nil, &apiError{Code: http.StatusUnauthorized, Description: "Unauthorized"})
	case isFile:
		s.download(w, rest)
	default:
		s.call(w, r, b, rest)
	}
}

func (s *Server) download(w http.ResponseWriter, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.path == path {
			w.Write(f.content)
			return
		}
	}
	write(w, nil, &apiError{Code: http.StatusNotFound, Description: "Not Found"})
}

// call runs one method.
func (s *Server) call(w http.ResponseWriter, r *http.Request, b *bot, name string) {
	m, known := methods[strings.ToLower(name)]
	if !known {
		write(w, nil, &apiError{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	p, err := readParams(r, m.params)
	if err != nil {
		s.record(m.name, nil, nil, err)
		write(w, nil, err)
		return
	}
	if m.name == "getUpdates" {
		s.getUpdates(w, r, b, p)
		return
	}
	fault := s.takeFault(m.name, p)
	if fault != nil && !fault.after {
		s.record(m.name, p, nil, &apiError{Code: fault.code()})
		fault.answer(w)
		return
	}
	s.mu.Lock()
	result, failure := m.run(s, b, p)
	s.mu.Unlock()
	s.record(m.name, p, result, failure)
	if fault != nil {
		fault.answer(w)
		return
	}
	write(w, result, failure)
}

func (s *Server) record(method string, p params, result any, failure *apiError) {
	call := Call{At: time.Now(), Method: method, Params: p, OK: failure == nil}
	if failure != nil {
		call.Code = failure.Code
	}
	if m, ok := result.(*Message); ok {
		call.Message = m.ID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

// apiError is how the Bot API says no.
type apiError struct {
	Code        int
	Description string
	RetryAfter  int
}

func bad(description string) *apiError {
	return &apiError{Code: http.StatusBadRequest, Description: "Bad Request: " + description}
}

// write answers as the Bot API does.
func write(w http.ResponseWriter, result any, failure *apiError) {
	w.Header().Set("Content-Type", "application/json")
	answer := map[string]any{"ok": failure == nil}
	if failure == nil {
		answer["result"] = result
	} else {
		answer["error_code"], answer["description"] = failure.Code, failure.Description
		if failure.RetryAfter > 0 {
			answer["parameters"] = map[string]int{"retry_after": failure.RetryAfter}
		}
		w.WriteHeader(failure.Code)
	}
	json.NewEncoder(w).Encode(answer)
}
