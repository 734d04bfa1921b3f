package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// Reference is every key of the configuration in a Markdown table, and the
// options of every check in another.
func Reference(checks []*analyze.Check) string {
	var b strings.Builder
	b.WriteString("| key | value | meaning |\n|---|---|---|\n")
	rows(&b, "", reflect.TypeFor[document](), checks)
	b.WriteString("\n| check | option | default | meaning |\n|---|---|---|---|\n")
	for _, c := range checks {
		if c.Options == nil {
			continue
		}
		for _, f := range fieldsOf(reflect.ValueOf(c.Options).Elem()) {
			fmt.Fprintf(&b, "| `%s` | `%s` | %v | %s |\n", c.ID, f.name, f.value.Interface(), f.doc)
		}
	}
	return b.String()
}

// rows writes a line for each key of an object and of the objects in it.
func rows(b *strings.Builder, where string, t reflect.Type, checks []*analyze.Check) {
	for _, f := range fieldsOf(reflect.New(t).Elem()) {
		at := join(where, f.name)
		says, within, step := valueOf(f.value.Type(), checks)
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", at, says, f.doc)
		if within != nil {
			rows(b, at+step, within, checks)
		}
	}
}

// valueOf says what a key takes; for objects within, their type and the step
// from the key to them.
func valueOf(t reflect.Type, checks []*analyze.Check) (says string, within reflect.Type, step string) {
	if _, ok := reflect.New(t).Interface().(scalar); ok {
		return scalarWords(t), nil, ""
	}
	switch t.Kind() {
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			if _, ok := reflect.New(t.Elem()).Interface().(scalar); !ok {
				return "list", t.Elem(), "[]"
			}
		}
		return "list of " + scalarWords(t.Elem()), nil, ""
	case reflect.Map:
		name := "NAME"
		if e, ok := reflect.New(t.Key()).Interface().(enum); ok {
			name = strings.ToUpper(strings.TrimSuffix(t.Key().Name(), "ID"))
			if name != "CHECK" {
				return "by " + strings.Join(e.words(checks), ", "), t.Elem(), "." + name
			}
			return "by the id of a check", t.Elem(), "." + name
		}
		return "mapping to " + scalarWords(t.Elem()), nil, ""
	}
	return "", t, ""
}

// scalarWords says what a single value is.
func scalarWords(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[glob]():
		return "path or glob"
	case reflect.TypeFor[file]():
		return "path"
	case reflect.TypeFor[duration]():
		return "duration"
	case reflect.TypeFor[points]():
		return fmt.Sprintf("0 to %d", maxPoints)
	case reflect.TypeFor[text](), reflect.TypeFor[name]():
		return "text"
	case reflect.TypeFor[query]():
		return "PromQL"
	case reflect.TypeFor[zone]():
		return "time zone"
	case reflect.TypeFor[clock]():
		return "time of the day"
	case reflect.TypeFor[clockSpan]():
		return "two times of the day"
	case reflect.TypeFor[share]():
		return "between 0 and 1"
	case reflect.TypeFor[number]():
		return "number"
	case reflect.TypeFor[pattern]():
		return "regular expression"
	}
	for _, m := range reflect.New(t).Interface().(scalar).schema(nil) {
		if list, ok := m.value.([]string); ok && m.name == "enum" {
			return strings.Join(list, ", ")
		}
	}
	return "value"
}
