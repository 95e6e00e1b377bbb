// Package extent tells how far an entry answers a question: wholly, or leaving what is asked to a
// province, the forces or another text. The first signs are those of the rules in package answer: the
// side of the matter that is asked for and left open. What they miss is read by a linear model over the
// question and over how much of what people ask of the entries found is left open.
//
// open.txt names the phrasings of the guide whose answer is left open. The model is fitted to them, to
// the labelled questions, and to the examples in testdata, none of which the program holds.
package extent
