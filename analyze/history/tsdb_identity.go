package history

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// The series that Prometheus writes for an alerting rule, and the label that
// tells its two states apart.
const (
	alertsName = "ALERTS"
	stateName  = "ALERTS_FOR_STATE"
	stateLabel = "alertstate"
)

// minTime and maxTime bound the timestamps that are believed, in milliseconds;
// differences between them cannot overflow.
const (
	minTime = -1 << 52
	maxTime = 1 << 52
)

// kind is which of an alert's series a series is.
type kind uint8

const (
	kindPending kind = iota
	kindFiring
	kindState
	kindNone // none of these
	kinds    = int(kindNone)
)

func kindOf(l labels.Labels) kind {
	switch l.Get(model.MetricNameLabel) {
	case stateName:
		return kindState
	case alertsName:
		switch l.Get(stateLabel) {
		case "pending":
			return kindPending
		case "firing":
			return kindFiring
		}
	}
	return kindNone
}

// identities numbers alert identities in the order in which they are met.
type identities struct {
	byKey  map[string]int32
	labels []labels.Labels
	buf    []byte
}

func newIdentities() *identities { return &identities{byKey: map[string]int32{}} }

// of returns the number of the identity that a series of an alert belongs to.
func (ids *identities) of(series labels.Labels) int32 {
	ids.buf = series.BytesWithoutLabels(ids.buf[:0], model.MetricNameLabel, stateLabel)
	if id, ok := ids.byKey[string(ids.buf)]; ok {
		return id
	}
	id := int32(len(ids.labels))
	ids.byKey[string(ids.buf)] = id
	ids.labels = append(ids.labels, labels.NewBuilder(series).Del(model.MetricNameLabel, stateLabel).Labels())
	return id
}

// sorted returns the numbers in the order of the labels.
func (ids *identities) sorted() []int32 {
	order := make([]int32, len(ids.labels))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return labels.Compare(ids.labels[a], ids.labels[b]) })
	return order
}
