// Package handlers is the program's HTTP face: the callbacks of platforms, the web chat, the
// desk of staff, the calls for other systems, health and metrics.
//
// Read routes.go first: it is the whole URL surface on one page. A handler parses, calls one
// operation of package bot, and renders; errors.go alone turns errors into a status and words.
// Pages are html/template files with one script and one style sheet each, embedded in the
// program; they work without their scripts, and nothing is loaded from elsewhere.
package handlers
