"""The commands about values: check, update, fill, diff, explain and annotate, and run."""
