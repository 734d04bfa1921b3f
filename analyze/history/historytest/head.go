package historytest

import (
	"fmt"
	"path/filepath"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
)

// GenerateForeignHead writes a write-ahead log with the given number of series
// that have nothing to do with alerts into dir, scraped a few times, and one
// alert that fires all the while: what a reader of alerts has to get past.
func GenerateForeignHead(dir string, series, scrapes int) (err error) {
	w, err := wlog.New(nil, nil, filepath.Join(dir, "wal"), compression.Snappy)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := w.Close(); err == nil {
			err = cerr
		}
	}()
	const batch = 2000
	var enc record.Encoder
	own := []record.RefSeries{
		{Ref: 1, Labels: labels.FromStrings(model.MetricNameLabel, "ALERTS", "alertname", "Lonely", "alertstate", "firing")},
		{Ref: 2, Labels: labels.FromStrings(model.MetricNameLabel, "ALERTS_FOR_STATE", "alertname", "Lonely")},
	}
	if err := w.Log(enc.Series(own, nil)); err != nil {
		return err
	}
	for i := 0; i < series; i += batch {
		var rs []record.RefSeries
		for k := i; k < min(i+batch, series); k++ {
			rs = append(rs, record.RefSeries{Ref: chunks.HeadSeriesRef(k + 3), Labels: labels.FromStrings(
				model.MetricNameLabel, fmt.Sprintf("metric_%d_total", k%997),
				"instance", fmt.Sprintf("host-%d.example.org:9100", k/997),
				"job", "node", "path", fmt.Sprintf("/api/v1/objects/%d", k%13))})
		}
		if err := w.Log(enc.Series(rs, nil)); err != nil {
			return err
		}
	}
	for n := range scrapes {
		ts := int64(benchStart) + int64(n)*BenchStep
		for i := 0; i < series; i += batch {
			var ss []record.RefSample
			for k := i; k < min(i+batch, series); k++ {
				ss = append(ss, record.RefSample{Ref: chunks.HeadSeriesRef(k + 3), T: ts + int64(k%1000), V: float64(n * k)})
			}
			if err := w.Log(enc.Samples(ss, nil)); err != nil {
				return err
			}
		}
		own := []record.RefSample{{Ref: 1, T: ts, V: 1}, {Ref: 2, T: ts, V: benchStart / 1000}}
		if err := w.Log(enc.Samples(own, nil)); err != nil {
			return err
		}
	}
	return nil
}
