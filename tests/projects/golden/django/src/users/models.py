"""A user model of our own from the first day: it cannot be exchanged later."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who can sign in."""
