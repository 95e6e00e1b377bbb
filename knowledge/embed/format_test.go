package embed

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADamagedModelIsNotRead(t *testing.T) {
	change := func(at int) string {
		data := []byte(shipped)
		data[at] ^= 1
		return string(data)
	}
	for name, file := range map[string]string{
		"empty":             "",
		"short":             shipped[:headerSize-1],
		"other file":        change(0),
		"other version":     change(4),
		"other length":      change(8),
		"other checksum":    change(16),
		"changed size":      change(20),
		"changed weight":    change(len(shipped) / 2),
		"end missing":       shipped[:len(shipped)-1],
		"something after":   shipped + "\n",
		"pieces missing":    resealed(shipped, func(data []byte) { data[40]-- }),
		"a layer too many":  resealed(shipped, func(data []byte) { data[24]++ }),
		"a layer missing":   resealed(shipped, func(data []byte) { data[24]-- }),
		"odd width":         resealed(shipped, func(data []byte) { data[20]++ }),
		"pieces unsorted":   resealed(shipped, func(data []byte) { data[headerSize]++; data[headerSize+1]-- }),
		"no end of lengths": resealed(shipped, func(data []byte) { data[43] = 0x7f }),
	} {
		_, err := Open(file, "", "")
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

// resealed is a file changed, with a checksum that is right again.
func resealed(file string, change func([]byte)) string {
	data := []byte(file)
	change(data)
	binary.LittleEndian.PutUint32(data[16:], checksum(string(data[20:])))
	return string(data)
}

func TestTheNameSaysWhichVectorsTheyAre(t *testing.T) {
	require.Equal(t, "multilingual-e5-small-zh-q4-v1", shippedModel(t).Name())
}

func TestADamagedLessonIsNotRead(t *testing.T) {
	for name, file := range damaged(taughtFile) {
		_, err := Open(shipped, file, readingFile)
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

func TestADamagedReadingIsNotRead(t *testing.T) {
	files := damaged(readingFile)
	files["a name too many"] = resealed(readingFile, func(data []byte) { data[28]++ })
	files["a name missing"] = resealed(readingFile, func(data []byte) { data[28]-- })
	for name, file := range files {
		_, err := Open(shipped, taughtFile, file)
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

// damaged are what can have become of a file of what was learned.
func damaged(file string) map[string]string {
	changed := []byte(file)
	changed[len(changed)/2] ^= 1
	return map[string]string{
		"short":                          file[:headerSize-1],
		"other file":                     shipped,
		"changed weight":                 string(changed),
		"end missing":                    file[:len(file)-1],
		"other version":                  resealed(file, func(data []byte) { data[4]++ }),
		"a layer too many":               resealed(file, func(data []byte) { data[20]++ }),
		"a layer missing":                resealed(file, func(data []byte) { data[20]-- }),
		"other width":                    resealed(file, func(data []byte) { data[24]++ }),
		"more layers than the model has": resealed(file, func(data []byte) { data[20] = 13 }),
	}
}
