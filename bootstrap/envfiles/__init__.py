"""Env files: a lossless document, the schema in its comments, the check, the additive merge."""
