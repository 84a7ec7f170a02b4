package prompts

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

const (
	steepness      = 4       // of the scores while learning: the higher, the sooner an example is learnt well enough
	learnt         = 0.02    // of a text, what its class lacks in confidence below which it teaches nothing more
	smoothing      = 0.4     // added to every count of naive Bayes
	featuresOfText = 8       // that no text before it has, in the mean
	unknownPart    = 1 / 8.0 // of a known feature's weight that an unknown one has: most n-grams of any new text are unknown, and say little
)

// learning is how a linear model learns.
type learning struct {
	epochs int     // passes over the texts
	rate   float64 // at the beginning; it falls to a tenth
	rarity float64 // the power of a feature's weight by how few classes it occurs in
	bayes  float32 // what naive Bayes counts beside the regression
	empty  bool    // empty words count, too
}

// beside is a text that is learnt together with another, as one message of the first one's class; or also so.
type beside struct {
	text, other int
	also        bool
}

// linear tells classes of texts apart: multinomial logistic regression over their characters and words, and naive
// Bayes, whose weights are linear too, so that the two add up. Once made it never changes, so it is safe for concurrent
// use.
type linear struct {
	learning
	features map[gram]int32
	idf      []float32 // of each feature
	worth    []float32 // what a feature weighs by how many classes it occurs in
	weights  []float32 // feature by feature, a weight for each class
	classes  int       // at most 64
}

// vector is the features of a text: which, and how much.
type vector struct {
	ids    []int32
	values []float32
	words  []string // what each feature stands for in the text; only filled where reasons are wanted
}

// newLinear learns from texts, each of which is of one class, and some of them beside others. It also returns the features
// of what it learns from.
func newLinear(texts []*folded, of []int, classes int, how learning, mixed ...beside) (*linear, []vector) {
	l := &linear{learning: how, features: make(map[gram]int32, featuresOfText*len(texts)), classes: classes}
	vectors := l.number(texts)
	vectors, of = l.mix(vectors, of, mixed)
	l.count(vectors, of)
	var counting sync.WaitGroup
	var bayes []float32
	counting.Go(func() { bayes = l.naiveBayes(vectors, of) })
	l.train(vectors, of)
	counting.Wait()
	for i, weight := range bayes {
		l.weights[i] += weight
	}
	return l, vectors
}

// naiveBayes is the weights of naive Bayes: the logarithm of how much likelier a feature is in a class than in the mean of
// all.
func (l *linear) naiveBayes(vectors []vector, of []int) []float32 {
	counts, totals := make([]float32, len(l.weights)), make([]float32, l.classes)
	for i, v := range vectors {
		for _, id := range v.ids {
			counts[int(id)*l.classes+of[i]]++
		}
		totals[of[i]] += float32(len(v.ids))
	}
	all := smoothing * float32(len(l.idf))
	mean := float32(0)
	for k, n := range totals {
		totals[k] = logarithm(n + all)
		mean += totals[k] / float32(l.classes)
	}
	var logs [64]float32 // of the commonest counts: most features are rare
	for n := range logs {
		logs[n] = logarithm(float32(n) + smoothing)
	}
	for begin := 0; begin < len(counts); begin += l.classes {
		row, sum := counts[begin:begin+l.classes], float32(0)
		for k, n := range row {
			row[k] = logOf(&logs, int32(n))
			sum += row[k]
		}
		for k, logarithm := range row {
			row[k] = l.bayes * (logarithm - totals[k] - sum/float32(l.classes) + mean)
		}
	}
	return counts
}

// logOf is the logarithm of a smoothed count.
func logOf(logs *[64]float32, n int32) float32 {
	if int(n) < len(logs) {
		return logs[n]
	}
	return logarithm(float32(n) + smoothing)
}

func logarithm(x float32) float32 { return float32(math.Log(float64(x))) }

