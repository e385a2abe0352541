"""Locks: requirement files, the layers they form, the pins they are locked to, and what is stale."""
