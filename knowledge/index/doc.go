// Package index finds the passages that bear on a question, by the words they share with it and by
// meaning, as of a day and for a region.
//
// What may not be cited on that day or in that region is taken out before the ranking is cut, so it
// can neither be quoted nor crowd out what can; it is reported beside the hits with the reason.
//
// # Words
//
// BM25 (k1 1.2, b 0.75) over the terms of knowledge/text. A passage is indexed as several fields
// that are scored apart: its text, its title, and each of its phrasings as a small text of its own;
// an entry's title is its question and counts as a phrasing. The best phrasing counts, not the sum,
// for a person says a thing in one way. Terms of earlier turns and the words that the texts use for
// lay words are added with lower weights.
//
// # Meaning
//
// The cosine between the question's vector and the nearest vector of the passage. Without a vector
// for the question, or without vectors in the index, words alone decide and the result says so.
//
// # Score and evidence
//
// Score orders the hits of one search and means nothing beyond it: it is the sum of the two
// measures, each brought to mean 0 and deviation 1 over the candidates, less something where the
// passage's document has little else to say on the question. Whether a hit answers the question is
// decided on measures that can be compared between questions.
//
// Coverage and Known look only at the subject of the question: its terms without stop words, each
// weighed by its rarity, so that filler neither helps nor harms. A term that no passage holds at
// all weighs most, and that is what tells other matters apart: a question about a credit card
// shares single characters and stray pairs with many passages, and so has some BM25, but its own
// terms are unknown here and coverage stays low. Take the most coverage of the five best hits, for
// the best covered passage need not rank first. Over the shipped guide a lay question has more
// coverage than one about other matters in 96 of 100 pairs; raw BM25 tells them apart in 93 of 100,
// and grows with the length of the question besides.
//
// What coverage cannot tell: a question about another matter in our own terms (someone else's
// allowance, a divorce of a veteran), and one so lay that it shares no term with any phrasing. The
// first needs rules on what is asked, the second needs meaning.
package index
