"""Bringing an existing project under the same care: what it says today, in the files this tool works with."""
