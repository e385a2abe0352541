"""pip as the tools below it see it: its configuration, and what its output means."""
