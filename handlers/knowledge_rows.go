package handlers

import (
	"maps"
	"slices"
	"strings"

	"rongjun/knowledge"
)

// entryRows are the entries of an edition, those withdrawn from it and those not in it yet.
func entryRows(e Edition, h heads, today knowledge.Date) []listRow {
	known := make(map[string]knowledge.Entry)
	shipped := make(map[string]bool)
	for _, entry := range e.Shipped {
		known[entry.ID], shipped[entry.ID] = entry, true
	}
	for _, entry := range e.Entries {
		known[entry.ID] = entry
	}
	for at, head := range h {
		if _, there := known[at.key]; !there && at.kind == knowledge.ItemEntry {
			known[at.key] = knowledge.Entry{ID: at.key, Question: head.subject}
		}
	}
	var rows []listRow
	for _, id := range slices.Sorted(maps.Keys(known)) {
		entry := known[id]
		row := listRow{
			Kind: knowledge.ItemEntry, Key: id, Title: entry.Question, Address: entryAddress(id),
			Topic: entry.Topic, Region: entry.Region,
			Marks: h[headKey{knowledge.ItemEntry, id}].marks(shipped[id]),
			searched: searchedIn(id, entry.Topic, entry.Question, entry.Short, entry.Details,
				strings.Join(entry.Phrasings, "\n")),
		}
		if !entry.Review.IsZero() {
			row.Dates = entry.Review.Chinese() + "前复核"
		}
		if dueSoon(entry, today) && !slices.Contains(row.Marks, markWithdrawn) {
			row.Marks = append(row.Marks, markDue)
		}
		rows = append(rows, row)
	}
	return rows
}

// documentRows are the documents that were ever imported, by title.
func documentRows(e Edition, h heads, today knowledge.Date) []listRow {
	settled := make(map[string]knowledge.Document)
	for _, d := range e.Documents {
		for _, key := range append([]string{d.Key}, d.Aliases...) {
			if _, taken := settled[key]; !taken || key == d.Key {
				settled[key] = d
			}
		}
	}
	undated := make(map[string]bool)
	for _, finding := range knowledge.Review(e.Documents, today, 0) {
		if finding.Kind == knowledge.NoDates {
			undated[finding.Docs[0]] = true
		}
	}
	var rows []listRow
	for at, head := range h {
		if at.kind != knowledge.ItemDocument {
			continue
		}
		d := settled[at.key]
		row := listRow{
			Kind: at.kind, Key: at.key, Title: head.subject, Address: documentAddress(at.key),
			Region: d.Region, Dates: spanWords(d), Marks: head.marks(false),
			searched: searchedIn(at.key, head.subject, d.Title, d.Number, d.Issuer, string(d.Region)),
		}
		if undated[d.Key] {
			row.Marks = append(row.Marks, markUndated)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b listRow) int {
		return strings.Compare(a.Title+"\x00"+a.Key, b.Title+"\x00"+b.Key)
	})
	return rows
}

func searchedIn(parts ...string) string { return strings.ToLower(strings.Join(parts, "\n")) }

// spanWords say from when and until when a settled document holds.
func spanWords(d knowledge.Document) string {
	var parts []string
	if start, _ := d.Start(); !start.IsZero() {
		parts = append(parts, start.Chinese()+"起")
	}
	if !d.Repealed.IsZero() {
		parts = append(parts, d.Repealed.Chinese()+"起失效")
	}
	return strings.Join(parts, "，")
}
