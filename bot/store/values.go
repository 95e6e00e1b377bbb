package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// encodeArgs writes the arguments of a prepared statement as PostgreSQL keeps them.
func encodeArgs(types *pgtype.Map, oids []uint32, args []any) ([][]byte, error) {
	if len(args) != len(oids) {
		return nil, fmt.Errorf("%d arguments for %d places", len(args), len(oids))
	}
	args = plainArgs(args)
	out := make([][]byte, len(args))
	for i, a := range args {
		v, err := encodeArg(types, oids[i], a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		out[i] = v
	}
	return out, nil
}

// encodeArg knows what nearly all arguments are, and leaves the others to the driver.
func encodeArg(types *pgtype.Map, oid uint32, arg any) ([]byte, error) {
	if arg == nil {
		return nil, nil
	}
	v := reflect.ValueOf(arg)
	switch {
	case oid == pgtype.Int8OID && v.CanInt():
		return binary.BigEndian.AppendUint64(nil, uint64(v.Int())), nil
	case oid == pgtype.TextOID && v.Kind() == reflect.String:
		return []byte(v.String()), nil
	case oid == pgtype.BoolOID && v.Kind() == reflect.Bool:
		if v.Bool() {
			return []byte{1}, nil
		}
		return []byte{0}, nil
	}
	buf, err := types.Encode(oid, pgtype.BinaryFormatCode, arg, []byte{})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return buf, nil
}

// rowFields are the fields of each type of row, by the names of their columns.
type rowFields struct{ byType sync.Map }

// read reads all rows into a pointer to a slice: of structs, with a field for every column, or of
// single values.
func (f *rowFields) read(rows *pgconn.ResultReader, dest any) error {
	list := reflect.ValueOf(dest).Elem()
	list.SetLen(0)
	kind := list.Type().Elem()
	columns := rows.FieldDescriptions()
	var fields []int
	for rows.NextRow() {
		if fields == nil && kind.Kind() == reflect.Struct {
			var err error
			if fields, err = f.find(kind, columns); err != nil {
				return err
			}
		}
		list.Grow(1)
		list.SetLen(list.Len() + 1)
		row := list.Index(list.Len() - 1)
		row.SetZero()
		for i, value := range rows.Values() {
			into := row
			if fields != nil {
				into = row.Field(fields[i])
			}
			if err := decode(into, columns[i].DataTypeOID, value); err != nil {
				return fmt.Errorf("read %s: %w", columns[i].Name, err)
			}
		}
	}
	return nil // what becomes of the statement, Close says
}

// decode reads one value; NULL is the zero value.
func decode(into reflect.Value, oid uint32, value []byte) error {
	switch {
	case value == nil:
	case oid == pgtype.Int8OID && into.CanInt():
		into.SetInt(int64(binary.BigEndian.Uint64(value)))
	case oid == pgtype.Int4OID && into.CanInt():
		into.SetInt(int64(int32(binary.BigEndian.Uint32(value))))
	case oid == pgtype.TextOID && into.Kind() == reflect.String:
		into.SetString(string(value))
	case oid == pgtype.BoolOID && into.Kind() == reflect.Bool:
		into.SetBool(value[0] != 0)
	case oid == pgtype.ByteaOID && into.Kind() == reflect.Slice:
		into.SetBytes(append([]byte{}, value...))
	default:
		return errors.ErrUnsupported
	}
	return nil
}

// find finds the field for each column.
func (f *rowFields) find(row reflect.Type, columns []pgconn.FieldDescription) ([]int, error) {
	names, ok := f.byType.Load(row)
	if !ok {
		names, _ = f.byType.LoadOrStore(row, namesOf(row))
	}
	out := make([]int, len(columns))
	for i, c := range columns {
		field, ok := names.(map[string]int)[c.Name]
		if !ok {
			return nil, fmt.Errorf("%s has no field for column %s", row, c.Name)
		}
		out[i] = field
	}
	return out, nil
}

func namesOf(row reflect.Type) map[string]int {
	names := make(map[string]int)
	for i := range row.NumField() {
		if f := row.Field(i); !f.Anonymous {
			names[columnOf(f.Name)] = i
		}
	}
	return names
}

// columnOf is the name of the column that a field is for: of FirstTried it is first_tried.
func columnOf(field string) string {
	var out strings.Builder
	lower := false
	for _, r := range field {
		upper := r >= 'A' && r <= 'Z'
		if upper && lower {
			out.WriteByte('_')
		}
		lower = !upper
		out.WriteString(strings.ToLower(string(r)))
	}
	return out.String()
}
