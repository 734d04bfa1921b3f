package noise

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/prometheus/common/model"
)

// A Line is where a measure draws its line, for the reference of measures.
type Line struct{ Name, Value, Doc string }

// Lines are the options that are no hours, in their order.
func (o Options) Lines() []Line {
	var out []Line
	v := reflect.ValueOf(o)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		doc := f.Tag.Get("doc")
		if doc == "" {
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		switch x := v.Field(i).Interface().(type) {
		case time.Duration:
			value = model.Duration(x).String()
		case []string:
			value = strings.Join(x, ", ")
		}
		out = append(out, Line{spaced(f.Name), value, doc})
	}
	return out
}

// spaced is a name of several words in small letters.
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