// number numbers the features of the texts, and returns them.
func (l *linear) number(texts []*folded) []vector {
	var last []int32 // one more than the text in which each feature occurred last
	vectors := make([]vector, len(texts))
	for i, text := range texts {
		text.grams(l.empty, func(g gram, _ string) {
			id, ok := l.features[g]
			if !ok {
				id = int32(len(last))
				l.features[g] = id
				last = append(last, 0)
			}
			if last[id] != int32(i+1) {
				if vectors[i].ids == nil {
					vectors[i].ids = make([]int32, 0, 3*len(text.runes))
				}
				last[id] = int32(i + 1)
				vectors[i].ids = append(vectors[i].ids, id)
			}
		})
	}
	l.idf = make([]float32, len(last))
	return vectors
}

// mix puts texts together with others.
func (l *linear) mix(vectors []vector, of []int, mixed []beside) ([]vector, []int) {
	has := make([]int32, len(l.idf)) // one more than the mixture that each feature was found in last
	for i, m := range mixed {
		ids := make([]int32, 0, len(vectors[m.text].ids)+len(vectors[m.other].ids))
		for _, id := range slices.Concat(vectors[m.text].ids, vectors[m.other].ids) {
			if has[id] != int32(i+1) {
				has[id] = int32(i + 1)
				ids = append(ids, id)
			}
		}
		if m.also {
			vectors, of = append(vectors, vector{ids: ids}), append(of, of[m.text])
		} else {
			vectors[m.text].ids = ids
		}
	}
	return vectors, of
}

// count weighs each feature by how few classes it occurs in: what people say about everything (怎么申请, how do I) says
// nothing.
func (l *linear) count(vectors []vector, of []int) {
	in := make([]uint64, len(l.idf)) // the classes in which each feature occurs, a bit each
	for i, v := range vectors {
		for _, id := range v.ids {
			in[id] |= 1 << of[i]
		}
	}
	l.worth = make([]float32, l.classes+1)
	for n := range l.worth {
		l.worth[n] = float32(math.Pow(math.Log(float64(l.classes+1)/float64(max(n, 1))), l.rarity))
	}
	for id, classes := range in {
		l.idf[id] = l.worth[bits.OnesCount64(classes)]
	}
	l.weights = make([]float32, len(in)*l.classes)
	for i := range vectors {
		l.weigh(&vectors[i], 0)
	}
}

// weigh gives a vector its values: of length 1 together with the unknown features, of which the square is given.
func (l *linear) weigh(v *vector, square float32) {
	v.values = make([]float32, len(v.ids))
	for i, id := range v.ids {
		v.values[i] = l.idf[id]
		square += l.idf[id] * l.idf[id]
	}
	if square > 0 {
		scale := 1 / float32(math.Sqrt(float64(square)))
		for i := range v.values {
			v.values[i] *= scale
		}
	}
}

// vector is the features of a text: the more of it is unknown, the less can be said of it.
func (l *linear) vector(text *folded, words bool) vector {
	var v vector
	unknown := float32(0)
	text.grams(l.empty, func(g gram, word string) {
		id, ok := l.features[g]
		switch {
		case !ok:
			unknown += l.worth[1] * l.worth[1] * unknownPart
		case !slices.Contains(v.ids, id):
			v.ids = append(v.ids, id)
			if words {
				v.words = append(v.words, word)
			}
		}
	})
	l.weigh(&v, unknown)
	return v
}

// train is stochastic gradient descent in an order that is always the same.
func (l *linear) train(vectors []vector, of []int) {
	scores, done := make([]float32, l.classes), make([]bool, len(vectors))
	for epoch := range l.epochs {
		rate := float32(l.rate * math.Pow(0.1, float64(epoch)/float64(l.epochs)))
		for i := range vectors {
			at := (i*389 + epoch*101) % len(vectors) // 389 is prime: every text once
			if done[at] {
				continue
			}
			v := vectors[at]
			l.score(v, scores)
			softmax(scores, 1.0/steepness)
			if scores[of[at]]--; scores[of[at]] > -learnt {
				done[at] = true
				continue
			}
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
