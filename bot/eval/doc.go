// Package eval measures a bot.Answerer on labelled questions, in process and without a store: whether
// the right articles are found, whether the decision is the labelled one, whether citations are right
// and in force, whether every figure of a reply is carried by something, and how long it takes.
//
// Read reads questions, Run asks them and returns a Report, Measure makes the same report from lines
// that were written earlier, and Compare says which questions got better and worse between two
// reports. A test that holds a recorded floor needs no more than this, wherever the answerer is put
// together:
//
//	questions, err := eval.ReadFile("testdata/questions.jsonl")
//	...
//	report, err := eval.Run(ctx, answerer, questions, eval.Options{Register: guide.Register})
//	...
//	assert.GreaterOrEqual(t, report.Decisions.Accuracy, 0.95)
//	assert.Zero(t, len(report.OutOfForce))
//
// The shipped questions lie in testdata: questions.jsonl to work with, questions.held.jsonl to be
// measured on only and never tuned to.
package eval
