"""Measurements: whole processes, in alternation, as ratios; ``nox -s bench`` runs them."""
