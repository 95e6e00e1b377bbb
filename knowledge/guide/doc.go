// Package guide holds the content that ships with the program: answers in our own words with the
// articles they rest on, the register of enactments, and the records of a city that does not exist,
// all as YAML files embedded in the binary.
//
// The package only loads and checks. A file with an unknown key, an entry whose citation is not in
// the register, that cites a text no longer in force, or that names a related entry which does not
// exist, is refused with its file and line, so that a mistake in the data is found by the first
// test and never by a contact. That every figure of an entry stands in an article it cites is
// checked by a test against the statutes; testdata/figures.txt records its result.
package guide
