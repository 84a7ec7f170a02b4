package bulk

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// flushAt is how many bytes are gathered before they are sent.
const flushAt = 256 << 10

// stream is a table that rows are copied to, in PostgreSQL's binary format:
// https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
type stream struct {
	pipe    *io.PipeWriter
	columns int
	rows    []byte
	err     error
}

// newStream begins to copy on a connection of its own; the group waits for its end.
func newStream(ctx context.Context, group *errgroup.Group, url, table, columns string) (*stream, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to copy: %w", err)
	}
	reader, writer := io.Pipe()
	group.Go(func() error {
		defer conn.Close(context.WithoutCancel(ctx))
		_, err := conn.PgConn().CopyFrom(ctx, reader, `COPY `+table+` (`+columns+`) FROM STDIN (FORMAT binary)`)
		if err != nil {
			err = fmt.Errorf("copy %s: %w", table, err)
		}
		_ = reader.CloseWithError(err) // whoever writes hears of it
		return err
	})
	s := &stream{pipe: writer, columns: strings.Count(columns, ",") + 1, rows: append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)}
	return s, nil
}

// row begins a row: what follows are its columns, all of them.
func (s *stream) row() {
	if len(s.rows) > flushAt {
		s.flush()
	}
	s.rows = binary.BigEndian.AppendUint16(s.rows, uint16(s.columns))
}

func (s *stream) flush() {
	if s.err == nil {
		_, s.err = s.pipe.Write(s.rows)
	}
	s.rows = s.rows[:0]
}

// close ends the table, or breaks it off with an error.
func (s *stream) close(err error) error {
	if err != nil {
		return s.pipe.CloseWithError(err)
	}
	s.rows = append(s.rows, 0xff, 0xff)
	s.flush()
	if s.err != nil {
		return s.err
	}
	return s.pipe.Close()
}

func (s *stream) length(n int) { s.rows = binary.BigEndian.AppendUint32(s.rows, uint32(n)) }

func (s *stream) null() { s.rows = append(s.rows, 0xff, 0xff, 0xff, 0xff) }

func (s *stream) text(t string) {
	s.length(len(t))
	s.rows = append(s.rows, t...)
}

// name is a text, or null where it is empty.
func (s *stream) name(t string) {
	if t == "" {
		s.null()
		return
	}
	s.text(t)
}

func (s *stream) document(json string) {
	s.length(len(json) + 1)
	s.rows = append(append(s.rows, 1), json...)
}

func (s *stream) big(n int64) {
	s.length(8)
	s.rows = binary.BigEndian.AppendUint64(s.rows, uint64(n))
}

func (s *stream) small(n int) {
	s.length(2)
	s.rows = binary.BigEndian.AppendUint16(s.rows, uint16(n))
}

func (s *stream) flag(b bool) {
	s.length(1)
	s.rows = append(s.rows, byte(isTrue(b)))
}

func (s *stream) float(f float64) {
	s.length(8)
	s.rows = binary.BigEndian.AppendUint64(s.rows, math.Float64bits(f))
}

// epoch is PostgreSQL's.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *stream) at(t time.Time) { s.big(t.UnixMicro() - epoch.UnixMicro()) }

// moment is a time, or null where it is zero.
func (s *stream) moment(t time.Time) {
	if t.IsZero() {
		s.null()
		return
	}
	s.at(t)
}

// day is the date at a moment where it is.
func (s *stream) day(t time.Time) {
	_, offset := t.Zone()
	s.length(4)
	s.rows = binary.BigEndian.AppendUint32(s.rows, uint32((t.Unix()+int64(offset)-epoch.Unix())/(24*60*60)))
}

// list is a text[].
func (s *stream) list(words []string) {
	const ofText = 25
	size := 12
	if len(words) > 0 {
		size = 20
	}
	for _, w := range words {
		size += 4 + len(w)
	}
	s.length(size)
	dimensions := min(len(words), 1)
	for _, n := range []int{dimensions, 0, ofText} {
		s.length(n)
	}
	if dimensions > 0 {
		s.length(len(words))
		s.length(1)
	}
	for _, w := range words {
		s.text(w)
	}
}
