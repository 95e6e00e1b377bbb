// Package adapter turns the vector of a question towards the passages that answer it.
//
// The embedder was taught on texts of all kinds. How people ask about pensions and placement, and
// which of our entries answers, it knows only roughly. An adapter is one matrix for the vectors of
// questions, fitted to pairs of a question and what answers it; the vectors of passages stay as they
// are, so that nothing is embedded anew. (The method is known as a linear adapter of queries.)
package adapter
