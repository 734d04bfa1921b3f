//go:build !linux

package e2e

import "syscall"

func orphaned() *syscall.SysProcAttr { return nil }
