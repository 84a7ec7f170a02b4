package simulator

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"time"
)

// Call is one method call as it was, for a test to reconcile with what it sees elsewhere.
type Call struct {
	At     time.Time
	Bot    int64
	Method string
	Params map[string]string // as they came, files left out
	Code   int               // of the answer; 200 when carried out; 0 when the caller was left without one
	Error  string            // the answer's description, when refused
	Result json.RawMessage   // what carrying it out gave, even where a fault kept it from the caller
	Fault  bool              // a scripted fault decided the answer
}

// Calls are all calls of known methods up to now, in the order in which they ended.
func (s *Simulator) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// call is one method call on its way.
type call struct {
	sim    *Simulator
	bot    *Bot
	ctx    context.Context
	method method
	form   form
	at     time.Time
}

// do checks, carries out and records the call. A fault, when there is one, is what the caller gets instead.
func (c *call) do() (any, *Fault, error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if err := c.method.check(c.form); err != nil {
		c.record(nil, nil, err)
		return nil, nil, err
	}
	fault := c.sim.takeFault(c.method.name, c.num("chat_id"))
	if fault != nil && !fault.Taken {
		c.record(nil, fault, nil)
		return nil, fault, nil
	}
	result, err := c.carryOut()
	c.record(result, fault, err)
	return result, fault, err
}

func (c *call) carryOut() (any, error) {
	if c.method.paced {
		if wait := c.bot.pace(c.num("chat_id"), c.at); wait > 0 {
			return nil, TooManyRequests(wait)
		}
	}
	return c.method.run(c)
}

func (c *call) record(result any, fault *Fault, err error) {
	done := Call{At: c.at, Bot: c.bot.id, Method: c.method.name, Params: maps.Clone(c.form.values), Code: 200}
	if result != nil {
		done.Result, _ = json.Marshal(result) // reply tells the caller when this fails
	}
	switch {
	case fault != nil:
		done.Code, done.Error, done.Fault = fault.code(), fault.description(), true
	case err != nil:
		refused := refusal(err)
		done.Code, done.Error = refused.Code, refused.Description
	}
	c.sim.calls = append(c.sim.calls, done)
}

// str is a parameter's text, empty when it wasn't given.
func (c *call) str(name string) string { return c.form.values[name] }

// num is an integer parameter, 0 when it wasn't given (or is a @name).
func (c *call) num(name string) int64 {
	n, err := strconv.ParseInt(c.form.values[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// flag is a boolean parameter.
func (c *call) flag(name string) bool {
	yes, err := strconv.ParseBool(c.form.values[name])
	return err == nil && yes
}

// has tells whether a parameter was given at all.
func (c *call) has(name string) bool {
	_, given := c.form.values[name]
	return given
}

// object decodes a parameter that is JSON. Its kind has been checked by then.
func (c *call) object(name string, to any) error {
	if !c.has(name) || c.str(name) == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(c.str(name)), to); err != nil {
		return bad("can't parse %s JSON object", name)
	}
	return nil
}
