"""A program of its own, run by the Python that has pip-tools: what the index says of packages.

It imports nothing of this package.
"""
