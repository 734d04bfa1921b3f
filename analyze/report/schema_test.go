package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/score"
)

//go:generate go test . -run "^TestSchemaIsGenerated$" -update

var update = flag.Bool("update", false, "write golden files and the JSON Schema anew")

// schemaPath is where the schema of the JSON output is kept for its readers.
var schemaPath = filepath.Join("..", "..", "docs", "crywolf-v1.schema.json")

// mapSchemaPath is where that of a map is kept.
var mapSchemaPath = filepath.Join("..", "..", "docs", "crywolf-map-v1.schema.json")

func TestSchemaIsGenerated(t *testing.T) {
	golden(t, schemaPath, schemaText(t, reflect.TypeFor[document]()))
	golden(t, mapSchemaPath, schemaText(t, reflect.TypeFor[mapDocument]()))
}

// TestJSONMeetsSchema holds real output to the published schema, which allows
// no field that it does not describe.
func TestJSONMeetsSchema(t *testing.T) {
	schema := compileSchema(t, reflect.TypeFor[document]())
	for name, r := range reports(t) {
		t.Run(name, func(t *testing.T) {
			for _, episodes := range []bool{false, true} {
				r.Episodes = episodes
				var out bytes.Buffer
				require.NoError(t, JSON{}.Write(&out, r))
				doc, err := jsonschema.UnmarshalJSON(&out)
				require.NoError(t, err)
				require.NoError(t, schema.Validate(doc))
			}
		})
	}
}

// TestJSONOfSLIsMeetsSchema: alerts that stand for a declared SLI say for which,
// and how that is known, by whatever rung.
func TestJSONOfSLIsMeetsSchema(t *testing.T) {
	r := mapReports(t)["map"]
	r.Command, r.Cards = Lint, score.Cards(r.Result)
	text := write(t, JSON{}, r)
	require.Contains(t, text, `"rung": "containment"`)
	require.Contains(t, text, `"id": "till/payments"`)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, compileSchema(t, reflect.TypeFor[document]()).Validate(doc))
}

func TestSchemaRefusesUnknownFields(t *testing.T) {
	schema := compileSchema(t, reflect.TypeFor[document]())
	var out bytes.Buffer
	require.NoError(t, JSON{}.Write(&out, reports(t)["few"]))
	for _, into := range []string{`{`, `"summary": {`, `"rule": {`} {
		require.Contains(t, out.String(), into)
		altered := strings.Replace(out.String(), into, into+`"surprise": 1,`, 1)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(altered))
		require.NoError(t, err)
		require.Error(t, schema.Validate(doc), "a surprise in %s", into)
	}
}

func compileSchema(t *testing.T, of reflect.Type) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t, of)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("crywolf-v1.schema.json", doc))
	schema, err := c.Compile("crywolf-v1.schema.json")
	require.NoError(t, err)
	return schema
}

// schemaText describes the JSON output by the types that it is made of.
func schemaText(t *testing.T, of reflect.Type) []byte {
	t.Helper()
	s := schemaOf(t, of, "")
	command := "What crywolf writes"
	if of == reflect.TypeFor[mapDocument]() {
		command = "What crywolf map writes"
	}
	s = append(ordered{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", Schema},
		{"description", command + " with --format json. Times are RFC 3339 with milliseconds, in UTC; numbers carry their unit in their name."},
	}, s...)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(s))
	return out.Bytes()
}

// ordered is a JSON object that keeps the order of its members.
type ordered []member

type member struct {
	name  string
	value any
}

func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func schemaOf(t *testing.T, typ reflect.Type, tag reflect.StructTag) ordered {
	t.Helper()
	var s ordered
	if doc := tag.Get("doc"); doc != "" {
		s = append(s, member{"description", doc})
	}
	kind := func(name string) { s = append(s, member{"type", name}) }
	switch typ.Kind() {
	case reflect.Pointer:
		return schemaOf(t, typ.Elem(), tag)
	case reflect.String:
		kind("string")
		if enum := tag.Get("enum"); enum != "" {
			s = append(s, member{"enum", strings.Split(enum, ",")})
		}
		if format := tag.Get("format"); format != "" {
			s = append(s, member{"format", format})
		}
	case reflect.Int, reflect.Int64:
		kind("integer")
	case reflect.Float64:
		kind("number")
	case reflect.Bool:
		kind("boolean")
	case reflect.Slice:
		kind("array")
		s = append(s, member{"items", schemaOf(t, typ.Elem(), "")})
	case reflect.Map:
		kind("object")
		s = append(s, member{"additionalProperties", schemaOf(t, typ.Elem(), "")})
	case reflect.Struct:
		kind("object")
		var properties ordered
		required := []string{}
		for _, f := range reflect.VisibleFields(typ) {
			name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous {
				continue
			}
			require.NotEmpty(t, name, "%s.%s has no JSON name", typ, f.Name)
			properties = append(properties, member{name, schemaOf(t, f.Type, f.Tag)})
			if opts != "omitempty" {
				required = append(required, name)
			}
		}
		s = append(s, member{"properties", properties}, member{"required", required}, member{"additionalProperties", false})
	default:
		t.Fatalf("no schema for %s", typ)
	}
	return s
}

// golden compares what was got with a file, or writes the file anew.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with: go test ./analyze/report -update")
	require.Equal(t, string(want), string(got), "if that is as it should be: go test ./analyze/report -update")
}
