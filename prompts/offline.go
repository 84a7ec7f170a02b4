package prompts

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

const (
	epochs      = 8       // passes over the examples
	learnRate   = 0.8     // at the beginning; it falls to a tenth
	steepness   = 4       // of the scores while learning: the higher, the sooner an example is learnt well enough
	temperature = 0.17    // of the confidences; lower is surer. Set so that they match how often they are right
	rarityPower = 0.8     // of a feature's weight by how few categories it occurs in
	unknownPart = 1 / 8.0 // of a known feature's weight that an unknown one has: most n-grams of any new text are unknown, and say little
	reasons     = 3       // words named as those that decided
)

// Offline classifies without a network: a linear model (multinomial logistic regression) over characters and
// words, trained from the taxonomy's examples when it is made. It is safe for concurrent use.
type Offline struct {
	taxonomy *Taxonomy
	crisis   *detector
	features map[string]int32
	idf      []float32 // of each feature
	rarity   []float32 // what a feature weighs by how many categories it occurs in
	weights  []float32 // feature by feature, a weight for each category
	classes  int
	messages []example // those that are messages, not only words
}

// example is a text's features and its category.
type example struct {
	vector vector
	class  int
	text   string
}

// vector is the features of a text: which, and how much.
type vector struct {
	ids    []int32
	values []float32
	words  []string // what each feature stands for in the text; only filled where reasons are wanted
}

// NewOffline trains a classifier on all that the taxonomy has of messages and telling words. It takes about a tenth of
// a second.
func NewOffline(t *Taxonomy) *Offline {
	o := &Offline{taxonomy: t, crisis: t.detector, features: map[string]int32{}, classes: len(t.categories)}
	var texts []*folded
	var classes []int
	var messages []string // for each text itself where it is a message
	for class, c := range t.categories {
		names := []string{c.Name["zh-CN"], c.Name["zh-HK"], c.Name["en"]}
		for _, text := range slices.Concat(names, strings.Fields(c.Words), c.telling) {
			texts, classes, messages = append(texts, fold(text)), append(classes, class), append(messages, "")
		}
		for _, text := range c.Examples {
			texts, classes, messages = append(texts, fold(text)), append(classes, class), append(messages, text)
		}
	}
	o.count(texts, classes)
	examples := make([]example, len(texts))
	for i, text := range texts {
		examples[i] = example{o.vector(text, false), classes[i], messages[i]}
		if messages[i] != "" {
			o.messages = append(o.messages, examples[i])
		}
	}
	o.train(examples)
	return o
}

// An Example is a message whose category is known.
type Example struct {
	Message  string `json:"message"`
	Category string `json:"category"`
}

// Nearest are the known messages most like a text, the likest first, at most n. Those that have nothing in common with it are left out.
func (o *Offline) Nearest(text string, n int) []Example {
	v := o.vector(fold(head(text)), false)
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

// count numbers the features of the examples and weighs each by how few categories it occurs in: what people
// say about everything (怎么申请, how do I) says nothing.
func (o *Offline) count(texts []*folded, classes []int) {
	var in []uint64 // the categories in which each feature occurs, a bit each
	for i, text := range texts {
		text.grams(func(gram string) {
			id, ok := o.features[gram]
			if !ok {
				id = int32(len(in))
				o.features[gram] = id
				in = append(in, 0)
			}
			in[id] |= 1 << classes[i]
		})
	}
	o.rarity = make([]float32, o.classes+1)
	for n := range o.rarity {
		o.rarity[n] = float32(math.Pow(math.Log(float64(o.classes+1)/float64(max(n, 1))), rarityPower))
	}
	o.idf = make([]float32, len(in))
	for id, categories := range in {
		o.idf[id] = o.rarity[bits.OnesCount64(categories)]
	}
	o.weights = make([]float32, len(in)*o.classes)
}

// vector is the features of a text, of length 1 together with the unknown ones: the more of a text is unknown,
// the less can be said of it.
func (o *Offline) vector(text *folded, words bool) vector {
	var v vector
	square := float32(0)
	text.grams(func(gram string) {
		id, ok := o.features[gram]
		switch {
		case !ok:
			square += o.rarity[1] * o.rarity[1] * unknownPart
		case !slices.Contains(v.ids, id):
			v.ids, v.values = append(v.ids, id), append(v.values, o.idf[id])
			square += o.idf[id] * o.idf[id]
			if words {
				v.words = append(v.words, gram)
			}
		}
	})
	if square > 0 {
		scale := 1 / float32(math.Sqrt(float64(square)))
		for i := range v.values {
			v.values[i] *= scale
		}
	}
	return v
}

// train is stochastic gradient descent in an order that is always the same.
func (o *Offline) train(examples []example) {
	scores := make([]float32, o.classes)
	for epoch := range epochs {
		rate := float32(learnRate * math.Pow(0.1, float64(epoch)/epochs))
		for i := range examples {
			e := examples[(i*389+epoch*101)%len(examples)] // 389 is prime: every example once
			o.score(e.vector, scores)
			softmax(scores, 1.0/steepness)
			scores[e.class]--
			for j, id := range e.vector.ids {
				row, step := o.weights[int(id)*o.classes:int(id+1)*o.classes], rate*e.vector.values[j]
				for k, gradient := range scores {
					row[k] -= step * gradient
				}
			}
		}
	}
}

func (o *Offline) score(v vector, scores []float32) {
	clear(scores)
	for i, id := range v.ids {
		row, value := o.weights[int(id)*o.classes:int(id+1)*o.classes], v.values[i]
		for k, weight := range row {
			scores[k] += value * weight
		}
	}
}

// softmax turns scores into confidences that add up to 1; a low temperature sharpens them.
func softmax(scores []float32, temperature float32) {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	sum := float32(0)
	for k, s := range scores {
		scores[k] = float32(math.Exp(float64((s - top) / temperature)))
		sum += scores[k]
	}
	for k := range scores {
		scores[k] /= sum
	}
}

// Classify says what a text means. It never fails: of what it doesn't know it says so by a low confidence.
func (o *Offline) Classify(text string) Understanding {
	f := fold(head(text))
	crisis := o.Crisis(text)
	u := Understanding{Categories: []Guess{}, Urgency: o.taxonomy.signs.urgency(f, crisis), Crisis: crisis, Groups: o.taxonomy.signs.groups(f), Source: SourceOffline}
	v := o.vector(f, true)
	if len(v.ids) == 0 {
		return u
	}
	scores := make([]float32, o.classes)
	o.score(v, scores)
	softmax(scores, temperature)
	for k, confidence := range scores {
		u.Categories = append(u.Categories, Guess{o.taxonomy.categories[k].Key, math.Round(float64(confidence)*1e4) / 1e4})
	}
	sort.SliceStable(u.Categories, func(i, j int) bool { return u.Categories[i].Confidence > u.Categories[j].Confidence })
	u.Category, u.Confidence = u.Categories[0].Key, u.Categories[0].Confidence
	if crisis != "" { // what danger it is says whose it is
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
		if weight := v.values[i] * o.weights[int(id)*o.classes+class]; weight > 0 {
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
