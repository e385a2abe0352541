"""From the text in ``.python-version`` to an installed interpreter, never to another than was asked for."""
