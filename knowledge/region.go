package knowledge

import "strings"

// Region is a path of full names, 浙江省/杭州市/西湖区. The empty Region is the whole country.
// A text applies to its region and everything below it.
type Region string

// Covers reports whether a text of region r applies to a person in region to.
func (r Region) Covers(to Region) bool {
	return r == "" || r == to || strings.HasPrefix(string(to), string(r)+"/")
}

// Names are the parts of the path, the widest first.
func (r Region) Names() []string {
	if r == "" {
		return nil
	}
	return strings.Split(string(r), "/")
}

// Last is the narrowest name of the path.
func (r Region) Last() string {
	return string(r[strings.LastIndexByte(string(r), '/')+1:])
}
