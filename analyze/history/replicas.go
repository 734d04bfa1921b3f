package history

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// WithoutReplicas takes labels that tell replicas apart off the instances, and
// makes one alert of what differed in nothing else: it is active while any of
// the replicas says so.
func (h *History) WithoutReplicas(names []string) *History {
	carries := func(i int) bool {
		return slices.ContainsFunc(names, h.Instances[i].Has)
	}
	touched := false
	for i := range h.Instances {
		if carries(i) {
			touched = true
			break
		}
	}
	if !touched {
		return h
	}
	bare := *h
	bare.Instances = slices.Clone(h.Instances)
	for i, l := range bare.Instances {
		if carries(i) {
			bare.Instances[i] = labels.NewBuilder(l).Del(names...).Labels()
		}
	}
	return merge(&bare)
}
