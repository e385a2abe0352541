"""The one command: Python, ``.venv``, locks, install, ``.gitignore``, ``.env``; only what is needed."""
