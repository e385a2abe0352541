"""The site answers, as visitors and load balancers ask it."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client


def test_home_links_its_style(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"/static/site.css" in answer.content


def test_static_files_are_served(client: Client) -> None:
    answer = client.get("/static/site.css")
    assert answer.status_code == 200
    assert b"font-family" in answer.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_to_any_host(client: Client, path: str) -> None:
    answer = client.get(path, headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_dead_database_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(connection, "cursor", fail)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_other_pages_insist_on_the_host(client: Client) -> None:
    assert client.get("/", headers={"host": "10.0.0.7"}).status_code == 400


@pytest.mark.django_db
def test_an_administrator_gets_in(client: Client) -> None:
    user = get_user_model().objects.create_superuser("ann", "ann@example.com", "secret")
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/users/user/").status_code == 200


def test_the_user_model_is_our_own() -> None:
    assert get_user_model() is apps.get_model("users", "User")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_mail_stays_here() -> None:
    mail.send_mail("subject", "text", None, ["ann@example.com"])
    assert len(mail.outbox) == 1
