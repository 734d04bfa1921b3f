package score

// A Total sums up many cards.
type Total struct {
	Alerts int
	Mean   float64 // over alerts, out of 100

	// Received is the mean over what was received: each alert counts as often
	// as it fired. Zero Firings means there is none, and Mean leads.
	Received float64
	Firings  int

	Grades map[Grade]int
}

// Lead is the score that a team or repository is known by: over what was
// received where that is known, else over its alerts. The mean over alerts
// alone could be polished by adding alerts that never fire.
func (t Total) Lead() float64 {
	if t.Firings > 0 {
		return t.Received
	}
	return t.Mean
}

// Sum adds cards up. Firings gives how often each alert fired in the window.
func Sum(cards []Card, firings func(*Card) int) Total {
	t := Total{Alerts: len(cards), Grades: map[Grade]int{}}
	var all, received int
	for i := range cards {
		c := &cards[i]
		all += c.Score
		t.Grades[c.Grade]++
		n := firings(c)
		t.Firings += n
		received += n * c.Score
	}
	if t.Alerts > 0 {
		t.Mean = float64(all) / float64(t.Alerts)
	}
	if t.Firings > 0 {
		t.Received = float64(received) / float64(t.Firings)
	}
	return t
}
