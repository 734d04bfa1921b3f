package rules

import "go.yaml.in/yaml/v3"

func isTest(tests *yaml.Node) bool {
	for _, t := range tests.Content {
		if t = resolved(t); get(t, "alert_rule_test") != nil || get(t, "promql_expr_test") != nil || get(t, "input_series") != nil {
			return true
		}
	}
	return false
}

// unitTests reads which alerts a file of promtool's unit tests tests.
func (r *reader) unitTests(tests *yaml.Node) {
	r.passOver(r.headSpan(r.root), "unit tests for promtool, not rules")
	for _, t := range tests.Content {
		cases := get(resolved(t), "alert_rule_test")
		if cases == nil || cases.Kind != yaml.SequenceNode {
			continue
		}
		r.visit(len(cases.Content))
		if r.stopped {
			return
		}
		for _, c := range cases.Content {
			if name := get(resolved(c), "alertname"); name != nil && name.Kind == yaml.ScalarNode && name.Value != "" {
				r.file.Tests = append(r.file.Tests, r.scalar(name, name.Value))
			}
		}
	}
}
