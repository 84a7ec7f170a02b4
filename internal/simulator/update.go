package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

const (
	firstUpdate = 100_000_001 // ids start at some number, not at 1
	maxBatch    = 100         // updates in one answer to getUpdates
	maxTimeout  = 50          // seconds that getUpdates waits at most
)

// kinds are those of the updates that the simulator makes or lets a test inject by their name.
var kinds = []string{"message", "edited_message", "callback_query", "my_chat_member", "chat_member",
	"message_reaction", "message_reaction_count"}

// byRequest are the kinds that come only when allowed_updates names them.
var byRequest = []string{"chat_member", "message_reaction", "message_reaction_count"}

// update is one that the bot has not acknowledged.
type update struct {
	id    int64
	queue int64 // the chat: a webhook gets one chat's updates one after the other
	body  json.RawMessage
	tries int // of the webhook
}

// push queues something that happened and returns its update's id, or 0 when the bot doesn't want its kind.
func (b *Bot) push(kind string, queue int64, payload any) int64 {
	if b.unwanted[kind] {
		return 0
	}
	body, err := json.Marshal(map[string]any{"update_id": b.lastUpdate + 1, kind: payload})
	if err != nil {
		b.sim.options.Log.Error("simulator: an update can't be written", "kind", kind, "error", err)
		return 0
	}
	b.lastUpdate++
	b.enqueue(&update{id: b.lastUpdate, queue: queue, body: body})
	return b.lastUpdate
}

func (b *Bot) enqueue(u *update) {
	b.updates = append(b.updates, u)
	b.arrived.fire()
	b.deliver()
}

// Raw queues an update as it is: a duplicate, one out of order, one that the bot can't decode. Without an
// update_id it gets the next one. It is an error when the text is no JSON object.
func (s *Simulator) Raw(b *Bot, body string) (int64, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &fields); err != nil || fields == nil {
		return 0, fmt.Errorf("inject an update: not a JSON object: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var id int64
	if json.Unmarshal(fields["update_id"], &id) != nil {
		b.lastUpdate++
		id = b.lastUpdate
		fields["update_id"] = json.RawMessage(fmt.Sprint(id))
		whole, err := json.Marshal(fields)
		if err != nil {
			return 0, fmt.Errorf("inject an update: %w", err)
		}
		body = string(whole)
	}
	b.lastUpdate = max(b.lastUpdate, id) // later ones go on from there, or acknowledging this one would lose them
	b.enqueue(&update{id: id, body: json.RawMessage(body)})
	return id, nil
}

// allow sets which kinds of update come from now on; nil and none mean all but byRequest.
func (b *Bot) allow(names []string) {
	b.allowed, b.unwanted = names, map[string]bool{}
	for _, kind := range kinds {
		if len(names) == 0 {
			b.unwanted[kind] = slices.Contains(byRequest, kind)
		} else {
			b.unwanted[kind] = !slices.Contains(names, kind)
		}
	}
}

// rememberAllowed takes over allowed_updates, when the call has it.
func (c *call) rememberAllowed() error {
	if !c.has("allowed_updates") {
		return nil
	}
	var names []string
	if err := c.object("allowed_updates", &names); err != nil {
		return bad("can't parse allowed updates list JSON object")
	}
	c.bot.allow(names)
	return nil
}

// poll is a getUpdates that waits.
type poll struct{ ended chan error }

// endPoll ends the getUpdates that waits, if one does.
func (b *Bot) endPoll(why error) {
	if b.polling != nil {
		b.polling.ended <- why
		b.polling = nil
	}
}

func getUpdates(c *call) (any, error) {
	b := c.bot
	if b.webhook != nil {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	b.endPoll(conflict("terminated by other getUpdates request; make sure that only one bot instance is running"))
	if err := c.rememberAllowed(); err != nil {
		return nil, err
	}
	b.acknowledge(c.num("offset"))
	limit := maxBatch
	if c.has("limit") {
		limit = int(min(max(c.num("limit"), 1), maxBatch))
	}
	timeout := time.Duration(min(max(c.num("timeout"), 0), maxTimeout)) * time.Second
	if len(b.updates) == 0 && timeout > 0 {
		if err := c.await(timeout); err != nil {
			return nil, err
		}
	}
	batch := []json.RawMessage{}
	for _, u := range b.updates[:min(limit, len(b.updates))] {
		batch = append(batch, u.body)
	}
	return batch, nil
}

// acknowledge forgets the updates before offset; a negative one keeps only as many from the end.
func (b *Bot) acknowledge(offset int64) {
	if offset < 0 {
		b.updates = b.updates[max(0, len(b.updates)+int(max(offset, -1<<31))):]
		return
	}
	b.updates = slices.DeleteFunc(b.updates, func(u *update) bool { return u.id < offset })
}

// await waits, without the lock, until the bot has an update, the timeout, the caller's leaving or another poll.
func (c *call) await(timeout time.Duration) error {
	b, p := c.bot, &poll{ended: make(chan error, 1)}
	b.polling = p
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	arrived := b.arrived.wait()
	c.sim.mu.Unlock()
	var err error
	select {
	case <-arrived:
	case err = <-p.ended:
	case <-timer.C:
	case <-c.ctx.Done():
	case <-c.sim.ctx.Done():
		err = errClosing
	}
	c.sim.mu.Lock()
	if b.polling == p {
		b.polling = nil
	} else if err == nil { // ended at the very moment at which something else woke it
		err = <-p.ended
	}
	return err
}
