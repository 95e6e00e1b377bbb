package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// readingLesson is the file of read.py, little-endian: the layers, the width and the inner width, the
// length of the names as 32-bit numbers, the names, a line each, then 32-bit floats: what the layers
// gained, as in the file of teach.py, a row for each name and what is added to each.
type readingLesson struct {
	lesson
	names string
}

func readReadingLesson(data []byte) (*readingLesson, error) {
	r := bytes.NewReader(data)
	var head struct{ Layers, Width, Inner, Names int32 }
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("read lesson: %w", errTaught)
	}
	if head.Names < 0 || int(head.Names) > r.Len() {
		return nil, fmt.Errorf("read lesson: %d bytes of names: %w", head.Names, errTaught)
	}
	names := make([]byte, head.Names)
	if _, err := r.Read(names); err != nil {
		return nil, fmt.Errorf("read lesson: %w", errTaught)
	}
	l := &readingLesson{
		lesson{layers: int(head.Layers), width: int(head.Width), inner: int(head.Inner), rest: r},
		string(names),
	}
	if err := l.holds(r.Len(), l.count()*(l.width+1)); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *readingLesson) count() int { return strings.Count(l.names, "\n") + 1 }

// convertReading makes knowledge/embed's file of what is read off messages; reading.go there describes
// it.
func convertReading(l *readingLesson) ([]byte, error) {
	t := &target{}
	t.buf.WriteString("RJR1")
	t.write(uint32(1), uint64(0), uint32(0),
		uint32(l.layers), uint32(l.width), uint32(l.count()), uint32(len(l.names)))
	t.align()
	t.learned(&l.lesson)
	t.halves(l.floats(l.count() * l.width))
	t.write(l.floats(l.count()))
	t.align()
	t.buf.WriteString(l.names)
	t.align()
	if err := errors.Join(t.err, l.err); err != nil {
		return nil, fmt.Errorf("convert reading: %w", err)
	}
	return t.seal(), nil
}
