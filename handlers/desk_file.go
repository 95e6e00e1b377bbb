package handlers

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

const (
	// maxSaidFile bounds the post with which a file comes: the file, and the words before it.
	maxSaidFile = bot.MaxFile + maxPost
	// maxFileName is the most characters of a file's name.
	maxFileName = 120
)

// mayEnclose reports whether a post is of the kind that a file comes with.
func mayEnclose(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// readSaid reads what a member of staff says at the desk.
func (f *face) readSaid(c echo.Context) (bot.Said, error) {
	if mayEnclose(c.Request()) {
		return f.readEnclosing(c)
	}
	form, err := readForm(c, maxPost)
	return bot.Said{Text: form.Get("text"), ClientID: form.Get("client_id")}, err
}

// readEnclosing reads a form with a file, which is the last of it and is read only as it is used.
func (f *face) readEnclosing(c echo.Context) (bot.Said, error) {
	r := c.Request()
	if r.ContentLength > maxSaidFile {
		return bot.Said{}, fmt.Errorf("post of %d bytes: %w", r.ContentLength, bot.ErrTooLarge)
	}
	until := f.o.Now().Add(fileWithin)
	if err := giveTime(c, until); err != nil {
		return bot.Said{}, err
	}
	r.Body = &coming{r.Body, moving{http.NewResponseController(c.Response()), f.o.Now, until}}
	parts, err := r.MultipartReader()
	if err != nil {
		return bot.Said{}, fmt.Errorf("read form: %w: %w", bot.ErrInvalid, err)
	}
	return saidIn(parts)
}

// saidIn reads the fields up to a file.
func saidIn(parts *multipart.Reader) (s bot.Said, err error) {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("read form: %w: %w", bot.ErrInvalid, err)
		}
		if part.FormName() == "file" {
			if part.FileName() == "" { // no file was chosen
				continue
			}
			name := path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
			s.File = &bot.SaidFile{Name: bot.CleanText(name, maxFileName), Body: part}
			return s, nil
		}
		text, err := io.ReadAll(io.LimitReader(part, maxPost))
		if err != nil {
			return s, fmt.Errorf("read form: %w: %w", bot.ErrInvalid, err)
		}
		switch part.FormName() {
		case "text":
			s.Text = string(text)
		case "client_id":
			s.ClientID = string(text)
		}
	}
}

// acceptOf is how a form names the files of these kinds.
func acceptOf(kinds []bot.Kind) string {
	switch {
	case slices.Contains(kinds, bot.KindFile):
		return "*/*"
	case slices.Contains(kinds, bot.KindImage):
		return "image/jpeg,image/png"
	}
	return ""
}

// chatMedia gives a contact what staff sent them, and nobody else.
func (f *face) chatMedia(c echo.Context) error {
	ctx := c.Request().Context()
	who, err := f.visitor(c)
	if err != nil {
		return err
	}
	message, err := mediaID(c)
	if err != nil {
		return err
	}
	conversation, err := f.o.Transcript.ConversationOf(ctx, who.Address)
	if err != nil {
		return fmt.Errorf("open media: %w", err)
	}
	found, err := f.o.Transcript.Messages(ctx, conversation.ID, message-1, 1)
	if err != nil {
		return fmt.Errorf("open media: %w", err)
	}
	if len(found) == 0 || found[0].ID != message || found[0].Shown == 0 || found[0].Media == nil {
		return fmt.Errorf("media of another: %w", bot.ErrNotFound)
	}
	return f.serveMedia(c, message)
}
