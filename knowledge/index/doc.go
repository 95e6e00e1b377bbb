// Package index finds the passages that bear on a question, by the words they share with it and by
// meaning, as of a day and for a region.
//
// What may not be cited on that day or in that region is taken out before the ranking is cut, so it
// can neither be quoted nor crowd out what can; it is reported beside the hits with the reason.
//
// # Words
//
// BM25 (k1 1.2, b 0.75) over the terms of knowledge/text. A passage is indexed as several fields
// that are scored apart: its text, its title, and each of its phrasings as a small text of its own.
// The best phrasing counts, not the sum, for a person says a thing in one way. Terms of earlier
// turns and the words that the texts use for lay words are added with lower weights.
//
// # Meaning
//
// The cosine between the question's vector and the nearest vector of the passage. Without a vector
// for the question, or without vectors in the index, words alone decide and the result says so.
//
// # Score and evidence
//
// Score orders the hits of one search and means nothing beyond it: it is the sum of the two
// measures, each brought to mean 0 and deviation 1 over the candidates. Whether a hit answers the
// question is decided on the measures that can be compared between questions: Words, Meaning, and
// Coverage, which is the share of the question's subject that the hit holds. See Hit.
package index
