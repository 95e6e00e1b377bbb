// Package kinds tells the kinds of messages apart: distress, somebody's own case, a wish for a person,
// a place, what is not ours, and questions on our subjects. It is a linear model over what a message
// means (its vector) and how it is written (its runs of one to three characters), fitted to labelled
// sentences. Its answer is a share for each kind, which package answer weighs with what the embedder
// tells; what follows is decided there, by rules that can be read.
//
// The same model tells other things of a message apart, such as whether an entry answers it wholly
// (package extent), then also by marks: numbers that say what else is known.
package kinds
