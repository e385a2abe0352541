"""One module a place: dev, test, production; each builds on base."""
