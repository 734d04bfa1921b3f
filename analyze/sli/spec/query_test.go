package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
)

// A window may be part of the name of a record. The place of what follows in the
// query stays what it is.
func TestWindowInTheNameOfARecord(t *testing.T) {
	c := spec.Parse("slo.yaml", []byte(`version: prometheus/v1
service: shop
slos:
- name: errors
  objective: 99
  sli:
    raw:
      error_ratio_query: sum(shop:errors:ratio_rate{{ .window }}{env="prod"} + shop10005m)
`), true)
	require.Empty(t, c.Problems)
	require.Equal(t, `sum(shop:errors:ratio_rate5m{env="prod"} + shop10005m)`, c.SLIs[0].Ratio.Expr.String())
}
