package guide

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"rongjun/knowledge"
)

// located is a value with the place it was read from, for messages that an editor can follow.
type located[T any] struct {
	value T
	file  string
	line  int
}

// fault says what is wrong at the value's place.
func (l located[T]) fault(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s: %w", l.file, l.line, fmt.Sprintf(format, args...),
		knowledge.ErrInvalid)
}

// readList reads a YAML file that is a list of records. An unknown key is an error. All records are
// read, so that all faults of a file are told at once.
func readList[T any](fsys fs.FS, name string) ([]located[T], error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	nodes, err := listNodes(name, data)
	if err != nil {
		return nil, err
	}
	var errs []error
	list := make([]located[T], 0, len(nodes))
	for _, node := range nodes {
		l := located[T]{file: name, line: node.GetToken().Position.Line}
		if err := yaml.NodeToValue(node, &l.value, yaml.Strict()); err != nil {
			errs = append(errs, place(name, l.line, err))
			continue
		}
		list = append(list, l)
	}
	return list, errors.Join(errs...)
}

func listNodes(name string, data []byte) ([]ast.Node, error) {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, place(name, 1, err)
	}
	var nodes []ast.Node
	for _, doc := range file.Docs {
		list, ok := doc.Body.(*ast.SequenceNode)
		if !ok {
			return nil, place(name, 1, errors.New("want a list of records"))
		}
		nodes = append(nodes, list.Values...)
	}
	return nodes, nil
}

// place names file and line; the parser's own line is more exact than the record's.
func place(name string, line int, err error) error {
	message := err.Error()
	var located yaml.Error
	if errors.As(err, &located) {
		message = located.GetMessage()
		if t := located.GetToken(); t != nil {
			line = t.Position.Line
		}
	}
	return fmt.Errorf("%s:%d: %s: %w", name, line, message, knowledge.ErrInvalid)
}
