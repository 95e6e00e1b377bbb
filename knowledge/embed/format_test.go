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
		"pieces missing":    resealed(func(data []byte) { data[40]-- }),
		"a layer too many":  resealed(func(data []byte) { data[24]++ }),
		"a layer missing":   resealed(func(data []byte) { data[24]-- }),
		"odd width":         resealed(func(data []byte) { data[20]++ }),
		"pieces unsorted":   resealed(func(data []byte) { data[headerSize]++; data[headerSize+1]-- }),
		"no end of lengths": resealed(func(data []byte) { data[43] = 0x7f }),
	} {
		_, err := Open(file, "")
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

// resealed is the shipped file changed, with a checksum that is right again.
func resealed(change func([]byte)) string {
	data := []byte(shipped)
	change(data)
	binary.LittleEndian.PutUint32(data[16:], checksum(string(data[20:])))
	return string(data)
}

func TestTheNameSaysWhichVectorsTheyAre(t *testing.T) {
	require.Equal(t, "multilingual-e5-small-zh-q4-v1", shippedModel(t).Name())
}

func TestADamagedLessonIsNotRead(t *testing.T) {
	resealed := func(change func([]byte)) string {
		data := []byte(taughtFile)
		change(data)
		binary.LittleEndian.PutUint32(data[16:], checksum(string(data[20:])))
		return string(data)
	}
	changed := []byte(taughtFile)
	changed[len(changed)/2] ^= 1
	for name, file := range map[string]string{
		"short":                          taughtFile[:headerSize-1],
		"other file":                     shipped,
		"changed weight":                 string(changed),
		"end missing":                    taughtFile[:len(taughtFile)-1],
		"other version":                  resealed(func(data []byte) { data[4]++ }),
		"a layer too many":               resealed(func(data []byte) { data[20]++ }),
		"a layer missing":                resealed(func(data []byte) { data[20]-- }),
		"other width":                    resealed(func(data []byte) { data[24]++ }),
		"more layers than the model has": resealed(func(data []byte) { data[20] = 13 }),
	} {
		_, err := Open(shipped, file)
		require.ErrorIs(t, err, ErrFormat, name)
	}
}
