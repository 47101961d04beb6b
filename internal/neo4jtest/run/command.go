package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/maillage/maillage/internal/neo4jtest"
)

const (
	exitFailure = 1
	exitUsage   = 2
	// exitSignal and the signal's number are what a shell reports.
	exitSignal = 128
)

// run does what the command's comment says and returns its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.SetOutput(stderr)
	auth := flags.String("auth", "", "ask for a login: user neo4j with this `password`")
	heap := flags.Int("heap", 1024, "largest heap of the server in `MiB`")
	pageCache := flags.Int("pagecache", 256, "page cache of the server in `MiB`")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if flags.NArg() == 0 {
		fmt.Fprintln(stderr, "run: no command: run [flags] -- COMMAND [ARG...]")
		return exitUsage
	}

	// From here on a signal must not end us before the server is stopped.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)

	env := os.Environ()
	if os.Getenv(neo4jtest.EnvURI) == "" {
		opts := []neo4jtest.Option{neo4jtest.WithHeap(*heap), neo4jtest.WithPageCache(*pageCache)}
		if *auth != "" {
			opts = append(opts, neo4jtest.WithAuth(*auth))
		}
		server, sig, err := start(signals, opts)
		if err != nil {
			fmt.Fprintln(stderr, "run:", err)
			return startCode(sig)
		}
		defer func() {
			if err := server.Stop(); err != nil {
				fmt.Fprintln(stderr, "run:", err)
			}
		}()
		if sig != nil {
			return startCode(sig)
		}
		env = append(env, server.Environ()...)
	}

	cmd := exec.Command(flags.Arg(0), flags.Args()[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	return execute(cmd, signals, stderr)
}

// start starts the server, and gives up at a signal, which it then returns
// with the error or, had the start just succeeded, with the server.
func start(signals <-chan os.Signal, opts []neo4jtest.Option) (*neo4jtest.Server, os.Signal, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type result struct {
		server *neo4jtest.Server
		err    error
	}
	started := make(chan result, 1)
	go func() {
		server, err := neo4jtest.Launch(ctx, opts...)
		started <- result{server, err}
	}()
	select {
	case r := <-started:
		return r.server, nil, r.err
	case sig := <-signals:
		cancel()
		r := <-started
		return r.server, sig, r.err
	}
}

// startCode is the exit code when the command was never run.
func startCode(sig os.Signal) int {
	if sig == nil {
		return exitFailure
	}
	return signalCode(sig)
}

// execute runs the command to its end, passing signals on to it.
func execute(cmd *exec.Cmd, signals <-chan os.Signal, stderr io.Writer) int {
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(stderr, "run:", err)
		return exitFailure
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case sig := <-signals:
			_ = cmd.Process.Signal(sig) // it may just have ended
		case err := <-ended:
			return exitCode(err, stderr)
		}
	}
}

func exitCode(err error, stderr io.Writer) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		fmt.Fprintln(stderr, "run:", err)
		return exitFailure
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return signalCode(status.Signal())
	}
	return exit.ExitCode()
}

func signalCode(sig os.Signal) int {
	if n, ok := sig.(syscall.Signal); ok {
		return exitSignal + int(n)
	}
	return exitFailure
}
