// Package botapi is a simulated Telegram for tests and for the demo: an HTTP server that speaks the Bot API as
// core.telegram.org/bots/api describes it (10.1), strictly, so that a program that works here works there. It
// has users with chats, delivers updates by long poll or webhook, and enforces the API's limits and errors.
//
// A Server's other side is for whoever drives it: users who write, press and block (user.go), faults to order
// (fault.go), the record of all calls (Calls), and a page with phones to do the same by hand (phones.go).
// Only private chats are simulated.
package botapi
