package prompts

import (
	"math"
	"math/bits"
	"slices"
)

const (
	epochs      = 8       // passes over the examples
	learnRate   = 0.8     // at the beginning; it falls to a tenth
	steepness   = 4       // of the scores while learning: the higher, the sooner an example is learnt well enough
	rarityPower = 0.8     // of a feature's weight by how few classes it occurs in
	unknownPart = 1 / 8.0 // of a known feature's weight that an unknown one has: most n-grams of any new text are unknown, and say little
)

// linear tells classes of texts apart: multinomial logistic regression over their characters and words. Once made it
// never changes, so it is safe for concurrent use.
type linear struct {
	features map[string]int32
	idf      []float32 // of each feature
	rarity   []float32 // what a feature weighs by how many classes it occurs in
	weights  []float32 // feature by feature, a weight for each class
	classes  int       // at most 64
	empty    bool      // empty words count, too
}

// vector is the features of a text: which, and how much.
type vector struct {
	ids    []int32
	values []float32
	words  []string // what each feature stands for in the text; only filled where reasons are wanted
}

// newLinear learns from texts, each of which is of one class. It also returns their features.
func newLinear(texts []*folded, of []int, classes int, empty bool) (*linear, []vector) {
	l := &linear{features: map[string]int32{}, classes: classes, empty: empty}
	l.count(texts, of)
	vectors := make([]vector, len(texts))
	for i, text := range texts {
		vectors[i] = l.vector(text, false)
	}
	l.train(vectors, of)
	return l, vectors
}

// count numbers the features of the texts and weighs each by how few classes it occurs in: what people say about
// everything (怎么申请, how do I) says nothing.
func (l *linear) count(texts []*folded, of []int) {
	var in []uint64 // the classes in which each feature occurs, a bit each
	for i, text := range texts {
		text.grams(l.empty, func(gram string) {
			id, ok := l.features[gram]
			if !ok {
				id = int32(len(in))
				l.features[gram] = id
				in = append(in, 0)
			}
			in[id] |= 1 << of[i]
		})
	}
	l.rarity = make([]float32, l.classes+1)
	for n := range l.rarity {
		l.rarity[n] = float32(math.Pow(math.Log(float64(l.classes+1)/float64(max(n, 1))), rarityPower))
	}
	l.idf = make([]float32, len(in))
	for id, classes := range in {
		l.idf[id] = l.rarity[bits.OnesCount64(classes)]
	}
	l.weights = make([]float32, len(in)*l.classes)
}

// vector is the features of a text, of length 1 together with the unknown ones: the more of a text is unknown,
// the less can be said of it.
func (l *linear) vector(text *folded, words bool) vector {
	var v vector
	square := float32(0)
	text.grams(l.empty, func(gram string) {
		id, ok := l.features[gram]
		switch {
		case !ok:
			square += l.rarity[1] * l.rarity[1] * unknownPart
		case !slices.Contains(v.ids, id):
			v.ids, v.values = append(v.ids, id), append(v.values, l.idf[id])
			square += l.idf[id] * l.idf[id]
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
func (l *linear) train(vectors []vector, of []int) {
	scores := make([]float32, l.classes)
	for epoch := range epochs {
		rate := float32(learnRate * math.Pow(0.1, float64(epoch)/epochs))
		for i := range vectors {
			at := (i*389 + epoch*101) % len(vectors) // 389 is prime: every text once
			v := vectors[at]
			l.score(v, scores)
			softmax(scores, 1.0/steepness)
			scores[of[at]]--
			for j, id := range v.ids {
				row, step := l.weights[int(id)*l.classes:int(id+1)*l.classes], rate*v.values[j]
				for k, gradient := range scores {
					row[k] -= step * gradient
				}
			}
		}
	}
}

// score is how much a text's features speak for each class.
func (l *linear) score(v vector, scores []float32) {
	clear(scores)
	for i, id := range v.ids {
		row, value := l.weights[int(id)*l.classes:int(id+1)*l.classes], v.values[i]
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
