"""Work can be put into words and done, without a server."""

from celery import current_app, shared_task


def _add(one: int, other: int) -> int:
    return one + other


add = shared_task(_add)


def test_a_task_belongs_to_this_project() -> None:
    assert add.app.main == "projectname"
    assert add.apply(args=(2, 3)).get() == 5


def test_the_broker_is_redis() -> None:
    assert current_app.conf.broker_url.startswith("redis://")
