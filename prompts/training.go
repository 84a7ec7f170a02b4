package prompts

import (
	"bufio"
	"bytes"
	_ "embed" // examples.tsv, words.tsv
	"fmt"
	"slices"
	"strings"
)

// What the offline classifier learns from, beside the taxonomy's own examples. Each line has a category, a language
// (zh, yue or en) and a text, parted by tabs.
var (
	//go:embed examples.tsv
	examplesFile []byte // messages as villagers write them
	//go:embed words.tsv
	wordsFile []byte // words and short phrases that tell the service by themselves
	//go:embed chat.txt
	chatFile string // what people say in a chat that is no need: answers, small talk; a line each
)

// chatter are the lines of chat.txt.
func chatter() []string { return strings.Split(strings.TrimSpace(chatFile), "\n") }

// learn takes the messages and the words into the categories.
func (t *Taxonomy) learn() error {
	err := t.eachLine("examples.tsv", examplesFile, func(c *Category, text string) { c.Examples = append(c.Examples, text) })
	if err != nil {
		return err
	}
	return t.eachLine("words.tsv", wordsFile, func(c *Category, text string) { c.telling = append(c.telling, text) })
}

// mayBeDanger are the services that people ask for in danger, too: their messages say nothing of how harmless words are.
func mayBeDanger() []string {
	return []string{"public_security", "child_protection", "fire_safety", "dangerous_homes", "health"}
}

// harmless are those of the taxonomy's texts that are messages about services where nobody is in danger.
func (t *Taxonomy) harmless(texts []*folded) (all []*folded) {
	t.eachMessage(func(class int, _ string, at int) {
		if !slices.Contains(mayBeDanger(), t.categories[class].Key) {
			all = append(all, texts[at])
		}
	})
	return all
}

// eachLine reads a file strictly: an unknown category or language, an empty or a doubled text is an error that names
// the line.
func (t *Taxonomy) eachLine(name string, file []byte, take func(*Category, string)) error {
	seen := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 || strings.TrimSpace(fields[2]) == "" {
			return fmt.Errorf("read %s: line %d is not a category, a language and a text, parted by tabs", name, n)
		}
		i, known := t.byKey[fields[0]]
		switch first, doubled := seen[fields[0]+"\t"+fields[2]]; {
		case !known:
			return fmt.Errorf("read %s: line %d: there is no category %q", name, n, fields[0])
		case fields[1] != "zh" && fields[1] != "yue" && fields[1] != "en":
			return fmt.Errorf("read %s: line %d: %q is none of the languages zh, yue and en", name, n, fields[1])
		case doubled:
			return fmt.Errorf("read %s: line %d stands in line %d already", name, n, first)
		}
		seen[fields[0]+"\t"+fields[2]] = n
		take(&t.categories[i], fields[2])
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
