package nearest

import "testing"

func TestTo(t *testing.T) {
	known := []string{"severity", "points", "for", "quiet/no-for"}
	for word, want := range map[string]string{
		"sevrity": "severity", "Severity": "severity", "seveirty": "severity", "quiet/no-four": "quiet/no-for",
		"fro": "for", "": "", "colour": "", "xy": "",
	} {
		if got := To(word, known); got != want {
			t.Errorf("%q: %q was meant, want %q", word, got, want)
		}
	}
}
