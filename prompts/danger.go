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
	sureDanger  = -0.5 // from which on a message, or a sentence of it, speaks of danger,
	sureOfFew   = 0.4  // and one of few features, of which any text of these words may be made
	fewFeatures = 24
	perChance   = 0.25 // by how much more in a long message: of many sentences one looks like danger by chance
	fewParts    = 3    // sentences up to which a message isn't long
	evidence    = 6    // features of a message that must be known, for a word or two may mean anything
	signTrust   = 0.4  // of the same, from which on even what is past or asked about is danger
	signDoubt   = -0.1 // of what stands around it, below which even a sign of danger isn't believed
	longestPart = 120  // characters that are looked at together
	partsEnd    = ",，。.!！?？;；\n"
	sentenceEnd = "。.!！?？;；\n" // within a sentence a clause may take back what another says
)

// cry is a text of which it is known what danger it speaks of, if any.
type cry struct {
	kind int // 0: none; else one more than its number among Crises
	text string
}

// readCries reads crisis.tsv strictly.
func readCries(file []byte) (cries []cry, err error) {
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		kind, text, found := strings.Cut(lines.Text(), "\t")
		at := slices.Index(Crises(), Crisis(kind))
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
func newDanger(harmless []string) *danger {
	cries, _ := readCries(criesFile)
	var texts []*folded
	var of []int
	for _, c := range cries {
		texts, of = append(texts, fold(c.text)), append(of, c.kind)
	}
	for _, text := range append(chatter(), harmless...) {
		texts, of = append(texts, fold(text)), append(of, 0)
	}
	model, _ := newLinear(texts, of, len(Crises())+1, learning{epochs: 2, rate: 1.2, rarity: 0.2, bayes: 0.1, empty: true})
	return &danger{model}
}

// feel is which danger folded text most likely speaks of, all of it or one of several sentences, and whether surely enough
// to raise an alarm.
func (d *danger) feel(f *folded) (kind Crisis, sure bool) {
	most := float32(-math.MaxFloat32)
	all := sentences(f)
	bar := sureDanger + perChance*logarithm(max(1, float32(len(all))/fewParts))
	for _, p := range all {
		k, score, known := d.one(p)
		sure = sure || known >= evidence && score > bar && (known >= fewFeatures || score > sureOfFew)
		if score > most {
			kind, most = k, score
		}
	}
	return kind, sure
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
