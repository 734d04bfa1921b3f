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

func TestPlainly(t *testing.T) {
	known := []string{"for", "expr", "labels", "label", "keep_firing_for", "quiet/no-for", "quiet/no-fork"}
	for word, want := range map[string]string{
		"For": "for", "fro": "for", "ofr": "for", "far": "", "fo": "", "fore": "", "rof": "",
		"exprs": "expr", "exp": "expr", "xepr": "expr", "exps": "expr", "expression": "",
		"lable": "label", "lables": "labels", "Labels": "", // label or labels
		"keepFiringFor": "keep_firing_for", "keep-firing-fro": "keep_firing_for", "keep_fireing_fr": "keep_firing_for", "kep_fireing_fr": "",
		"quiet/no-fro": "", "": "", "colour": "",
	} {
		if got := Plainly(word, known); got != want {
			t.Errorf("%q: %q was meant, want %q", word, got, want)
		}
	}
}
