"""From the first signal handler to the exit code: loading, the watchdog, leaving."""
