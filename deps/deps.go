package deps

import (
	_ "github.com/grafana/dskit/concurrency"
	_ "github.com/olekukonko/tablewriter"
	_ "github.com/prometheus/prometheus/promql/parser"
	_ "github.com/prometheus/prometheus/rules"
	_ "github.com/prometheus/prometheus/tsdb"
	_ "github.com/spf13/cobra"
	_ "github.com/spf13/pflag"
	_ "github.com/prometheus/common/model"
	_ "github.com/stretchr/testify/require"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "go.yaml.in/yaml/v3"
	_ "golang.org/x/term"
	_ "golang.org/x/tools/txtar"
)
