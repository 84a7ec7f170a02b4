package prompts

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
)

const (
	temperature = 0.32 // of the confidences; lower is surer. Set so that they match how often they are right
	settled     = 0.5  // from which on a category stands beside a danger that is only felt, without a sign of it
	reasons     = 3    // words named as those that decided
)

// Offline classifies without a network: a linear model, trained when it is made from all that the taxonomy has of
// messages and telling words. It is safe for concurrent use.
type Offline struct {
	taxonomy *Taxonomy
	crisis   *detector
	model    *linear
	messages []known
}

// known is a message whose category is known, by its number.
type known struct {
	text   string
	class  int
	vector vector
}

// NewOffline trains a classifier. It takes about a tenth of a second.
func NewOffline(t *Taxonomy) *Offline {
	o := &Offline{taxonomy: t, crisis: t.detector}
	var texts []*folded
	var of []int
	for class, c := range t.categories {
		names := []string{c.Name["zh-CN"], c.Name["zh-HK"], c.Name["en"]}
		for _, text := range slices.Concat(c.Examples, names, strings.Fields(c.Words), c.telling) {
			texts, of = append(texts, fold(text)), append(of, class)
		}
	}
	var vectors []vector
	o.model, vectors = newLinear(texts, of, len(t.categories), learning{epochs: 4, rate: 1.2, rarity: 0.4, bayes: 0.5})
	at := 0
	for class, c := range t.categories {
		for i, text := range c.Examples {
			o.messages = append(o.messages, known{text, class, vectors[at+i]})
		}
		at += len(c.Examples) + 3 + len(strings.Fields(c.Words)) + len(c.telling)
	}
	return o
}

// An Example is a message whose category is known.
type Example struct {
	Message  string `json:"message"`
	Category string `json:"category"`
}

// Nearest are the known messages most like a text, the likest first, at most n. Those that have nothing in common with it are left out.
func (o *Offline) Nearest(text string, n int) []Example {
	v := o.model.vector(fold(head(text)), false)
	asked := make(map[int32]float32, len(v.ids))
	for i, id := range v.ids {
		asked[id] = v.values[i]
	}
	type match struct {
		at    int
		score float32
	}
	var found []match
	for at, e := range o.messages {
		score := float32(0)
		for i, id := range e.vector.ids {
			score += asked[id] * e.vector.values[i]
		}
		if score > 0 {
			found = append(found, match{at, score})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var nearest []Example
	for _, m := range found[:min(n, len(found))] {
		nearest = append(nearest, Example{o.messages[m.at].text, o.taxonomy.categories[o.messages[m.at].class].Key})
	}
	return nearest
}

// Classify says what a text means. It never fails: of what it doesn't know it says so by a low confidence.
func (o *Offline) Classify(text string) Understanding {
	f := fold(head(text))
	crisis := o.crisis.detect(f)
	if crisis == "" && len(f.runes) > maxRunes/2 { // danger is looked for in all of a long message
		crisis = o.Crisis(text)
	}
	u := Understanding{Categories: []Guess{}, Urgency: o.taxonomy.signs.urgency(f, crisis), Crisis: crisis, Groups: o.taxonomy.signs.groups(f), Source: SourceOffline}
	v := o.model.vector(f, true)
	if len(v.ids) == 0 {
		return u
	}
	scores := make([]float32, o.model.classes)
	o.model.score(v, scores)
	softmax(scores, temperature)
	for k, confidence := range scores {
		u.Categories = append(u.Categories, Guess{o.taxonomy.categories[k].Key, math.Round(float64(confidence)*1e4) / 1e4})
	}
	sort.SliceStable(u.Categories, func(i, j int) bool { return u.Categories[i].Confidence > u.Categories[j].Confidence })
	u.Category, u.Confidence = u.Categories[0].Key, u.Categories[0].Confidence
	if crisis != "" && (u.Confidence < settled || o.crisis.read(f) != "") { // what danger it is says whose it is
		u.lead(o.taxonomy.CrisisCategory(crisis))
	}
	u.Because = o.because(v, o.taxonomy.byKey[u.Category])
	u.Categories = u.Categories[:min(shownGuesses, len(u.Categories))]
	return u
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

// because are the words of the text that spoke most for a category, the weightiest first.
func (o *Offline) because(v vector, class int) []string {
	type reason struct {
		word   string
		weight float32
	}
	var all []reason
	for i, id := range v.ids {
		if weight := v.values[i] * o.model.weights[int(id)*o.model.classes+class]; weight > 0 {
			all = append(all, reason{v.words[i], weight})
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].weight > all[j].weight })
	var words []string
	for _, r := range all {
		if len(words) < reasons && !overlaps(words, r.word) {
			words = append(words, r.word)
		}
	}
	return words
}

// Crisis is the danger that a text speaks of, if any. It needs no more than our own rules.
func (o *Offline) Crisis(text string) Crisis { return o.crisis.detect(fold(text)) }
