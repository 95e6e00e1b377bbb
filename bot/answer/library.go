package answer

import (
	"context"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/index"
)

// Searcher finds passages; *index.Index is one.
type Searcher interface {
	Search(context.Context, index.Query) (index.Result, error)
}

// Register knows the enactments; guide.Register is one.
type Register interface {
	// Lookup finds an enactment by its key or an alias; the error is knowledge.ErrNotFound.
	Lookup(key string) (knowledge.Enactment, error)
}

// Library is the knowledge that answers rest on, as published at one moment.
type Library struct {
	Index    Searcher
	Register Register
	// Entry finds an entry of the guide.
	Entry func(id string) (knowledge.Entry, bool)
	// Supports says what each citation of an entry carries of it, nil where that is not known; nil
	// where it is known of none.
	Supports func(knowledge.Entry) []knowledge.Support
	// Own says that there are texts that no entry rests on, which are searched by themselves too.
	Own bool
	// Article gives the text of a cited article where it is imported; nil where none is.
	Article func(knowledge.Citation) (string, bool)
	// Directory is nil where there is none.
	Directory *directory.Directory
}

// Embedder turns questions into vectors. The text it is given carries no person's numbers.
type Embedder interface {
	// EmbedAsked gives two vectors of each question: the plain one, and one by what the embedder was
	// taught of how people ask; and what it tells of it, a number for each of Options.Tells. The last two
	// are nil where it was taught nothing.
	EmbedAsked(ctx context.Context, texts []string) (plain, asked, told [][]float32, err error)
}

// Model writes text. Its types are built in, so that a model imports nothing of ours.
type Model interface {
	// Name is shown to staff beside what it wrote.
	Name() string
	Write(ctx context.Context, system, user string) (string, error)
}
