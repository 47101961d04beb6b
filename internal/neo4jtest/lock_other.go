//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package neo4jtest

import (
	"errors"
	"os"
)

func tryLock(*os.File) error { return errors.ErrUnsupported }
