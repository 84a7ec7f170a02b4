package bot

import "strings"

// smallScreen is how many lines of a message a small screen shows at once.
const smallScreen = 6

// phoneCells is what a line holds on a phone 360 pixels wide, in Latin characters; a Chinese one is as wide as two. Measured
// in Chromium with the phones' page, whose bubbles are as wide as Telegram's: of 89 texts 86 take as many lines there as these
// cells say, two less, and one more.
const phoneCells = 34

// wrapped is how many lines a text takes that hold so many cells each.
func wrapped(text string, width int) (n int) {
	for line := range strings.SplitSeq(text, "\n") {
		n++
		used := 0
		for _, word := range words(line) {
			size := cells(word)
			if used > 0 && used+size > width {
				n, used = n+1, 0
				size = cells(strings.TrimLeft(word, " "))
			}
			for ; size > width; size -= width {
				n++
			}
			used += size
		}
	}
	return n
}

// words are the parts of a line between which it may be broken: before a space, and at each Chinese character that
// isn't a closing mark.
func words(line string) (parts []string) {
	begun := false // a part that what follows belongs to
	for _, r := range line {
		switch {
		case strings.ContainsRune("，。、：；？！）」”", r) && len(parts) > 0:
			parts[len(parts)-1] += string(r)
			begun = false
		case begun && !wide(r) && r != ' ':
			parts[len(parts)-1] += string(r)
		default:
			parts = append(parts, string(r))
			begun = !wide(r)
		}
	}
	return parts
}
