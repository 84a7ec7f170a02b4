package prompts

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// settled is the confidence from which on a category that people ask for in danger stands beside one, and settledApart
// from which on any other does.
const (
	settled      = 0.5
	settledApart = 0.8
)

// Offline classifies without a network: linear models, trained when it is made from all that the taxonomy has of
// messages and telling words. It is safe for concurrent use.
type Offline struct {
	taxonomy *Taxonomy
	crisis   *detector
	services atomic.Pointer[services]
}

// NewOffline trains a classifier. It takes less than two tenths of a second on two cores.
func NewOffline(t *Taxonomy) *Offline {
	detector := *t.detector
	o := &Offline{taxonomy: t, crisis: &detector}
	texts, of := t.texts()
	var training sync.WaitGroup
	training.Go(func() { detector.danger = newDanger(t.harmless(texts)) })
	o.services.Store(newServices(t, texts, of, nil))
	training.Wait()
	return o
}

// Learn trains anew, with what people have corrected, the latest first, beside what the taxonomy has; what was learnt so
// before is forgotten. Whoever classifies meanwhile has the old answers.
func (o *Offline) Learn(corrections []Example) {
	texts, of := o.taxonomy.texts()
	o.services.Store(newServices(o.taxonomy, texts, of, corrections))
}

// Fork is a classifier that knows the same, and learns on its own from now on.
func (o *Offline) Fork() *Offline {
	fork := &Offline{taxonomy: o.taxonomy, crisis: o.crisis}
	fork.services.Store(o.services.Load())
	return fork
}

// An Example is a message whose category is known.
type Example struct {
	Message  string `json:"message" db:"message"`
	Category string `json:"category" db:"category"`
}

// Nearest are the known messages most like a text, the likest first, at most n. Those that have nothing in common with it
// are left out.
func (o *Offline) Nearest(text string, n int) []Example {
	return o.services.Load().nearest(fold(head(text)), n)
}

// Classify says what a text means. It never fails: of what it doesn't know it says so by a low confidence.
func (o *Offline) Classify(text string) Understanding {
	f := fold(head(text))
	crisis := o.crisis.detect(f)
	if crisis == "" && len(f.runes) > maxRunes/2 { // danger is looked for in all of a long message
		crisis = o.Crisis(text)
	}
	u := Understanding{Categories: []Guess{}, Urgency: o.taxonomy.signs.urgency(f, crisis), Crisis: crisis, Groups: o.taxonomy.signs.groups(f),
		For: o.taxonomy.signs.who(f), Source: SourceOffline}
	services := o.services.Load()
	need := f.withoutPlaces()
	v := services.vector(need, true)
	if len(v.ids) == 0 {
		return u
	}
	for k, confidence := range services.confidences(v) {
		u.Categories = append(u.Categories, Guess{o.taxonomy.categories[k].Key, math.Round(float64(confidence)*1e4) / 1e4})
	}
	slices.SortStableFunc(u.Categories, func(a, b Guess) int { return cmp.Compare(b.Confidence, a.Confidence) })
	u.Category, u.Confidence = u.Categories[0].Key, u.Categories[0].Confidence
	if crisis != "" && !u.settled() { // what danger it is says whose it is
		u.lead(o.taxonomy.CrisisCategory(crisis))
	}
	u.Because = services.because(v, o.taxonomy.byKey[u.Category])
	u.Further = services.further(need, u, o.crisis.danger)
	u.Categories = u.Categories[:min(shownGuesses, len(u.Categories))]
	return u
}

func (u *Understanding) settled() bool {
	return u.Confidence >= settledApart || u.Confidence >= settled && slices.Contains(mayBeDanger(), u.Category)
}

// lead puts a category before all others.
func (u *Understanding) lead(category string) {
	for i, g := range u.Categories {
		if g.Key == category {
			copy(u.Categories[1:i+1], u.Categories[:i])
			u.Categories[0], u.Category, u.Confidence = g, g.Key, g.Confidence
			return
		}
	}
}

// shownGuesses is how many categories an answer names.
const shownGuesses = 5

// Crisis is the danger that a text speaks of, if any. It needs no more than our own rules.
func (o *Offline) Crisis(text string) Crisis { return o.crisis.detect(fold(text)) }

// CrisisTogether is the danger of which messages only speak together, if any: what is certain, or what is surer than that
// of one alone must be, for of many put together some look like danger by chance.
func (o *Offline) CrisisTogether(text string) Crisis {
	f := fold(text)
	if kind, score, sure := o.crisis.feel(f); sure && score > sureTogether {
		return kind
	}
	return o.crisis.certain(o.crisis.withoutHarmless(f.text), f.hasAny(o.crisis.rules.Present))
}
