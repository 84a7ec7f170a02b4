package prompts

import (
	"bufio"
	"bytes"
	_ "embed" // crisis.tsv
	"fmt"
	"math"
	"slices"
	"strings"
)

// Cries for help and what only looks like one: a kind of danger, or none, and a text, parted by a tab.
//
//go:embed crisis.tsv
var criesFile []byte

const (
	sureDanger   = 0.2 // from which on a message, or a sentence of it, speaks of danger,
	sureOfFew    = 0.8 // and one of few features, of which any text of these words may be made
	fewFeatures  = 24
	sureTogether = 1.0  // and what several messages say together
	perChance    = 0.25 // by how much more in a long message: of many sentences one looks like danger by chance
	fewParts     = 3    // sentences up to which a message isn't long
	evidence     = 6    // features of a message that must be known, for a word or two may mean anything
	signTrust    = 1.0  // of what stands around a sign of danger, from which on it is believed,
	signPast     = 1.5  // and where that is past or asked about;
	signTold     = -0.5 // and of a whole message, below which none is that is told as a story or a joke
	sureCalm     = 0.0  // below which it surely speaks of none
	longestPart  = 120  // characters that are looked at together
	partsEnd     = ",，。.!！?？;；\n"
	sentenceEnd  = "。.!！?？;；\n" // within a sentence a clause may take back what another says
)

// cry is a text of which it is known what danger it speaks of, if any.
type cry struct {
	kind int // 0: none; else one more than its number among Crises
	text string
}

// readCries reads crisis.tsv strictly.
func readCries(file []byte) (cries []cry, err error) {
	kinds := Crises()
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		kind, text, found := strings.Cut(lines.Text(), "\t")
		at := slices.Index(kinds, Crisis(kind))
		if !found || strings.TrimSpace(text) == "" || at < 0 && kind != "none" {
			return nil, fmt.Errorf("read crisis.tsv: line %d is not a kind of danger or none, and a text, parted by a tab", n)
		}
		cries = append(cries, cry{at + 1, text})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read crisis.tsv: %w", err)
	}
	return cries, nil
}

// danger tells by experience where no sign is known: a linear model over cries for help, what only looks like one, and
// ordinary messages.
type danger struct{ model *linear }

// newDanger learns from crisis.tsv, which Load has checked, from messages about services where nobody is in danger, and
// from what is no need at all.
func newDanger(harmless []*folded) *danger {
	cries, _ := readCries(criesFile)
	var lines []string
	for _, c := range cries {
		lines = append(lines, c.text)
	}
	texts := slices.Concat(foldAll(lines), foldAll(chatter()), harmless)
	of := make([]int, len(texts))
	var mixed []beside
	ordinary := len(texts) - len(harmless) // where they begin
	for i, c := range cries {
		of[i] = c.kind
		every := mixCries
		if c.kind == 0 {
			every = mixOthers
		}
		if i%every == 0 && len(c.text) < longToMix {
			mixed = append(mixed, beside{text: i, other: ordinary + i*7919%len(harmless)})
		}
	}
	for i := len(cries); i < len(texts); i += mixCries { // as cries are
		mixed = append(mixed, beside{i, ordinary + (i*31+7)%len(harmless), true})
	}
	model, _ := newLinear(texts, of, len(Crises())+1, learning{epochs: 2, rate: 1.2, rarity: 0.2, bayes: 0.2, empty: true}, mixed...)
	return &danger{model}
}

const (
	mixCries  = 2 // every second cry for help, and every fourth text that only looks like one, is learnt beside an
	mixOthers = 4 // ordinary message: whose words then speak neither for danger nor against it
	longToMix = 160
)

// feel is which danger folded text most likely speaks of, all of it or one of several sentences, how much so, and whether
// surely enough to raise an alarm.
func (d *danger) feel(f *folded) (kind Crisis, most float32, sure bool) {
	most = -math.MaxFloat32
	all := sentences(f)
	bar := sureDanger + perChance*logarithm(max(1, float32(len(all))/fewParts))
	for _, p := range all {
		k, score, known := d.one(p)
		sure = sure || known >= evidence && score > bar && (known >= fewFeatures || score > sureOfFew)
		if score > most {
			kind, most = k, score
		}
	}
	return kind, most, sure
}

// one is which danger a part of a text most likely speaks of, by how much more for it than for none it speaks, and how
// many of its features are known.
func (d *danger) one(f *folded) (kind Crisis, score float32, known int) {
	scores := make([]float32, d.model.classes)
	v := d.model.vector(f, false)
	d.model.score(v, scores)
	at := 1
	for i := range scores[1:] {
		if scores[i+1] > scores[at] {
			at = i + 1
		}
	}
	return Crises()[at-1], scores[at] - scores[0], len(v.ids)
}

// calm tells whether a part of a text surely speaks of no danger.
func (d *danger) calm(f *folded) bool {
	_, score, _ := d.one(f)
	return score < sureCalm
}

// sentences are the sentences of a text and, where it isn't long, all of it. One that is too long is cut, at a comma where
// there is one.
func sentences(f *folded) (all []*folded) {
	begin, comma := 0, 0
	cut := func(end int) {
		if end > begin {
			all = append(all, &folded{string(f.runes[begin:end]), f.runes[begin:end]})
		}
	}
	for i, r := range f.runes {
		switch {
		case strings.ContainsRune(sentenceEnd, r):
			cut(i)
			begin, comma = i+1, i+1
		case i-begin >= longestPart:
			if comma <= begin {
				comma = i
			}
			cut(comma)
			begin = comma
		case strings.ContainsRune(partsEnd, r):
			comma = i + 1
		}
	}
	cut(len(f.runes))
	if len(all) > 1 && len(f.runes) <= 2*longestPart {
		all = append(all, f)
	}
	return all
}
