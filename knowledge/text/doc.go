// Package text is the one way in which the words of the knowledge base and the words of a question
// are made comparable: character forms are folded, spoken noise is taken off questions, lay and old
// words are given the words that the texts in force use, and all of it is cut into the terms that
// the index counts.
//
// Nothing here changes what a person is shown; these forms are for matching only.
package text
