package prompts

// Alike tells how much two messages say the same, from 0 to 1: the share that what they have in common is of both. It
// compares characters and words, not meaning, and takes traditional and simplified characters for the same.
func Alike(a, b string) float64 { return AlikeTo(a)(b) }

// AlikeTo is Alike of one message to others.
func AlikeTo(a string) func(b string) float64 {
	first := features(a)
	return func(b string) float64 {
		second := features(b)
		if len(first)+len(second) == 0 {
			return 0
		}
		common := 0
		for g := range first {
			if second[g] {
				common++
			}
		}
		return 2 * float64(common) / float64(len(first)+len(second))
	}
}

// features are the different grams of a message, without the words that stand in every sentence.
func features(text string) map[gram]bool {
	set := map[gram]bool{}
	fold(head(text)).grams(false, func(g gram, _ string) { set[g] = true })
	return set
}
