package intake

import (
	"testing"
	"time"
)

// TestMeanOfVeryMuch: the mean of what adds up to more than 292 years is what it is.
func TestMeanOfVeryMuch(t *testing.T) {
	t.Parallel()
	const each, of = 4 * 24 * time.Hour, 100_000
	if got := mean(int(each.Milliseconds())*of, of); got != each {
		t.Errorf("it is %s", got)
	}
	if got := mean(0, 0); got != 0 {
		t.Errorf("of nothing it is %s", got)
	}
}
