package promexpr

import (
	"sync"

	"github.com/grafana/regexp"
)

var (
	// Line filters, and parsers and formats behind a pipe, which PromQL lacks.
	logQL = lazily("\\|[=~>]|\\}\\s*!=\\s*[\"`]|\\}\\s*!~\\s*[\"`]|\\|\\s*(json|logfmt|regexp|pattern|unpack|unwrap|decolorize|drop|keep|line_format|label_format)\\b|\\b(bytes_rate|bytes_over_time|rate_counter|first_over_time)\\s*\\(")
	// Keywords, and functions that only MetricsQL has.
	metricsQL = lazily(`(?i)\bkeep_metric_names\b|[)}\]\w]\s+default\s+[-\d(]|^\s*with\s*\(|[)}]\s*(if|ifnot)\s+[\w({]|\b(rollup\w*|range_\w+|running_\w+|keep_last_value|keep_next_value|interpolate|label_set|label_del|label_keep|label_copy|label_move|label_map|label_match|label_mismatch|label_transform|label_value|labels_equal|alias|drop_common_labels|increase_pure|default_rollup|distinct_over_time|median_over_time|tmax_over_time|tmin_over_time|share_(gt|le|eq)_over_time|count_(gt|le|eq|ne|values)_over_time|histogram_share|outliers_k|outliersk|outliers_iqr|outliers_mad|topk_(max|min|avg|median|last)|bottomk_(max|min|avg|median|last)|prometheus_buckets|buckets_limit|zscore\w*|quantiles|aggr_over_time|lag|lifetime|scrape_interval|ru|remove_resets|smooth_exponential|limit_offset|sort_by_label\w*|any|mode|sum2|geomean)\s*\(`)
)

// lazily compiles when first asked for, which most runs never do.
func lazily(re string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(re) })
}

// Dialect recognises expressions that do not parse because they are written in
// another language: LogQL, of Loki's rules, or MetricsQL, of VictoriaMetrics.
// It is to be asked only of what Parse refuses; "" is PromQL with a mistake.
func Dialect(text string) string {
	switch {
	case logQL().MatchString(text):
		return "LogQL"
	case metricsQL().MatchString(text):
		return "MetricsQL"
	}
	return ""
}
