package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/checks"
	"github.com/crywolf-dev/crywolf/analyze/config"
	"github.com/crywolf-dev/crywolf/analyze/routing"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/analyze/sli/spec"
	"github.com/crywolf-dev/crywolf/rules"
)

// noConfig is the value of --config that leaves everything to be inferred.
const noConfig = "none"

// told are the flags that name what a run need not infer.
type told struct {
	config       string
	alertmanager string
	slos         []string
}

func (t *told) register(fs *pflag.FlagSet) {
	fs.StringVar(&t.config, "config", "", "configuration to use (default: "+config.Name+" in the working directory or above, within its git checkout); "+noConfig+" for none")
	t.registerAlertmanager(fs)
	fs.StringArrayVar(&t.slos, "slo", nil, "SLO specifications (OpenSLO, Sloth, Pyrra) in a file or folder, to tell what alerts stand for; may be repeated (default: those that the configuration names)")
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

// settings are what the configuration, the specifications of SLOs and
// Alertmanager's configuration tell the run.
func (t *told) settings(ctx context.Context, c *config.Config) (analyze.Settings, error) {
	s := c.Settings()
	catalog, err := t.catalog(ctx, c)
	if err != nil {
		return s, err
	}
	s.Catalog = catalog
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

// catalog is what is declared of SLIs: in the configuration, and in the
// specifications that are named, by default those that the configuration names.
// It is nil where nothing is.
func (t *told) catalog(ctx context.Context, c *config.Config) (*sli.Catalog, error) {
	paths, err := t.specified(c)
	if err != nil {
		return nil, err
	}
	declared := c.SLIs()
	if len(paths) == 0 && len(declared) == 0 {
		return nil, nil
	}
	specified := &sli.Catalog{}
	if len(paths) > 0 {
		if specified, err = spec.Load(ctx, paths); err != nil {
			return nil, usage("%w", err)
		}
	}
	return spec.Join(&sli.Catalog{SLIs: declared}, specified), nil
}

// specified are the files and folders of the specifications.
func (t *told) specified(c *config.Config) ([]string, error) {
	if len(t.slos) > 0 {
		return t.slos, nil
	}
	named, err := c.SLOs()
	return named, mistaken(err)
}

// catalogBefore is the catalogue as it was before a change. was gives the files
// that there were, of those that there are, under some paths.
func (t *told) catalogBefore(ctx context.Context, c *config.Config, was func(now []*rules.File, paths []string) ([]*rules.File, error)) (*sli.Catalog, error) {
	paths, err := t.specified(c)
	if err != nil {
		return nil, err
	}
	declared := c.SLIs()
	if len(declared) > 0 {
		file := declared[0].File
		old, err := was([]*rules.File{file}, nil)
		switch {
		case err != nil:
			return nil, err
		case len(old) == 0:
			declared = nil
		case old[0] != file:
			if before, err := config.Parse(c.Path, old[0].Source, checks.All()); err == nil {
				declared = before.SLIs()
			}
		}
	}
	var files []spec.File
	if len(paths) > 0 {
		now, err := spec.Files(ctx, paths)
		if err != nil {
			return nil, usage("%w", err)
		}
		var texts []*rules.File
		for _, f := range now {
			if f.Unread == "" {
				texts = append(texts, f.File)
			}
		}
		old, err := was(texts, paths)
		if err != nil {
			return nil, err
		}
		for _, f := range old {
			files = append(files, spec.File{File: f})
		}
		slices.SortStableFunc(files, func(a, b spec.File) int { return strings.Compare(a.Path, b.Path) })
	}
	return spec.Join(&sli.Catalog{SLIs: declared}, spec.Read(files)), nil
}

// part reports that SLIs are declared in or named by the configuration, and that
// only a part of the rules that it is about is read. Specifications that the
// command names are for the rules that it names.
func (t *told) part(c *config.Config, sel *config.Selection, s analyze.Settings) bool {
	return !s.Catalog.Empty() && (len(t.slos) == 0 || len(c.SLIs()) > 0) && !sel.Whole()
}

// partNote says what follows of that.
const partNote = "whether every SLI has its alerts is not judged, since only a part of the rules is read that the configuration is about"

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
