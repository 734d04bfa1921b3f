package config

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// SchemaURL is where editors find the schema of the configuration.
const SchemaURL = "https://raw.githubusercontent.com/crywolf-dev/crywolf/main/docs/crywolf-config.schema.json"

// Schema describes the configuration in JSON Schema, draft 7, as editors want
// it. It comes from the types that the file is read into, and from the checks.
func Schema(checks []*analyze.Check) ([]byte, error) {
	s := append(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", SchemaURL},
		{"title", Name},
		{"description", "What crywolf need not infer. Paths are relative to the folder of the file, with / between their parts."},
	}, schemaOf(reflect.TypeFor[document](), checks)...)
	for i := range s {
		if s[i].name == "type" { // a file may hold nothing but comments
			s[i].value = []string{"object", "null"}
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(s)
	return out.Bytes(), err
}

// schemaOf the values that decode reads into a type.
func schemaOf(t reflect.Type, checks []*analyze.Check) object {
	if s, ok := reflect.New(t).Interface().(scalar); ok {
		return s.schema(checks)
	}
	switch t.Kind() {
	case reflect.Struct:
		return schemaOfFields(fieldsOf(reflect.New(t).Elem()), checks)
	case reflect.Slice:
		return object{{"type", "array"}, {"items", schemaOf(t.Elem(), checks)}}
	case reflect.Map:
		return schemaOfMap(t, checks)
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}, {"minimum", 0}}
	case reflect.Float64:
		return object{{"type", "number"}, {"minimum", 0}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.String:
		return object{{"type", "string"}}
	}
	panic("no schema for " + t.String()) // a test makes one of every option
}

func schemaOfFields(fields []field, checks []*analyze.Check) object {
	var properties object
	var required []string
	for _, f := range fields {
		properties = append(properties, member{f.name, append(object{{"description", f.doc}}, schemaOf(f.value.Type(), checks)...)})
		if f.required {
			required = append(required, f.name)
		}
	}
	s := object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
	if required != nil {
		s = append(s, member{"required", required})
	}
	return s
}

func schemaOfMap(t reflect.Type, checks []*analyze.Check) object {
	e, ok := reflect.New(t.Key()).Interface().(enum)
	if !ok {
		return object{
			{"type", "object"}, {"propertyNames", object{{"minLength", 1}}},
			{"additionalProperties", schemaOf(t.Elem(), checks)},
		}
	}
	var properties object
	for _, word := range e.words(checks) {
		about := object{}
		value := reflect.New(t.Elem()).Elem()
		of := func() object { return schemaOf(t.Elem(), checks) }
		for _, c := range checks {
			if c.ID == word {
				about = object{{"description", c.Doc.Title}}
				if t.Elem() == checkOptionsType {
					of = func() object { return schemaOfFields(optionsOf(value, c), checks) }
				}
			}
		}
		properties = append(properties, member{word, append(about, of()...)})
	}
	return object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
}

func (*text) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"minLength", 1}}
}

func (*glob) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"minLength", 1}, {"maxLength", maxPattern}, {"not", object{{"pattern", `^(/|~|.:)|(^|[/\\{,])\.\.([/\\},]|$)`}}}}
}

func (*pattern) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"minLength", 1}, {"maxLength", sli.MaxPattern}}
}

func oneOf(list []string) object { return object{{"enum", list}} }

func (*urgency) schema([]*analyze.Check) object  { return oneOf(urgencyWords()) }
func (*required) schema([]*analyze.Check) object { return oneOf(requiredWords()) }
func (*severity) schema([]*analyze.Check) object { return oneOf(severityWords()) }
func (*verdict) schema([]*analyze.Check) object  { return oneOf(verdictWords()) }

func (*points) schema([]*analyze.Check) object {
	return object{{"type", "integer"}, {"minimum", 0}, {"maximum", maxPoints}}
}

func (*duration) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"pattern", `^([0-9]+(y|w|d|h|ms|m|s))+$`}}
}

func (*query) schema([]*analyze.Check) object {
	return object{{"type", "string"}, {"minLength", 1}}
}

func (*share) schema([]*analyze.Check) object {
	return object{{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 1}}
}

func (*number) schema([]*analyze.Check) object { return object{{"type", "number"}} }

func (*shareOf) schema([]*analyze.Check) object { return oneOf(shareOfWords) }
func (*op) schema([]*analyze.Check) object      { return oneOf(opWords) }

// An object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m.name) + ":")
		var value bytes.Buffer
		enc := json.NewEncoder(&value)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
		b.Write(bytes.TrimRight(value.Bytes(), "\n"))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
