// Package store keeps conversations, staff, sessions and vectors in SQLite or PostgreSQL. It is the
// only package with SQL.
//
// One exported method is one transaction, named after its use. The transcript is the queue: a
// message that waits to be read or sent is a row of messages in an unfinished state, and partial
// indexes find those rows however long the transcript is. Every write to a conversation locks its
// row first, several in the order of their ids; so within a conversation everything happens one
// after the other, on both engines.
//
// Work is handed out under claims: a number that grows with each claim, and a time until which the
// claim lasts. On PostgreSQL the clock is the database's, and the claims of a process whose
// heartbeat has stopped are void; on SQLite there is one serving process, which clears all claims
// when it opens the database.
package store
