package llm

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARecordingIsSentWholeAndItsWordsComeBack(t *testing.T) {
	c := service(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/v1/audio/transcriptions", r.URL.Path)
		assert.Equal(t, "m", r.FormValue("model"))
		assert.Equal(t, "zh", r.FormValue("language"))
		file, head, err := r.FormFile("file")
		if assert.NoError(t, err) {
			assert.Equal(t, "voice.amr", head.Filename)
			got, err := io.ReadAll(file)
			assert.NoError(t, err)
			assert.Equal(t, "#!AMR\n...", string(got))
		}
		fmt.Fprint(w, `{"text":" 优待证怎么办？ "}`)
	})
	words, err := c.Hear(t.Context(), "voice.amr", strings.NewReader("#!AMR\n..."))
	require.NoError(t, err)
	assert.Equal(t, "优待证怎么办？", words)
}

func TestSilenceIsNotHeardAsWords(t *testing.T) {
	c := service(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"text":"  "}`) })
	_, err := c.Hear(t.Context(), "voice.amr", strings.NewReader("x"))
	require.ErrorIs(t, err, ErrRefused)
}
