package platformtest

import (
	"fmt"
	"net/http"
)

// File is a picture, a recording, a video or a document on the platform.
type File struct {
	Name string
	// Type is the content type with which it is handed out.
	Type string
	Data []byte
}

// Write answers with the file, named in the head of the answer.
func (f File) Write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	w.Header().Set("Content-Length", fmt.Sprint(len(f.Data)))
	_, _ = w.Write(f.Data)
}
