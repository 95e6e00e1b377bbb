package media

import (
	"bytes"
	"net/http"
	"strings"
)

// headLength is how much of a content is looked at for its type.
const headLength = 512

// Unknown is the type of what is not one of ours: something to be saved, not shown.
const Unknown = "application/octet-stream"

// shows are the types that a browser may be given as what they are. None of them can carry a script.
var shows = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true,
	"audio/amr": true, "audio/silk": true, "audio/mpeg": true, "audio/wave": true,
	"video/mp4": true, "application/pdf": true,
}

// TypeOf tells a content's type by its first bytes alone: what a sender calls it proves nothing.
func TypeOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("#!AMR")):
		return "audio/amr"
	case bytes.HasPrefix(bytes.TrimPrefix(head, []byte{2}), []byte("#!SILK_V3")):
		return "audio/silk"
	}
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if !shows[kind] {
		return Unknown
	}
	return kind
}
