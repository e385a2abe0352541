"""The sample shop's tests."""

from django.core.management import call_command
from django.test import TestCase


class HomeTest(TestCase):
    """The front page, and what stands behind it."""

    def test_the_shop_is_open(self) -> None:
        """A visitor is answered."""
        answer = self.client.get("/")
        self.assertContains(answer, "The shop is open.")

    def test_nothing_is_left_to_migrate(self) -> None:
        """The models and the migrations say the same."""
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
