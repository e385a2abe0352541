"""``bootstrap env``: one file a command."""
