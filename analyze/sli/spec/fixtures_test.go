package spec

import "strings"

const openSLO = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: orders
  displayName: Orders go through
  labels:
    team: [shop, web]
spec:
  service: checkout
  timeWindow: [{duration: 4w, isRolling: true}]
  indicator:
    metadata: {name: order-errors}
    spec:
      ratioMetric:
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(orders_total{code=~"5.."}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(orders_total[5m]))'}}}
  objectives:
    - target: 0.999
`

const openSLOThreshold = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: queue
spec:
  indicator:
    spec:
      thresholdMetric:
        metricSource:
          type: Prometheus
          spec:
            query: |
              max(queue_age_seconds)
  objectives:
    - {op: lte, value: 60, targetPercent: 99}
    - {op: lte, value: 600, targetPercent: 99.9}
  timeWindow: [{duration: 1M}]
`

const alpha = `apiVersion: openslo/v1alpha
kind: SLO
metadata:
  name: orders
spec:
  service: checkout
  objectives:
    - ratioMetrics:
        good: {source: prometheus, queryType: promql, query: 'sum(rate(ok_total[{{.window}}]))'}
        total: {source: prometheus, queryType: promql, query: 'sum(rate(all_total[{{.window}}]))'}
      target: 0.99
  timeWindows:
    - {count: 2, unit: Week}
`

const slothSource = `version: prometheus/v1
service: checkout
labels:
  owner: shop
slos:
  - name: orders
    objective: 99.9
    description: |
      Orders go through.
      All of them.
    sli:
      events:
        error_query: sum(rate(orders_total{code=~"5.."}[{{.window}}]))
        total_query: |
          sum(
            rate(orders_total[{{ .window }}])
          )
    alerting:
      page_alert: {disable: true}
  - name: satisfaction
    objective: 95
    sli:
      raw: {error_ratio_query: '1 - avg(satisfaction_ratio)'}
  - name: plugged
    objective: 99
    sli:
      plugin: {id: some/plugin, options: {job: x}}
`

const slothKubernetes = `apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata:
  name: x
  namespace: shop
spec:
  service: checkout
  slos:
    - name: orders
      objective: 99.9
      sli:
        events:
          errorQuery: sum(rate(orders_total{code=~"5.."}[{{.window}}]))
          totalQuery: sum(rate(orders_total[{{.window}}]))
      alerting:
        pageAlert: {labels: {severity: page}}
`

const pyrraRatio = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: orders
  namespace: shop
  labels: {pyrra.dev/team: shop, role: alert-rules}
spec:
  target: '99.9'
  window: 4w
  description: Orders go through.
  indicator:
    ratio:
      errors: {metric: 'orders_total{code=~"5.."}'}
      total: {metric: orders_total}
      grouping: [route]
  alerting: {disabled: true}
`

// with a text of a fixture replaced, which must be there.
func with(src string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(src, pairs[i]) {
			panic("no " + pairs[i] + " in the fixture")
		}
		src = strings.Replace(src, pairs[i], pairs[i+1], 1)
	}
	return src
}
