// Package admin is the web of supervisors: the board of what needs a person (board.go), a request's page with its story
// (story.go) and all that a worker's desk can do (desk.go shows it, decide.go, plan.go and machine.go do it), the response times, the workers (workers.go), a map
// (map.go), what is missing where (coverage.go), the directory
// (directory.go: lists, forms, imports and exports of what people keep), and the troubles: what failed for good, to be tried again or closed. It knows HTTP and HTML, and no rules of the domain: a
// handler parses, makes one call into intake, and renders into a buffer.
//
// Every page needs a login (session.go); every action is checked against the account's role and station on the
// server (account.go), and put on record (audit.go, record.go), as is what lists showed (listed.go) and open boards were sent (gather.go). Pages work without JavaScript; a stream of server-sent events (stream.go)
// brings what is new to pages that are open, read once for all of them (live.go).
package admin
