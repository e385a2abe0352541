"""``.venv``: look at it, make it, replace it, and install into it."""
