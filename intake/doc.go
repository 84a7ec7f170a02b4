// Package intake is the domain: the resident's conversation, the request and its life, the station's queue,
// the service standards and the reports on them. It knows neither Telegram nor HTTP.
//
// One update is one transaction. Service.Handle records the update's number (one seen before is dropped),
// locks the chat, applies what the person did, appends to the request's event log and writes the notices
// that follow: what is to be told to whom, in no channel's words. Only when Handle has returned without an
// error may the update be acknowledged. What nobody does in time, Service.Due does: every request that isn't
// finished has a moment at which it acts next.
//
// Begin reading at service.go (the one step that all goes through), then resident.go (asking for help),
// submit.go (finding the station), desk.go and writing.go (the worker's side), ending.go and followup.go (how it goes on),
// refer.go (bringing in others), supervisor.go (who decides from the web, by the same steps), duty.go (who is there), due.go (the clock) with schedule.go (when it acts), report.go, coverage.go and erase.go.
package intake
