"""The only place that starts processes, writes files, and reads the environment and the clock."""
