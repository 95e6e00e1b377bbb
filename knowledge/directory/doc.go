// Package directory holds what is near and when: service centres and stations, hospitals, windows,
// museums, merchants with their offers, and job fairs with their posts. Records are found by
// region, kind, matter, day and distance; what is found says why. Read makes records of the rows of an
// imported directory.
//
// Nothing is guessed: an address, a phone or opening hours that no record gives is said to be not
// recorded. A sample record carries its mark in every text made of it.
package directory
