package intake

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"sort"
	"sync"
	"time"
)

// A histogram counts times by buckets whose bounds grow in proportion, so that what it says of any of them is off by at most
// bucketError of it. Histograms of the same buckets add up, as percentiles don't: those of a county are its stations' added.
// DDSketch does the same (Masson, Rim, Lee 2019, https://www.vldb.org/pvldb/vol12/p2195-masson.pdf); here the buckets also end
// where the classes of a Spread do, so that those are exact.
type histogram struct {
	first  int     // bucket of counts[0]
	counts []int32 // with few buckets at either end that never had any
	n      int
}

const (
	// bucketError is how much a time that is read off a bucket is off, at most, as a share of it.
	bucketError = 0.009
	// shortest is the longest time, in seconds, that counts as none.
	shortest = 0.5
	// longest is a time, in seconds, that nothing takes: three hundred years.
	longest = 1e10
)

// bucketBounds are the upper bounds of the buckets, in seconds: the first is of times that count as none.
var bucketBounds = sync.OnceValue(func() []float64 {
	bounds, growth := []float64{shortest}, (1+bucketError)/(1-bucketError)
	ends := []float64{}
	for _, bound := range spreadBounds() {
		ends = append(ends, bound.Seconds())
	}
	for _, end := range append(ends, longest) {
		from := bounds[len(bounds)-1]
		steps := math.Ceil(math.Log(end/from) / math.Log(growth))
		for i := 1.0; i < steps; i++ {
			bounds = append(bounds, from*math.Pow(end/from, i/steps))
		}
		bounds = append(bounds, end)
	}
	return bounds
})

// bucketOf is the bucket of a time in seconds; a bound belongs to the bucket that it ends.
func bucketOf(seconds float64) int {
	bounds := bucketBounds()
	return min(sort.SearchFloat64s(bounds, seconds), len(bounds)-1)
}

// bucketTimes are the times that are read off the buckets: of all in one, that whose greatest error is the least.
var bucketTimes = sync.OnceValue(func() []float64 {
	bounds := bucketBounds()
	all := make([]float64, len(bounds))
	for i := 1; i < len(bounds); i++ {
		all[i] = 2 * bounds[i-1] * bounds[i] / (bounds[i-1] + bounds[i])
	}
	return all
})

// spareBuckets are made at an end beyond one that is needed, for its neighbours are likely to be needed, too.
const spareBuckets = 32

// add counts so many more in a bucket.
func (h *histogram) add(bucket, n int) {
	switch {
	case len(h.counts) == 0:
		h.first, h.counts = bucket, append(h.counts, 0)
	case bucket < h.first:
		first := max(bucket-spareBuckets, 0)
		h.counts = slices.Insert(h.counts, 0, make([]int32, h.first-first)...)
		h.first = first
	case bucket >= h.first+len(h.counts):
		more := bucket - h.first - len(h.counts) + 1 + spareBuckets
		h.counts = append(h.counts, make([]int32, more)...)
	}
	h.counts[bucket-h.first] += int32(n)
	h.n += n
}

// merge adds what another histogram counts.
func (h *histogram) merge(o *histogram) {
	for i, count := range o.counts {
		if count != 0 {
			h.add(o.first+i, int(count))
		}
	}
}

// upTo is how many times are no longer than a bound: than the end of a bucket that is next to it, which is the bound itself where that is
// one of spreadBounds, and else off by bucketError of it at most.
func (h *histogram) upTo(bound time.Duration) (n int) {
	bounds, last := bucketBounds(), bucketOf(bound.Seconds())
	if last > 0 && bound.Seconds()-bounds[last-1] < bounds[last]-bound.Seconds() {
		last--
	}
	for i, count := range h.counts {
		if h.first+i <= last {
			n += int(count)
		}
	}
	return n
}

// appendTo writes the histogram: how many buckets have any, and for each how far it is from the one before, and its count.
func (h *histogram) appendTo(to []byte) []byte {
	filled := 0
	for _, count := range h.counts {
		if count != 0 {
			filled++
		}
	}
	to = binary.AppendUvarint(to, uint64(filled))
	before := 0
	for i, count := range h.counts {
		if count != 0 {
			to = binary.AppendUvarint(to, uint64(h.first+i-before))
			to = binary.AppendVarint(to, int64(count))
			before = h.first + i
		}
	}
	return to
}

// errFigures is what can't be read of figures that were kept.
var errFigures = errors.New("the figures that were kept can't be read")

// read takes a number from what was written.
func read(from []byte) (n int, rest []byte, err error) {
	value, size := binary.Uvarint(from)
	if size <= 0 {
		return 0, nil, errFigures
	}
	return int(value), from[size:], nil
}

// pair is two of binary.Uvarint, and quick where the numbers have one byte each, as nearly all have. The size is that of both.
func pair(from []byte) (a, b uint64, size int) {
	if len(from) > 1 && from[0]|from[1] < 0x80 {
		return uint64(from[0]), uint64(from[1]), 2
	}
	return longPair(from)
}

// longPair is pair of numbers of any length.
func longPair(from []byte) (a, b uint64, size int) {
	a, first := binary.Uvarint(from)
	if first <= 0 {
		return 0, 0, first
	}
	b, second := binary.Uvarint(from[first:])
	if second <= 0 {
		return 0, 0, second
	}
	return a, b, first + second
}

// addFrom adds a histogram that was written; to none it is only read over.
func (h *histogram) addFrom(from []byte) (rest []byte, err error) {
	filled, from, err := read(from)
	bucket, last := 0, len(bucketBounds())-1
	for ; filled > 0 && err == nil; filled-- {
		gap, zigzag, size := pair(from)
		if size <= 0 || gap > uint64(last-bucket) {
			return nil, errFigures
		}
		bucket += int(gap)
		from = from[size:]
		count := int(zigzag>>1) ^ -int(zigzag&1) // as binary.Varint has it
		if h == nil {
			continue
		}
		if i := bucket - h.first; i >= 0 && i < len(h.counts) {
			h.counts[i] += int32(count)
			h.n += count
			continue
		}
		h.add(bucket, count)
	}
	return from, err
}
