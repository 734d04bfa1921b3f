package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := config.Schema(checks.All())
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource(config.SchemaURL, doc))
	schema, err := c.Compile(config.SchemaURL)
	require.NoError(t, err)
	return schema
}

// instance is the YAML text as JSON has it.
func instance(t *testing.T, text string) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal([]byte(text), &v))
	data, err := json.Marshal(v)
	require.NoError(t, err)
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return out
}

// beyond are the mistakes that a schema of this kind can't see.
var beyond = []string{"requires what has no keys", "an earlier scope", "in another spelling", "neither paths nor labels", "is no pattern", "more than a pattern", "a control character", "stands twice", "can't be used", " measures ", "total alone", "an earlier one", "of no label", "is no regular expression", "is no time zone", "ends as it begins"}

// agree holds the schema and the decoder to each other.
func agree(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	_, err := config.Parse("x", []byte(text), checks.All())
	refused := schema.Validate(instance(t, text))
	var invalid *config.Invalid
	if err == nil {
		require.NoError(t, refused, "it decodes, and the schema refuses it:\n%s", text)
		return
	}
	require.True(t, errors.As(err, &invalid))
	for _, p := range invalid.Problems {
		seen := true
		for _, b := range beyond {
			seen = seen && !strings.Contains(p.Message, b)
		}
		if seen {
			require.Error(t, refused, "the schema accepts it, and it does not decode: %s\n%s", p.Message, text)
			return
		}
	}
}

func TestSchema(t *testing.T) {
	schema := compiled(t)
	require.NoError(t, schema.Validate(instance(t, full)))
	require.NoError(t, schema.Validate(instance(t, "# nothing")))
	for _, bad := range []string{
		"patsh: []", "paths: rules", "paths: [1]", "paths: [/etc]", "paths: [a/../b]", "paths: ['']", "urgency: {a: pge}", "urgency: {'': page}",
		"style: {ownr: {keys: []}}", "style: {owner: {}}", "style: {owner: {keys: [a], required: [none]}}", "scrape_interval: 30", "scrape_interval: 5x",
		"hours: {business: 9-18}", "hours: {sleep: '22:00'}", "hours: {business_days: [monday]}", "hours: {shift_start: '13:00'}", "hours: {zone: UTC}",
		"checks: {quiet/no-fur: {}}", "checks: {quiet/no-for: {severity: fatal}}", "checks: {quiet/no-for: {points: 101}}",
		"checks: {quiet/no-for: {page_per_week: 1}}", "checks: {quiet/frequent: {page_per_week: many}}", "checks: {quiet/frequent: {page_per_week: -1}}",
		"overrides: [{paths: [a]}]", "overrides: [{paths: [a], checks: {quiet/frequent: {page_per_week: 1}}}]", "scopes: [{paths: [a]}]",
		"slis: [{id: a, good: '', total: up}]", "slis: [{ratio: up, ratio_of: good}]", "slis: [{id: a, ratio: up, ratio_of: errors}]", "slis: [{id: a, value: up, op: '<', threshold: 1}]",
		"slis: [{id: a, objective: 1, ratio: up, ratio_of: good}]", "slis: [{id: a, window: 1 week, ratio: up, ratio_of: good}]", "slos: [../a]",
		"metrics: {}", "metrics: [{names: a}]", "metrics: [{verdict: cause}]", "metrics: [{names: '', verdict: cause}]", "metrics: [{names: a, verdict: causes}]",
	} {
		require.Error(t, schema.Validate(instance(t, bad)), bad)
		_, err := config.Parse("x", []byte(bad), checks.All())
		require.Error(t, err, bad)
	}
}

// Random files are accepted by both or refused by both.
func TestSchemaAgreesWithDecoder(t *testing.T) {
	schema := compiled(t)
	random := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 1500 {
		text := randomYAML(random)
		agree(t, schema, text)
		if _, err := config.Parse("x", []byte(text), checks.All()); err == nil {
			accepted++
		}
	}
	require.Greater(t, accepted, 50, "too few of the random files are right")
}

// randomYAML is the full example with some of its words exchanged for others.
func randomYAML(random *rand.Rand) string {
	tokens := []string{"paths", "rules", "page", "ticket", "info", "none", "off", "error", "severity", "points", "7", "3.5", "-1", "101", "true", "''", "..", "/x", "[]", "{}",
		"keys", "required", "team", "1m", "quiet/frequent", "quiet/no-for", "name", "labels", "checks", "min_firings", "page_per_week", "'a,b'", "null", "slis", "id", "ratio_of", "ratio", "good", "lt", "0.5", "objective"}
	words := strings.FieldsFunc(full, func(r rune) bool { return strings.ContainsRune(" \n:{}[],-&\"", r) })
	text := full
	for range random.IntN(3) {
		word := words[random.IntN(len(words))]
		if random.IntN(3) > 0 {
			text = strings.Replace(text, word, tokens[random.IntN(len(tokens))], 1)
		}
	}
	var v any
	if yaml.Unmarshal([]byte(text), &v) != nil {
		return full
	}
	if _, err := json.Marshal(v); err != nil {
		return full
	}
	return text
}
