package prompts

import (
	"bufio"
	"bytes"
	_ "embed" // crisis.tsv
	"fmt"
	"slices"
	"strings"
)

// Cries for help and what only looks like one: a kind of danger, or none, and a text, parted by a tab.
//
//go:embed crisis.tsv
var criesFile []byte

const (
	ordinary     = 10    // of so many ordinary messages one is learnt as harmless: with more of them fewer cries are heard
	wholeSure    = 0.1   // from which on a message speaks of danger
	partSure     = 0.35  // from which on a part of one does by itself
	evidence     = 6     // features of a message that must be known, for a word or two may mean anything
	signDoubt    = -0.35 // below which even a sign of danger isn't believed; who speaks of taking their life always is
	longestPart  = 120   // characters that are looked at together
	partsEnd     = ",，。.!！?？;；\n"
	wholeMessage = 2 * longestPart // up to which a message is also looked at as a whole
)

// danger tells by experience where no sign is known: a linear model over cries for help, what only looks like one, and
// ordinary messages.
type danger struct{ model *linear }

// newDanger learns from a file, and from messages that nobody took for a cry.
func newDanger(file []byte, harmless []string) (*danger, error) {
	var texts []*folded
	var of []int
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		kind, text, found := strings.Cut(lines.Text(), "\t")
		at := slices.Index(Crises(), Crisis(kind))
		if !found || strings.TrimSpace(text) == "" || at < 0 && kind != "none" {
			return nil, fmt.Errorf("read crisis.tsv: line %d is not a kind of danger or none, and a text, parted by a tab", n)
		}
		texts, of = append(texts, fold(text)), append(of, at+1)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read crisis.tsv: %w", err)
	}
	for i := 0; i < len(harmless); i += ordinary {
		texts, of = append(texts, fold(harmless[i])), append(of, 0)
	}
	model, _ := newLinear(texts, of, len(Crises())+1, learning{epochs: 8, rate: 0.8, rarity: 0.8, empty: true})
	return &danger{model}, nil
}

// weigh is which danger folded text most likely speaks of, whether surely enough to raise an alarm, and by how much the
// part of it that speaks most for danger speaks more for that than for none.
func (d *danger) weigh(f *folded) (kind Crisis, sure bool, most float32) {
	most = -1
	if len(f.runes) <= wholeMessage {
		var known int
		kind, most, known = d.one(f)
		sure = most > wholeSure && known >= evidence
	}
	for _, p := range parts(f) {
		k, score, known := d.one(p)
		sure = sure || score > partSure && known >= evidence
		if score > most {
			kind, most = k, score
		}
	}
	return kind, sure, most
}

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

// parts are what stands between the punctuation of a text, none too long; nothing for a text of one part.
func parts(f *folded) []*folded {
	var all []*folded
	begin := 0
	for i, r := range f.runes {
		end := strings.ContainsRune(partsEnd, r)
		if end || i-begin >= longestPart {
			if i > begin {
				all = append(all, &folded{string(f.runes[begin:i]), f.runes[begin:i]})
			}
			begin = i
			if end {
				begin++
			}
		}
	}
	if begin == 0 || begin >= len(f.runes) {
		return all
	}
	return append(all, &folded{string(f.runes[begin:]), f.runes[begin:]})
}
