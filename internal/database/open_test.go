package database_test

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestOpenRefusesWhatIsNoURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"onedoor", "http://localhost/", "host=localhost password=sesame", "postgres://u:sesame@[::1/x"} {
		_, err := database.Open(t.Context(), database.Config{URL: url})
		if err == nil || database.Unavailable(err) || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("%s: got %v, want an error that names DATABASE_URL", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: the error tells the password: %v", url, err)
		}
	}
}

func TestOpenSaysThatAServerIsAway(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close() // now nobody listens there
	_, err = database.Open(t.Context(), database.Config{URL: "postgres://u:sesame@" + address + "/x?sslmode=disable&password=sesame"})
	if !database.Unavailable(err) || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v, want an error about %s", err, address)
	}
	if err != nil && strings.Contains(err.Error(), "sesame") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestOpenRefusesAnOldServer(t *testing.T) {
	t.Parallel()
	server := scriptedServer{version: "140011"}
	_, err := database.Open(t.Context(), database.Config{URL: server.listen(t)})
	if err == nil || database.Unavailable(err) || !strings.Contains(err.Error(), "PostgreSQL 14") {
		t.Errorf("got %v, want a refusal of PostgreSQL 14", err)
	}
}

func TestOpenWaitsForAServerThatStartsUp(t *testing.T) {
	t.Parallel()
	server := scriptedServer{version: "150000", refusals: 2}
	db, err := database.Open(t.Context(), database.Config{URL: server.listen(t)})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if asked := server.asked.Load(); asked != 3 {
		t.Errorf("asked %d times, want 3", asked)
	}
}

func TestCloseAgain(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	for range 2 {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// scriptedServer speaks as much of PostgreSQL's protocol as it takes to tell its version.
type scriptedServer struct {
	version  string
	refusals int32 // connections refused because it is starting up
	asked    atomic.Int32
}

// listen serves until the test ends, and returns the server's URL.
func (s *scriptedServer) listen(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return fmt.Sprintf("postgres://u@%s/x?sslmode=disable", listener.Addr())
}

func (s *scriptedServer) serve(conn net.Conn) {
	defer conn.Close()
	backend := pgproto3.NewBackend(conn, conn)
	if _, err := backend.ReceiveStartupMessage(); err != nil {
		return
	}
	if s.asked.Add(1) <= s.refusals {
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P03", Message: "the database system is starting up"})
		backend.Flush()
		return
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	for backend.Flush() == nil {
		message, err := backend.Receive()
		if err != nil {
			return
		}
		if _, ok := message.(*pgproto3.Query); ok {
			backend.Send(&pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{{Name: []byte("v"), DataTypeOID: 23, TypeModifier: -1, DataTypeSize: 4}}})
			backend.Send(&pgproto3.DataRow{Values: [][]byte{[]byte(s.version)}})
			backend.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")})
			backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		}
	}
}
