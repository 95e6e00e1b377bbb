// Package extent tells how far an entry answers a question: wholly, or leaving what is asked to a
// province, the forces or another text. The first signs are those of the rules in package answer: the
// side of the matter that is asked for and left open. What they miss is read by a linear model over the
// question, over how much of what people ask of the entries found is left open, and over what is known of
// those questions of these entries that mean nearly the same (asked.bin). Package answer weighs that with
// what the embedder tells.
//
// open.txt names the phrasings of the guide whose answer is left open. The model is fitted to them, to
// the labelled questions, to what else is asked of the guide (knowledge/guide/testdata/asked.tsv), and to
// the examples in testdata; the program holds the words of none of them.
package extent
