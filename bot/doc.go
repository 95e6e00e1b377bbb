// Package bot is the heart of the program: conversations, the messages in and out of them, and who is
// in charge.
//
// # A tour
//
// A message goes one file further at each step, and never back.
//
//   - A channel (channel.go) receives an [Incoming]; [Inbox.Receive] (inbox.go) stores it. From then on
//     a crash loses nothing: the transcript is the queue, and its unfinished ends are the inbox and the
//     outbox. Platforms that are asked rather than listened to are read by [Pulls] (pull.go), which
//     stores a page together with the cursor behind it.
//   - [Pacing] (pacing.go) says when the unanswered messages of a conversation become a [Turn].
//   - [Worker] (worker.go) claims the turn, lets an [Answerer] answer it (answer.go), and commits the
//     reply, the change of charge and the trace in one transaction.
//   - [Sender] (sender.go) sends what is pending in the order of the conversation. What follows from
//     a failed send is decided by its class (outcome.go).
//   - [Apply] (conversation.go) alone decides who is in charge. [Desk] (desk.go) is what staff do; a
//     takeover raises a fence, waits for a send under way, and only then commits.
//   - [Attachments] (attachments.go) fetches what is seen and heard in messages, lets recordings be
//     heard, and deletes both after their time. A turn waits for them, but not for long (pacing.go).
//   - [Notices] (notice.go) shows staff outside the desk who waits, by cards; a tap on one is stored
//     before it is acknowledged, and takes over as the desk does (click.go).
//   - [Budget] (budget.go) is what a platform lets through after each message of a contact; what is
//     over it is parked and goes first at the next one. [ClientDesk] (clientdesk.go) is a channel whose
//     platform has a desk of its own; while that has a contact, nothing of ours is sent.
//   - [Ticket] (ticket.go, act.go) is the leave to say one thing about an entry, the end of a session or
//     an act, where an ordinary message would not be taken; it is a row of the outbox that expires.
//   - [Waiting] (waiting.go) keeps informed who waits for a person; [Windows] (window.go) warns staff
//     before a contact can no longer be answered. [Passive] (passive.go) answers while the platform
//     waits, where it takes nothing later; [Sessions] (session.go) asks a platform's client who has whom.
//   - [Timed] (timed.go) does what is due without a message: looking at quiet accounts, closing
//     conversations that were left alone.
//   - [Hub] (hub.go) carries hints that something changed. Hints may be lost; sweeps find what they
//     would have told.
//
// The package knows no SQL, no HTTP and no model. The stores it needs are small interfaces whose
// contracts stand in stores.go and inbox.go; package bot/store implements them on two databases.
package bot
