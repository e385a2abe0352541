"""The project: settings, addresses, and how servers start it."""
