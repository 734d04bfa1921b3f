// Package nearest finds the word that was meant where one was misspelled.
package nearest

import "strings"

// To is the known word that was most likely meant, "" if none is close.
func To(word string, known []string) string {
	if len(word) > 40 {
		return ""
	}
	best, least := "", 3
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// Plainly is the known word that was beyond doubt meant: the only one that a
// word is but for case, hyphens, underscores and a slip of the pen, or two in a
// long word. It is "" where there is none.
func Plainly(word string, known []string) string {
	if len(word) > 40 {
		return ""
	}
	found := ""
	for _, k := range known {
		if !slip(bare(word), bare(k)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = k
	}
	return found
}

func bare(word string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(word))
}

// slip reports whether a word could be another with letters missing, too many,
// wrong or swapped: one, two in a long word, and in a short one only swapped.
func slip(word, of string) bool {
	switch n := len(of); {
	case word == of:
		return true
	case n < 4:
		return len(word) == n && distance(word, of) == 1 && strings.Trim(word, of) == ""
	case n < 10:
		return distance(word, of) == 1
	}
	return distance(word, of) <= 2
}

// distance is the number of letters to add, remove or replace, a swap of
// neighbours counting as one (optimal string alignment).
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
