package prompts

import (
	"cmp"
	"slices"
	"strings"
)

const (
	temperature = 0.32 // of the confidences; lower is surer. Set so that they match how often they are right
	reasons     = 3    // words named as those that decided
	sureOfPart  = 0.95 // from which on a part of a message needs a service of its own,
	sureOfRest  = 0.8  // if another part needs the first one at least so surely; beside a danger this is enough,
	shortPart   = 5    // characters of a part that may be one, where not so much evidence is wanted
	maxClauses  = 12   // parts looked at
)

// services tells which service folded text is about. Beside them it knows what people say in a chat that is about none.
// Once made it never changes.
type services struct {
	*linear
	keys      []string // of the classes but the last, which is none of them
	messages  []known
	corrected memory
}

// known is a message whose category is known, by its number.
type known struct {
	text   string
	class  int
	vector vector
}

// texts are all that a taxonomy has of messages and telling words, folded, and which class each is of: category by
// category, messages first.
func (t *Taxonomy) texts() (texts []*folded, of []int) {
	var lines []string
	for class, c := range t.categories {
		names := []string{c.Name["zh-CN"], c.Name["zh-HK"], c.Name["en"]}
		for _, text := range slices.Concat(c.Examples, names, strings.Fields(c.Words), c.telling) {
			lines, of = append(lines, text), append(of, class)
		}
	}
	return foldAll(lines), of
}

// eachMessage calls with the place of each message among the taxonomy's texts.
func (t *Taxonomy) eachMessage(do func(class int, text string, at int)) {
	at := 0
	for class, c := range t.categories {
		for i, text := range c.Examples {
			do(class, text, at+i)
		}
		at += len(c.Examples) + len(languages) + len(strings.Fields(c.Words)) + len(c.telling)
	}
}

// newServices learns from the taxonomy's texts, and from what was corrected.
func newServices(t *Taxonomy, texts []*folded, of []int, corrections []Example) *services {
	s := &services{}
	for _, c := range t.categories {
		s.keys = append(s.keys, c.Key)
	}
	corrections = t.acceptable(corrections)
	own := len(texts)
	for _, c := range corrections {
		texts, of = append(texts, fold(head(c.Message))), append(of, t.byKey[c.Category])
	}
	for _, text := range chatter() {
		texts, of = append(texts, fold(text)), append(of, len(s.keys))
	}
	var vectors []vector
	s.linear, vectors = newLinear(texts, of, len(s.keys)+1, learning{epochs: 3, rate: 1.2, rarity: 0.4, bayes: 0.5})
	t.eachMessage(func(class int, text string, at int) {
		s.messages = append(s.messages, known{text, class, vectors[at]})
	})
	for i, c := range corrections {
		message := known{cutRunes(c.Message, maxExample), of[own+i], vectors[own+i]}
		s.messages = append(s.messages, message)
		s.corrected.add(message)
	}
	return s
}

// acceptable are the corrections that are learnt from: of categories that exist, and not too many of any.
func (t *Taxonomy) acceptable(corrections []Example) (taken []Example) {
	count := map[string]int{}
	for _, c := range corrections {
		if _, known := t.byKey[c.Category]; known && count[c.Category] < maxTaught {
			count[c.Category]++
			taken = append(taken, c)
		}
	}
	return taken
}

// confidences are how sure it is of each service for a text with these features; what is missing to 1 is how sure it is
// that the text is about none.
func (s *services) confidences(v vector) []float32 {
	scores := make([]float32, s.classes)
	s.score(v, scores)
	softmax(scores, temperature)
	s.corrected.recall(v, scores)
	return scores[:len(s.keys)]
}

// nearest are the known messages most like a text, the likest first.
func (s *services) nearest(text *folded, n int) []Example {
	v := s.vector(text.withoutPlaces(), false)
	asked := make(map[int32]float32, len(v.ids))
	for i, id := range v.ids {
		asked[id] = v.values[i]
	}
	type match struct {
		at    int
		score float32
	}
	var found []match
	for at, e := range s.messages {
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
		nearest = append(nearest, Example{s.messages[m.at].text, s.keys[s.messages[m.at].class]})
	}
	return nearest
}

// because are the words of the text that spoke most for a class, the weightiest first.
func (s *services) because(v vector, class int) []string {
	type reason struct {
		word   string
		weight float32
	}
	var all []reason
	for i, id := range v.ids {
		if weight := v.values[i] * s.weights[int(id)*s.classes+class]; weight > 0 {
			all = append(all, reason{v.words[i], weight})
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.weight, a.weight) })
	var words []string
	for _, r := range all {
		if len(words) < reasons && !overlaps(words, r.word) {
			words = append(words, r.word)
		}
	}
	return words
}

// further are services beside the first that parts of a text need, as surely as another part needs the first. Parts that
// speak of the danger need none.
func (s *services) further(f *folded, u Understanding, d *danger) []string {
	clauses := clauses(f)
	if len(clauses) < 2 {
		return nil
	}
	var keys []string
	apart, bar := false, float32(sureOfPart)
	if u.Crisis != "" { // the first is needed by another part than the further ones
		apart, bar = true, sureOfRest
	}
	for _, clause := range clauses[:min(len(clauses), maxClauses)] {
		v := s.vector(clause, false)
		if u.Crisis == "" && len(v.ids) < evidence || u.Crisis != "" && (len(clause.runes) < shortPart || !d.calm(clause)) {
			continue
		}
		key, confidence := s.likeliest(v)
		apart = apart || key == u.Category && confidence >= sureOfRest
		if confidence >= bar && key != u.Category && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if !apart {
		return nil
	}
	return keys[:min(len(keys), maxFurther)]
}

// likeliest is the service that features speak for most.
func (s *services) likeliest(v vector) (key string, confidence float32) {
	top := 0
	all := s.confidences(v)
	for k, c := range all {
		if c > all[top] {
			top = k
		}
	}
	return s.keys[top], all[top]
}

// clauses are the parts of a text that may each be a need of its own: of whole sentences, and of what "and" joins.
func clauses(f *folded) (all []*folded) {
	text := f.text
	for _, joint := range []string{" and ", " also ", "还有", "另外", "同埋", "而且", "顺便"} {
		text = strings.ReplaceAll(text, joint, "\n")
	}
	for _, clause := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(partsEnd, r) }) {
		all = append(all, &folded{clause, []rune(clause)})
	}
	return all
}
