"""From ``git clone`` to a working, verified Python environment, and kept there."""

__version__ = "0.1.0"
