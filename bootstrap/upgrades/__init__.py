"""The monthly upgrade: newer pins, tried by the project's own tests; what breaks is held back."""
