package spec

// mistakes in specifications, with all that is said of each and the SLIs that
// stay.
var mistakes = []struct {
	name, src string
	want      []string
}{
	{"no name", with(openSLO, "  name: orders\n", ""), []string{
		`4:3: metadata has no name: it names the SLO`,
	}},
	{"misspelt kind", with(openSLO, "kind: SLO", "kind: Slo"), []string{
		`2:7: there is no kind "Slo" in openslo/v1 Did you mean "SLO"?`,
	}},
	{"unknown indicator", with(openSLO, "ratioMetric:", "percentileMetric:"), []string{
		`14:7: spec.indicator.spec has none of ratioMetric, thresholdMetric, but percentileMetric [checkout/orders]`,
	}},
	{"misspelt indicator", with(openSLO, "ratioMetric:", "ratioMetrics:"), []string{
		`14:7: unknown key "ratioMetrics" in spec.indicator.spec Did you mean "ratioMetric"? [checkout/orders]`,
	}},
	{"good and bad", with(openSLO, "        bad:", "        good: {metricSource: {type: Prometheus, spec: {query: up}}}\n        bad:"), []string{
		`16:9: spec.indicator.spec.ratioMetric has both good and bad; it must have exactly one of good, bad, raw Leave out all but one. [checkout/orders]`,
	}},
	{"no total", with(openSLO, "        total:", "        sum:"), []string{
		`15:9: spec.indicator.spec.ratioMetric has no total: it takes a metricSource [checkout/orders]`,
	}},
	{"no query", with(openSLO, "query: 'sum(rate(orders_total[5m]))'", "text: up"), []string{
		`16:57: spec.indicator.spec.ratioMetric.total.metricSource.spec has no query: it takes a query in PromQL [checkout/orders]`,
	}},
	{"empty query", with(openSLO, "query: 'sum(rate(orders_total[5m]))'", "query: ''"), []string{
		`16:57: spec.indicator.spec.ratioMetric.total.metricSource.spec has no query: it takes a query in PromQL [checkout/orders]`,
	}},
	{"broken query, quoted", with(openSLO, "rate(orders_total[5m])", "rate(orders_total[5m]"), []string{
		`16:91: not PromQL: unclosed left parenthesis [checkout/orders]`,
	}},
	{"broken query, plain", with(slothSource, `{code=~"5.."}[{{.window}}]`, `{code=~5xx}[{{.window}}]`), []string{
		`13:50: not PromQL: unexpected character inside braces: '5' [checkout/orders]`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"broken query, literal", with(slothSource, "rate(orders_total[{{ .window }}])", "rate(orders_total[{{ .window }}]) by"), []string{
		`16:47: not PromQL: unexpected <by> in aggregation [checkout/orders]`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"range missing", with(slothSource, "rate(orders_total[{{ .window }}])", "rate(orders_total)"), []string{
		`16:18: not PromQL: expected type range vector in call to function "rate", got instant vector [checkout/orders]`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"target in percent", with(openSLO, "0.999", "99.9"), []string{
		`18:15: spec.objectives[0].target is 99.9; it must be a share between 0 and 1 Did you mean 0.999?`,
		`checkout/orders`,
	}},
	{"target of one", with(openSLO, "0.999", "1"), []string{
		`18:15: spec.objectives[0].target is 1; an objective of 1 leaves no budget for errors`,
		`checkout/orders`,
	}},
	{"target below", with(openSLO, "0.999", "-1"), []string{
		`18:15: spec.objectives[0].target is -1; it must be a share between 0 and 1`,
		`checkout/orders`,
	}},
	{"target is no number", with(openSLO, "0.999", "99.9%"), []string{
		`18:15: spec.objectives[0].target must be a number, not "99.9%" Leave out the %.`,
		`checkout/orders`,
	}},
	{"no target", with(openSLO, "- target: 0.999", "- displayName: all"), []string{
		`18:7: spec.objectives[0] has no target: it is the share that is promised to be good, such as 0.999`,
		`checkout/orders`,
	}},
	{"two targets", with(openSLO, "- target: 0.999", "- target: 0.999\n      targetPercent: 99.9"), []string{
		`19:7: spec.objectives[0] has both target and targetPercent Leave out one of the two.`,
		`checkout/orders`,
	}},
	{"no objectives", with(openSLO, "  objectives:\n    - target: 0.999\n", ""), []string{
		`9:3: spec has no objectives: they say how much is promised`,
		`checkout/orders`,
	}},
	{"objectives are no list", with(openSLO, "    - target: 0.999\n", "    target: 0.999\n"), []string{
		`18:5: spec.objectives must be a list, not a mapping Start each of its items with "- ".`,
		`checkout/orders`,
	}},
	{"bad window", with(openSLO, "4w", "4 weeks"), []string{
		`10:27: spec.timeWindow[0].duration must be a number and one of m, h, d, w, M, Q, Y, such as 28d, of ten years at most; it is "4 weeks"`,
		`checkout/orders`,
	}},
	{"long window", with(openSLO, "4w", "9999Y"), []string{
		`10:27: spec.timeWindow[0].duration must be a number and one of m, h, d, w, M, Q, Y, such as 28d, of ten years at most; it is "9999Y"`,
		`checkout/orders`,
	}},
	{"no indicator", with(openSLO, "  indicator:", "  indicator2:"), []string{
		`11:3: unknown key "indicator2" in spec Did you mean "indicator"?`,
	}},
	{"both kinds of indicator", with(openSLO, "  indicator:", "  indicatorRef: x\n  indicator:"), []string{
		`11:3: spec has both indicator and indicatorRef; it must have exactly one of indicator, indicatorRef Leave out all but one. [checkout/orders]`,
	}},
	{"dangling reference", with(openSLO, "  indicator:", "  indicatorRef: nowhere\n  x:"), []string{
		`11:17: no SLI is called "nowhere" in the files that are loaded Load the file that holds it too. [checkout/orders]`,
	}},
	{"no op", with(openSLOThreshold, "op: lte, value: 60,", "value: 60,"), []string{
		`15:8: spec.objectives[0] has no op: it says on which side of the value is good: lt, lte, gt or gte [queue-0]`,
		`queue-1`,
	}},
	{"bad op", with(openSLOThreshold, "op: lte, value: 60,", "op: '<=', value: 60,"), []string{
		`15:12: spec.objectives[0].op is "<="; it must be lt, lte, gt or gte [queue-0]`,
		`queue-1`,
	}},
	{"no value", with(openSLOThreshold, "value: 60,", ""), []string{
		`15:8: spec.objectives[0] has no value: it is the threshold that the metric is compared with [queue-0]`,
		`queue-1`,
	}},
	{"other data source", with(openSLOThreshold, "Prometheus", "Datadog"), []string{
		`passed 10:11: it is measured by Datadog, whose queries are not known to be PromQL [queue-0]`,
		`passed 10:11: it is measured by Datadog, whose queries are not known to be PromQL [queue-1]`,
	}},
	{"unknown data source, PromQL", with(openSLOThreshold, "          type: Prometheus\n", ""), []string{
		`queue-0`,
		`queue-1`,
	}},
	{"unknown data source, no PromQL", with(openSLOThreshold, "          type: Prometheus\n", "", "max(queue_age_seconds)", "sum:requests{*}"), []string{
		`passed 11:20: the query is not PromQL, and for a data source of unknown type; it is not judged [queue-0]`,
		`passed 11:20: the query is not PromQL, and for a data source of unknown type; it is not judged [queue-1]`,
	}},
	{"raw without its type", with(openSLO, "        bad:", "        raw:", "        total:", "        x:"), []string{
		`15:9: spec.indicator.spec.ratioMetric has no rawType: it says of what raw is the share: success or failure [checkout/orders]`,
	}},
	{"raw with a total", with(openSLO, "        bad:", "        raw:"), []string{
		`16:9: spec.indicator.spec.ratioMetric has both raw and total; raw is a ratio already Leave out one of the two. [checkout/orders]`,
	}},
	{"v2alpha", with(openSLO, "openslo/v1", "openslo.com/v2alpha"), []string{
		`passed 1:13: openslo.com/v2alpha is a version of OpenSLO that is not read; openslo/v1 and openslo/v1alpha are [checkout/orders]`,
	}},
	{"alpha, no total", with(alpha, "        total:", "        all:"), []string{
		`9:9: spec.objectives[0].ratioMetrics has no total: it takes a source and a query [checkout/orders]`,
	}},
	{"alpha, unit", with(alpha, "Week", "Fortnight"), []string{
		`13:24: spec.timeWindows[0].unit is "Fortnight"; units are Minute, Hour, Day, Week, Month, Quarter and Year`,
		`checkout/orders`,
	}},
	{"alpha, count", with(alpha, "count: 2", "count: 0.5"), []string{
		`13:15: spec.timeWindows[0].count must be a whole number from 1 on, of ten years at most; it is 0.5`,
		`checkout/orders`,
	}},
	{"alpha, other source", with(alpha, "source: prometheus, queryType: promql", "source: datadog, queryType: query"), []string{
		`passed 9:16: it is measured by datadog, whose queries are not known to be PromQL [checkout/orders]`,
	}},
	{"snake in the object", with(slothKubernetes, "errorQuery", "error_query", "pageAlert", "page_alert"), []string{
		`13:11: unknown key "error_query" in spec.slos[0].sli.events Did you mean "errorQuery"? [checkout/orders]`,
		`16:9: unknown key "page_alert" in spec.slos[0].alerting Did you mean "pageAlert"? [checkout/orders]`,
	}},
	{"camel in the file", with(slothSource, "error_query", "errorQuery", "page_alert", "pageAlert"), []string{
		`13:9: unknown key "errorQuery" in slos[0].sli.events Did you mean "error_query"? [checkout/orders]`,
		`19:7: unknown key "pageAlert" in slos[0].alerting Did you mean "page_alert"? [checkout/orders]`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"share in Sloth", with(slothSource, "99.9", "0.999"), []string{
		`7:16: slos[0].objective is 0.999; it must be in percent, between 1 and 100 Did you mean 99.9?`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"100 in Sloth", with(slothSource, "99.9", "100"), []string{
		`7:16: slos[0].objective is 100; an objective of 100 % leaves no budget for errors`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"no objective in Sloth", with(slothSource, "    objective: 99.9\n", ""), []string{
		`6:5: slos[0] has no objective: it is the share in percent that is promised to be good`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"no service", with(slothSource, "service: checkout\n", ""), []string{
		`1:1: the document has no service: it names what the SLOs are of`,
	}},
	{"no slos", with(slothSource, "slos:", "items:"), []string{
		`1:1: the document has no slos: it lists what is promised`,
	}},
	{"two kinds in Sloth", with(slothSource, "    sli:\n", "    sli:\n      plugin: {id: x}\n"), []string{
		`12:7: slos[0].sli has both events and plugin; it must have exactly one of events, raw, plugin Leave out all but one. [checkout/orders]`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"no sli", with(slothSource, "    sli:\n      raw: {error_ratio_query: '1 - avg(satisfaction_ratio)'}\n", ""), []string{
		`20:5: slos[1] has no sli: it says what is measured [checkout/satisfaction]`,
		`checkout/orders`,
		`checkout/plugged`,
	}},
	{"empty sli", with(slothSource, "      raw: {error_ratio_query: '1 - avg(satisfaction_ratio)'}\n", ""), []string{
		`22:5: slos[1] has no sli: it says what is measured [checkout/satisfaction]`,
		`checkout/orders`,
		`checkout/plugged`,
	}},
	{"disable is text", with(slothSource, "disable: true", "disable: 'yes'"), []string{
		`19:29: slos[0].alerting.page_alert.disable must be true or false, not "yes"`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"same name", with(slothSource, "name: satisfaction", "name: orders"), []string{
		`20:11: another SLI is called "checkout/orders", and says something else: f:6 Give one of the two another name.`,
		`checkout/orders`,
		`checkout/plugged`,
	}},
	{"key twice", with(slothSource, "    objective: 95\n", "    objective: 95\n    objective: 96\n"), []string{
		`22:5: key "objective" of slos[1] is already set on line 21 Remove one of the two.`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
	}},
	{"pyrra, a query", with(pyrraRatio, "metric: orders_total", "metric: 'sum(rate(orders_total[5m]))'"), []string{
		`14:23: spec.indicator.ratio.total.metric must be the selector of a metric, not a query Leave out what is around the selector: Pyrra adds rate and sum by itself. [orders]`,
	}},
	{"pyrra, unknown kind", with(pyrraRatio, "    ratio:", "    quantile:"), []string{
		`12:5: spec.indicator has none of ratio, latency, latencyNative, bool_gauge, but quantile [orders]`,
	}},
	{"pyrra, boolGauge", with(pyrraRatio, "    ratio:", "    boolGauge:"), []string{
		`12:5: unknown key "boolGauge" in spec.indicator Did you mean "bool_gauge"? [orders]`,
	}},
	{"pyrra, share", with(pyrraRatio, "99.9", "0.999"), []string{
		`8:11: spec.target is 0.999; it must be in percent, between 1 and 100 Did you mean 99.9?`,
		`orders`,
	}},
	{"pyrra, number", with(pyrraRatio, "'99.9'", "99.9"), []string{
		`8:11: spec.target must be text, not the number 99.9 Write it in quotes.`,
		`orders`,
	}},
	{"pyrra, window", with(pyrraRatio, "4w", "1M"), []string{
		`9:11: spec.window must be a duration such as 4w, not "1M"`,
		`orders`,
	}},
	{"pyrra, no window", with(pyrraRatio, "  window: 4w\n", ""), []string{
		`8:3: spec has no window: it is the time over which the target holds, such as 4w`,
		`orders`,
	}},
	{"pyrra, no errors", with(pyrraRatio, "      errors:", "      error:"), []string{
		`13:7: unknown key "error" in spec.indicator.ratio Did you mean "errors"? [orders]`,
	}},
	{"pyrra, three of two", with(pyrraRatio, "      errors:", "      success: {metric: ok_total}\n      errors:"), []string{
		`13:7: spec.indicator.ratio has errors, success and total; the third follows from two Leave out one of the three. [orders]`,
	}},
	{"pyrra, one of two", with(pyrraRatio, "      errors: {metric: 'orders_total{code=~\"5..\"}'}\n", ""), []string{
		`13:7: spec.indicator.ratio has no errors: it takes a metric: the selector of a counter or a histogram [orders]`,
	}},
	{"other place", with(pyrraRatio, "metric: orders_total", "metric: '${METRIC'"), []string{
		`passed 14:23: the query has places that something fills in, and is no PromQL before that [orders]`,
	}},
	{"template", with(pyrraRatio, "orders\n", "\"{{ .Values.name }}\"\n"), []string{
		`1:1: the file is a template, which is not read as it stands It looks like a template: render it first, and check the result.`,
	}},
	{"no SLO", "a: 1\n", []string{
		`1:1: no SLO specification in the file SLOs are read from files of OpenSLO, Sloth and Pyrra.`,
	}},
	{"empty", "", []string{
		`1:1: no SLO specification in the file SLOs are read from files of OpenSLO, Sloth and Pyrra.`,
	}},
	{"not YAML", "apiVersion: openslo/v1\nkind: [\n", []string{
		`2:1: not valid YAML: did not find expected node content`,
	}},
	{"one bad document", slothSource + "---\na: [\n---\n" + pyrraRatio, []string{
		`29:1: not valid YAML: did not find expected node content`,
		`checkout/orders`,
		`checkout/satisfaction`,
		`checkout/plugged`,
		`orders`,
	}},
	{"cycle", "version: prometheus/v1\nservice: s\nslos: &a\n- *a\n", []string{
		`3:7: slos[0] must be a mapping of keys to values, not a list`,
	}},
}
