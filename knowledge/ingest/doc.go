// Package ingest reads files into documents: Markdown, plain text, HTML, DOCX, PDF and XLSX become
// lines, lines become the clauses of a statute or the sections of a notice, and what the text says
// of itself (title, issuer, number, dates, what it ends) becomes metadata. A spreadsheet, XLSX or CSV,
// whose columns are those of a directory keeps its rows instead. Nothing is guessed:
// what the text leaves open is listed for the editor.
//
// A file that cannot be read is a Fault with a reason in plain Chinese. Sizes, pages, compression
// and time are limited, so that a bad file costs a bounded amount of memory and work.
package ingest
