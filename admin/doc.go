// Package admin is the web of supervisors: what waits at each station and for triage, a request's timeline with
// the power to reclassify it and to send it to another station, the response times, the workers (workers.go), and the
// directory (directory.go): lists, forms, imports and exports of what people keep, and the
// troubles: what failed for good, to be tried again or closed. It knows HTTP and HTML, and no rules of the domain: a
// handler parses, makes one call into intake, and renders into a buffer.
//
// Every page needs a login (session.go); every action is checked against the account's role and station on the
// server (account.go). Pages work without JavaScript; a stream of server-sent events (live.go) lets a board
// that is open draw itself anew.
package admin
