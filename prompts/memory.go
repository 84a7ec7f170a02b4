package prompts

const (
	alike      = 0.6 // from which likeness on, of 1, a correction counts for another message
	believed   = 0.9 // how much of the confidence is the corrections' for the very same message; it falls to none at alike
	maxExample = 200 // characters of a corrected message that go along with a question to a model
	maxTaught  = 100 // corrections of a category that are learnt from, the latest, so that they can't outweigh its examples
)

// memory recalls what people have corrected: for messages much like those, and no others, so that a wrong correction
// spoils little.
type memory struct {
	classes []int             // of each correction
	with    map[int32][]trace // by feature
}

// trace is how much a feature has of a correction.
type trace struct {
	correction int
	value      float32
}

func (m *memory) add(k known) {
	if m.with == nil {
		m.with = map[int32][]trace{}
	}
	for i, id := range k.vector.ids {
		m.with[id] = append(m.with[id], trace{len(m.classes), k.vector.values[i]})
	}
	m.classes = append(m.classes, k.class)
}

// recall moves confidences towards what messages like this one were corrected to, the more the liker they are. Where
// corrections differ they share.
func (m *memory) recall(v vector, confidences []float32) {
	if len(m.classes) == 0 {
		return
	}
	likeness := make([]float32, len(m.classes))
	for i, id := range v.ids {
		for _, t := range m.with[id] {
			likeness[t.correction] += v.values[i] * t.value
		}
	}
	votes, sum, most := make([]float32, len(confidences)), float32(0), float32(0)
	for at, l := range likeness {
		if l > alike {
			votes[m.classes[at]] += l - alike
			sum, most = sum+l-alike, max(most, l)
		}
	}
	if sum == 0 {
		return
	}
	share := believed * min(1, (most-alike)/(1-alike))
	for k, vote := range votes {
		confidences[k] = (1-share)*confidences[k] + share*vote/sum
	}
}
