"""What a run prints: the report as lines or JSON, progress while it runs, the hint for the shell in use."""
