package noise

import "slices"

// incidents returns when each incident among begins started, ascending; see
// Load. Of those that are alike in one way it is enough to join each with the
// one before it, so the begins are gone through once.
func (s *study) incidents(begins []begin) []int64 {
	slices.SortFunc(begins, byTime)
	var (
		marks  = s.newMarks()
		last   = map[int32]int{} // by mark, the last begin that had it
		parent = make([]int, len(begins))
		gap    = s.o.IncidentGap.Milliseconds()
	)
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, b := range begins {
		parent[i] = i
		for _, mark := range marks.of(b.instance) {
			if k, ok := last[mark]; ok && b.at-begins[k].at <= gap {
				x, y := root(k), root(i)
				parent[max(x, y)] = min(x, y) // the root is the first
			}
			last[mark] = i
		}
	}
	var starts []int64
	for i, b := range begins {
		if parent[i] == i {
			starts = append(starts, b.at)
		}
	}
	return starts
}

// marks are what instances can be alike in: their rule, or the value of a
// label, each under a number.
type marks struct {
	*study
	known   map[int32][]int32
	numbers map[[2]string]int32
	lone    map[string]bool // labels with one value on all instances
}

func (s *study) newMarks() *marks {
	m := &marks{study: s, known: map[int32][]int32{}, numbers: map[[2]string]int32{}, lone: map[string]bool{}}
	for _, name := range s.o.ServiceLabels {
		m.lone[name] = true
		for i := 1; i < len(s.Instances) && m.lone[name]; i++ {
			m.lone[name] = s.Instances[i].Get(name) == s.Instances[0].Get(name)
		}
	}
	return m
}

func (m *marks) of(instance int32) []int32 {
	if known, ok := m.known[instance]; ok {
		return known
	}
	var out []int32
	for _, i := range m.Candidates(instance) {
		out = append(out, int32(i))
	}
	for _, name := range m.o.ServiceLabels {
		value := m.Instances[instance].Get(name)
		if value == "" || m.lone[name] {
			continue
		}
		key := [2]string{name, value}
		n, ok := m.numbers[key]
		if !ok {
			n = int32(len(m.rules) + len(m.numbers))
			m.numbers[key] = n
		}
		out = append(out, n)
	}
	m.known[instance] = out
	return out
}
