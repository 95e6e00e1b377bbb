// Package knowledge holds the words of the knowledge base: enactments, citations, authored entries,
// passages, and the two questions asked of every one of them: is it in force on this day, and does it
// apply in this region.
//
// It knows no database, no HTTP and no conversation. Everything above it (index, guide, directory,
// the answerer, the store) shares these types.
package knowledge
