package rules

// A Set holds all the files of a run. It is read-only once loaded and safe for
// concurrent use.
type Set struct {
	Files []*File // ordered by path
}

// Rules returns every rule, in order of file, group and index.
func (s *Set) Rules() []*Rule {
	var out []*Rule
	for _, f := range s.Files {
		for _, g := range f.Groups {
			out = append(out, g.Rules...)
		}
	}
	return out
}
