package main

import (
	"errors"

	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/routing"
)

// noConfig is the value of --config that leaves everything to be inferred.
const noConfig = "none"

// told are the flags that name what a run need not infer.
type told struct {
	config       string
	alertmanager string
}

func (t *told) register(fs *pflag.FlagSet) {
	fs.StringVar(&t.config, "config", "", "configuration to use (default: "+config.Name+" in the working directory or above, within its git checkout); "+noConfig+" for none")
	t.registerAlertmanager(fs)
}

func (t *told) registerAlertmanager(fs *pflag.FlagSet) {
	fs.StringVar(&t.alertmanager, "alertmanager", "", "Alertmanager's configuration, to tell urgencies by the receivers that alerts reach (default: the one that the configuration names)")
}

// read reads the configuration, nil where there is none, and returns the
// registry as it sets it.
func (t *told) read() (*config.Config, []*analyze.Check, error) {
	all := checks.All()
	path := t.config
	switch path {
	case noConfig:
		return nil, all, nil
	case "":
		found, err := config.Find(".")
		if err != nil {
			return nil, nil, usage("%w", err)
		}
		if found == "" {
			return nil, all, nil
		}
		path = found
	}
	c, err := config.Load(path, all)
	return c, all, mistaken(err)
}

// settings are what the configuration and Alertmanager's tell the run.
func (t *told) settings(c *config.Config) (analyze.Settings, error) {
	s := c.Settings()
	path := t.alertmanager
	if path == "" {
		named, err := c.Alertmanager()
		if err != nil {
			return s, mistaken(err)
		}
		path = named
	}
	if path == "" {
		return s, nil
	}
	tree, err := routing.Load(path)
	if err != nil {
		return s, usage("%w", err)
	}
	s.Routed = tree.Urgency
	return s, nil
}

// mistaken is the exit for a configuration that can't be used; nil for nil.
func mistaken(err error) error {
	var invalid *config.Invalid
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return usage("the configuration can't be used:\n%w", err)
	}
	return usage("%w", err)
}
