// Package answer turns a turn into an answer, in five steps that Answer shows on one page:
// understand, retrieve, decide, compose, guard.
//
//   - understand reads the messages into a Question: taps, talk, distress, what is out of scope,
//     the place, the day, and what is to be looked up. Its rules are data, in rules/*.txt; what no
//     rule has words for is heard by example, in words/examples.txt.
//   - retrieve finds passages in the index and records in the directory.
//   - decide picks a Decision by a list of named rules on the evidence; the first that applies
//     wins, and its name goes into the trace.
//     Beside the entry, or instead of it, stand imported texts that no entry rests on (own.go).
//   - compose writes the reply from the entry found, or from fixed words (words/words.txt). A model
//     may write it instead, from the same passages.
//   - guard drops every sentence that states what the passages do not carry.
//
// Nothing here waits for the network except the model and the embedder, both behind interfaces, and
// the same input gives the same output.
package answer
