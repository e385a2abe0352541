"""The program that compiles all layers in one process; it runs under the project's Python (3.9 and later).

It is started as a folder, ``python -I bootstrap/locks/worker``, and imports nothing of this tool: the
environment it runs in has pip-tools and pip only.
"""
