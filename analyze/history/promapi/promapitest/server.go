// Package promapitest serves a database as Prometheus does, for tests and
// benchmarks: with Prometheus's own API, query engine and remote read.
package promapitest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/grafana/regexp"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	v1 "github.com/prometheus/prometheus/web/api/v1"
)

// Settings of a server; what is zero is as Prometheus has it.
type Settings struct {
	MaxSamples     int           // that a query may load: 50 million
	ExternalLabels labels.Labels // that remote read adds
	FrameBytes     int           // in a frame of remote read, about: 1 MiB
}

// Handler is the API, from /api/v1 on.
func Handler(db storage.SampleAndChunkQueryable, s Settings) http.Handler {
	if s.MaxSamples == 0 {
		s.MaxSamples = 50_000_000
	}
	if s.FrameBytes == 0 {
		s.FrameBytes = 1 << 20
	}
	promQL := parser.NewParser(parser.Options{})
	const lookback = 5 * time.Minute
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: s.MaxSamples, Timeout: 2 * time.Minute, LookbackDelta: lookback, Parser: promQL})
	api := v1.NewAPI(engine, db, nil, nil, nil, nil, nil, nil,
		func() config.Config {
			return config.Config{GlobalConfig: config.GlobalConfig{ExternalLabels: s.ExternalLabels}}
		},
		nil, v1.GlobalURLOptions{}, func(f http.HandlerFunc) http.HandlerFunc { return f }, nil, "", false, false, 0,
		promslog.NewNopLogger(), nil, 50_000_000, 10, s.FrameBytes, false, regexp.MustCompile("^$"),
		func() (v1.RuntimeInfo, error) { return v1.RuntimeInfo{}, errors.New("none") }, &v1.PrometheusVersion{},
		nil, nil, nil, nil, nil, false, nil, false, false, false, false, lookback, false, false, nil, nil, v1.OpenAPIOptions{}, promQL)
	r := route.New()
	api.Register(r.WithPrefix("/api/v1"))
	return r
}

// Blocks opens a copy of the blocks in a folder, made in another, which must
// not exist. The data directory itself stays as it is.
func Blocks(from, to string) (*tsdb.DB, error) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return nil, fmt.Errorf("copying blocks: %w", err)
	}
	o := tsdb.DefaultOptions()
	o.RetentionDuration = 0
	db, err := tsdb.Open(to, promslog.NewNopLogger(), nil, o, nil)
	if err != nil {
		return nil, err
	}
	db.DisableCompactions()
	return db, nil
}
