"""The command line: options in, exit code out; one file a command, no rules of its own."""
